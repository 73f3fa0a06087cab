#!/bin/sh
# Starts Redis; CONTRACT.md lists what it honours. Of sh, for the image has no bash.
set -eu

case ${1-} in -* | *.conf) set -- redis-server "$@" ;; esac

# What the server writes holds everybody's data: nobody else reads it.
umask 0077
if [ "$1" = redis-server ] && [ "$(id -u)" -eq 0 ]; then
  chown -R redis .
  set -- gosu redis "$@"
fi
exec "$@"
