#!/bin/sh
# Documented behaviour: `docker run node -e ...` and `docker run node script.js` run node; any command on the PATH runs
# as it is.
set -eu

case ${1:-} in
  -*) exec node "$@" ;;
esac
if command -v "${1:-}" >/dev/null 2>&1 && { [ ! -f "$1" ] || [ -x "$1" ]; }; then
  exec "$@"
fi
exec node "$@"
