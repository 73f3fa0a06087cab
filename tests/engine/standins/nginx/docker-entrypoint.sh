#!/bin/sh
# Runs the executable scripts of /docker-entrypoint.d in the order of their names, as upstream does
# when the command is nginx.
set -e

if [ "${1-}" = nginx ]; then
  find /docker-entrypoint.d/ -follow -type f -name '*.sh' | sort -V | while read -r script; do
    if [ -x "$script" ]; then "$script"; fi
  done
fi

exec "$@"
