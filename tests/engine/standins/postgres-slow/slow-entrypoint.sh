#!/usr/bin/env bash
# The entrypoint of the image this is built from, with a first boot that takes its time: the server
# that listens on the socket only is up for PERIPLUS_SLOW_SECONDS before the initialisation files run.
# It works on the official image and on the stand-in, for both carry the same script.
set -Eeo pipefail

# shellcheck source=/dev/null
. /usr/local/bin/docker-entrypoint.sh

if [ "${1:0:1}" = '-' ]; then set -- postgres "$@"; fi
# Upstream's script changes users by running itself again, which would lose what is changed here.
if [ "$1" = postgres ] && [ "$(id -u)" = 0 ] && ! _pg_want_help "$@"; then
  docker_setup_env
  docker_create_db_directories
  exec gosu postgres "$0" "$@"
fi

eval "upstream_$(declare -f docker_process_init_files)"
docker_process_init_files() {
  printf '%s: initialising slowly, for %s s\n' "$0" "$PERIPLUS_SLOW_SECONDS"
  sleep "$PERIPLUS_SLOW_SECONDS"
  upstream_docker_process_init_files "$@"
}

_main "$@"
