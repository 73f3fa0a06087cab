#!/usr/bin/env bash
# Sets up the peers that `make bench` compares with, in .bench/ (git-ignored), at the versions pinned in peers/.
# What cannot be set up is said and left out: the bench runs without it. Docker Compose is not installed here.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 1
peers=tests/bench/peers
target=.bench

# is_ready FILE: whether what FILE pins has been set up
is_ready() { cmp --silent -- "$peers/$1" "$target/${1##*/}.ready"; }
mark_ready() { cp -- "$peers/$1" "$target/${1##*/}.ready"; }

set_up_python() {
  rm -rf -- "$target/venv"
  "${PYTHON:-python3}" -m venv "$target/venv" &&
    "$target/venv/bin/pip" install --quiet --quiet --disable-pip-version-check --retries 1 --timeout 20 \
      --requirement "$peers/requirements.txt"
}

set_up_node() {
  rm -rf -- "$target/node"
  mkdir -p -- "$target/node" &&
    cp -- "$peers/package.json" "$target/node/" &&
    npm install --prefix "$target/node" --silent --no-audit --no-fund --no-package-lock --ignore-scripts \
      --fetch-retries=1 --fetch-timeout=20000
}

mkdir -p -- "$target"
is_ready requirements.txt || { set_up_python && mark_ready requirements.txt; } ||
  echo "copier and yamllint could not be set up: the bench runs without them" >&2
is_ready package.json || { set_up_node && mark_ready package.json; } ||
  echo "cdk8s and projen could not be set up: the bench runs without them" >&2
docker compose version >/dev/null 2>&1 || echo "docker compose is not here: the bench runs without it" >&2
exit 0
