#!/usr/bin/env bash
# Starts PostgreSQL; CONTRACT.md lists what it honours.
# No `set -u`: the scripts of initdb.d that are sourced would have to live with it.
set -eo pipefail

initdb_files=/docker-entrypoint-initdb.d

stop() { printf 'entrypoint: %s\n' "$*" >&2; exit 1; }

only_tells() { # words: no server will come of them
  local word
  for word in "$@"; do
    case $word in '-?' | --help | -V | --version | --describe-config) return 0 ;; esac
  done
  return 1
}

# Puts a setting into its own variable, whichever of the two was given. As root, to whom a secret's file may belong.
settle() { # name, default
  local -n given=$1 file=$1_FILE
  [[ -z $given || -z $file ]] || stop "$1 and $1_FILE are set (but are exclusive)"
  [[ -z $file ]] || given=$(<"$file")
  export "$1=${given:-$2}"
  unset "$1_FILE"
}

hand_over() { # to postgres, what the server writes to: a fresh volume or a tmpfs is root's
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA"
  chmod 3775 /var/run/postgresql
  chown -R postgres "$PGDATA" /var/run/postgresql
}

sql() { # further arguments of psql
  PGHOST='' PGHOSTADDR='' psql --no-psqlrc --no-password --set ON_ERROR_STOP=1 \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"
}

make_cluster() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256} given
  [[ -n $POSTGRES_PASSWORD || $method == trust ]] ||
    stop 'the data directory is empty and a superuser password is not specified: set POSTGRES_PASSWORD'
  eval "given=($POSTGRES_INITDB_ARGS)" # words as a shell sees them: quotes in it are quotes
  initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" --pwfile=/dev/stdin "${given[@]}" <<<"$POSTGRES_PASSWORD"
  # Behind initdb's own lines, which trust the socket and the loopback: this one is for everybody else.
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

take_in() { # a file of initdb.d
  printf 'entrypoint: '
  # shellcheck source=/dev/null
  case $1 in
    *.sh) if [[ -x $1 ]]; then echo "running $1"; "$1"; else echo "sourcing $1"; . "$1"; fi ;;
    *.sql) echo "applying $1"; sql --file "$1" ;;
    *.sql.gz) echo "applying $1"; gzip -dc "$1" | sql ;;
    *.sql.xz) echo "applying $1"; xz -dc "$1" | sql ;;
    *.sql.zst) echo "applying $1"; zstd -dc "$1" | sql ;;
    *) echo "ignoring $1" ;;
  esac
}

# The server of the first boot is on the socket alone, so nobody on the network meets a half-filled database.
first_boot() { # options of the server
  local path
  make_cluster
  # For psql, where POSTGRES_INITDB_ARGS asks for a password on the socket.
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  set -- "$@" -c listen_addresses= -p "${PGPORT:-5432}"
  pg_ctl --pgdata="$PGDATA" --wait --options="${*@Q}" start
  case $POSTGRES_DB in
    postgres | template0 | template1) ;; # initdb made them
    *) PGHOST='' PGHOSTADDR='' createdb --no-password --username="$POSTGRES_USER" --maintenance-db=postgres -- "$POSTGRES_DB" ;;
  esac
  for path in "$initdb_files"/*; do
    [[ ! -e $path ]] || take_in "$path"
  done
  pg_ctl --pgdata="$PGDATA" --wait --mode=fast stop
  unset PGPASSWORD
  printf '\nentrypoint: PostgreSQL init process complete; the server starts\n\n'
}

case $1 in -*) set -- postgres "$@" ;; esac
if [[ $1 != postgres ]] || only_tells "$@"; then exec "$@"; fi

settle POSTGRES_PASSWORD
settle POSTGRES_USER postgres
settle POSTGRES_DB "$POSTGRES_USER"
settle POSTGRES_INITDB_ARGS
if [[ $EUID -eq 0 ]]; then
  hand_over
  exec gosu postgres "$0" "$@" # and here again, with the settings
fi

if [[ -s $PGDATA/PG_VERSION ]]; then
  printf '\nentrypoint: there is a database in %s. Skipping initialization\n\n' "$PGDATA"
else
  first_boot "${@:2}"
fi
exec "$@"
