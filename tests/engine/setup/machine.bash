# What this machine's own package configuration says, for the base images and the plugins.
# Sourced, bash. Nothing here names a mirror: all is read from the machine at run time.

# The machine's Debian sources as deb822, for another suite: machine_apt_sources trixie
machine_apt_sources() { # suite
  local own
  own=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [ -n "$own" ] || return 0
  # apt itself reads both of its formats; it lists what was fetched, so what the mirror lacks is left out.
  [ -n "$(apt-get indextargets 'Created-By: Packages')" ] || apt-get update -q -q
  # shellcheck disable=SC2016  # the format is apt's
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v own="$own" -v suite="$1" '
      $2 == own || $2 == own "-updates" || $2 == own "-security" {
        release = suite substr($2, length(own) + 1)
        key = $1 " " release
        if (!(key in components)) { order[++n] = key }
        if (index(" " components[key] " ", " " $3 " ") == 0) components[key] = components[key] " " $3
      }
      END {
        for (i = 1; i <= n; i++) {
          split(order[i], part, " ")
          printf "Types: deb\nURIs: %s\nSuites: %s\nComponents:%s\n", part[1], part[2], components[order[i]]
          printf "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n"
        }
      }'
}

# The address debootstrap is to use: the repository of the machine's own release.
machine_debian_mirror() {
  machine_apt_sources periplus | awk '/^URIs:/ { uri = $2 } /^Suites: periplus$/ { print uri; exit }'
}

# The machine's bundle of certificate authorities, where it keeps one.
machine_ca_bundle() {
  local file
  for file in "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}" /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem; do
    if [ -n "$file" ] && [ -s "$file" ]; then printf '%s' "$file"; return 0; fi
  done
}

# pip's addresses as this machine has them; a folder of this machine means nothing in a container.
machine_pip_conf() {
  local pip
  printf '[global]\nroot-user-action = ignore\ndisable-pip-version-check = true\n'
  [ -z "$(machine_ca_bundle)" ] || printf 'cert = /etc/ssl/certs/ca-certificates.crt\n'
  for pip in pip3 pip; do
    command -v "$pip" >/dev/null || continue
    "$pip" config list 2>/dev/null | sed -n "s/^\(global\|:env:\)\.\([a-z-]*\)='\(.*\)'\$/\2 \3/p" |
      awk '
        function urls(text, words, n, i, kept) {
          n = split(text, words, /[ \n]+/)
          for (i = 1; i <= n; i++) if (words[i] ~ /^https?:/) kept = kept " " words[i]
          return kept
        }
        $1 == "index-url" || $1 == "extra-index-url" {
          key = $1; $1 = ""; value = urls($0); if (value != "") print key " =" value; next
        }
        $1 == "proxy" || $1 == "trusted-host" || $1 == "timeout" || $1 == "default-timeout" {
          key = $1; $1 = ""; if (!(key in seen)) { seen[key]; print key " =" $0 }
        }' | sort -u
    break
  done
}

machine_npmrc() {
  local registry
  printf 'audit=false\nfund=false\nupdate-notifier=false\n'
  [ -z "$(machine_ca_bundle)" ] || printf 'cafile=/etc/ssl/certs/ca-certificates.crt\n'
  if command -v npm >/dev/null; then
    registry=$(npm config get registry 2>/dev/null || true)
    case $registry in http*) printf 'registry=%s\n' "$registry" ;; esac
  fi
}

# Makes a fresh root usable as a base image: apt, pip and npm in it reach what this machine reaches,
# and it is as slim as the official ones (which leave documentation out, too).
machine_into_root() { # suite root
  local suite=$1 root=$2 bundle
  rm -f -- "$root/etc/apt/sources.list"
  machine_apt_sources "$suite" >"$root/etc/apt/sources.list.d/debian.sources"
  apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date|Retries) ' \
    >"$root/etc/apt/apt.conf.d/90machine" || true
  cat >"$root/etc/apt/apt.conf.d/80container" <<'APT'
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT
  cat >"$root/etc/dpkg/dpkg.cfg.d/80container" <<'DPKG'
force-unsafe-io
path-exclude /usr/share/doc/*
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
DPKG
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 0755 "$root/usr/sbin/policy-rc.d"
  # The two files of this machine that debootstrap copies are the engine's business in a container.
  rm -f -- "$root/etc/resolv.conf" "$root/etc/hostname"

  bundle=$(machine_ca_bundle)
  if [ -n "$bundle" ]; then
    find /usr/local/share/ca-certificates -name '*.crt' \
      -exec install -m 0644 -t "$root/usr/local/share/ca-certificates" {} + 2>/dev/null || true
    # With an environment of its own: this machine's TMPDIR is not in there.
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin update-ca-certificates --fresh >/dev/null 2>&1
    install -m 0644 "$bundle" "$root/etc/ssl/certs/ca-certificates.crt"
  fi
  machine_pip_conf >"$root/etc/pip.conf"
  machine_npmrc >"$root/etc/npmrc"
}
