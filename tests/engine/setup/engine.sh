#!/usr/bin/env bash
# A working Docker engine with Compose v2 and buildx, on a machine that may have none of them.
#
#   tests/engine/setup/engine.sh
#
# What is there is left alone: with an engine that answers and a Compose v2 it does nothing and takes
# a second. Otherwise it installs from Debian, needs root, and says what it does. It does not change
# the machine's apt sources: Compose and buildx come from another suite through a private apt
# configuration that is thrown away.
set -euo pipefail

ENGINE_PACKAGES=(docker.io iptables debootstrap)
PLUGIN_SUITE=trixie                      # bookworm has only the dead Compose v1
COMPOSE_WANTED=2.26.1                    # the version the documentation was measured with
DAEMON_LOG=${PERIPLUS_DOCKERD_LOG:-/var/log/periplus-dockerd.log}
DAEMON_WAIT=60                           # seconds
export DEBIAN_FRONTEND=noninteractive

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/engine/setup/machine.bash
. "$here/machine.bash"

say() { printf 'engine: %s\n' "$*"; }
die() { printf 'engine: %s\n' "$*" >&2; exit 1; }

engine_answers() { timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
compose_answers() { timeout 20 docker compose version --short >/dev/null 2>&1; }
buildx_answers() { timeout 20 docker buildx version >/dev/null 2>&1; }

need_root() {
  [ "$(id -u)" -eq 0 ] || die "$1 needs root; install Docker with Compose v2 yourself, or run this as root"
  command -v apt-get >/dev/null || die "$1 is only known for Debian; install Docker with Compose v2 yourself"
}

install_engine() {
  need_root "installing a Docker engine"
  say "installing ${ENGINE_PACKAGES[*]} (Debian)"
  apt-get update -q -q
  apt-get install -y -q -q --no-install-recommends "${ENGINE_PACKAGES[@]}" </dev/null >/dev/null
  # Later suites ship the client apart.
  command -v docker >/dev/null || apt-get install -y -q -q --no-install-recommends docker-cli </dev/null >/dev/null
}

start_engine() {
  need_root "starting dockerd"
  say "starting dockerd (log: $DAEMON_LOG)"
  # An own session and no inherited descriptors: it outlives this shell and whatever started it.
  setsid nohup dockerd >"$DAEMON_LOG" 2>&1 </dev/null &
  local daemon=$! waited=0
  until engine_answers; do
    if [ "$waited" -ge $((DAEMON_WAIT * 5)) ] || { [ "$waited" -gt 25 ] && ! kill -0 "$daemon" 2>/dev/null; }; then
      printf 'engine: dockerd did not come up; the end of %s:\n' "$DAEMON_LOG" >&2
      tail -n 40 "$DAEMON_LOG" >&2
      exit 1
    fi
    sleep 0.2
    waited=$((waited + 1))
  done
}

# Compose and buildx are static plugins, taken out of Debian's packages without installing them.
install_plugins() { # name...
  need_root "installing ${*}"
  local apt package wanted plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins found
  apt=$(mktemp -d)
  # shellcheck disable=SC2064  # the directory of now
  trap "rm -rf -- '$apt'" EXIT
  mkdir -p "$apt/lists/partial" "$apt/parts" "$apt/root" "$plugins"
  machine_apt_sources "$PLUGIN_SUITE" >"$apt/parts/plugins.sources"
  [ -s "$apt/parts/plugins.sources" ] || die "no Debian source in this machine's apt configuration"
  local options=(
    -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/parts"
    -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$apt/lists"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root
  )
  apt-get "${options[@]}" update -q -q
  for package in "$@"; do
    wanted=$package
    if [ "$package" = docker-compose ]; then
      wanted=$(apt-cache "${options[@]}" madison docker-compose |
        awk -v v="$COMPOSE_WANTED" '{ gsub(/ /, "") ; split($0, f, "|") }
          index(f[2], v) == 1 { print "docker-compose=" f[2]; exit }')
      wanted=${wanted:-docker-compose}
    fi
    say "fetching $wanted from $PLUGIN_SUITE"
    (cd "$apt" && apt-get "${options[@]}" download -q -q "$wanted")
    dpkg -x "$apt/${package}"_*.deb "$apt/root"
    # Each package also holds a lintian override of the plugin's name: that is not the plugin.
    found=$(find "$apt/root" -path "*/cli-plugins/$package" -type f | head -n 1)
    [ -n "$found" ] || die "the package $package holds no CLI plugin"
    install -m 0755 "$found" "$plugins/$package"
  done
  rm -rf -- "$apt"
  trap - EXIT
}

# One at a time on a machine: two calls would install and start the same. Only root does either; and dockerd must not
# inherit the lock.
if [ "$(id -u)" -eq 0 ] && [ -z "${PERIPLUS_ENGINE_LOCKED:-}" ] && command -v flock >/dev/null; then
  PERIPLUS_ENGINE_LOCKED=1 exec flock -o "${TMPDIR:-/tmp}/periplus-engine.lock" "$BASH" "${BASH_SOURCE[0]}" "$@"
fi

if ! engine_answers; then
  command -v dockerd >/dev/null || install_engine
  engine_answers || start_engine
fi
missing=()
compose_answers || missing+=(docker-compose)
buildx_answers || missing+=(docker-buildx)
[ "${#missing[@]}" -eq 0 ] || install_plugins "${missing[@]}"

compose_answers || die "docker compose does not answer"
say "client $(docker version --format '{{.Client.Version}}')," \
  "engine $(docker version --format '{{.Server.Version}}')," \
  "compose $(docker compose version --short)," \
  "buildx $(docker buildx version 2>/dev/null | awk '{ print $2; exit }' || true)"
