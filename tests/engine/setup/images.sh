#!/usr/bin/env bash
# The images the engine tests use: the official ones where they can be pulled, else stand-ins built
# from Debian packages, under the same names.
#
#   tests/engine/setup/images.sh                     everything in tests/engine/standins
#   tests/engine/setup/images.sh postgres redis      only these (and what they are built from)
#   tests/engine/setup/images.sh redis=redis:8.4-alpine      and this further tag of redis
#   tests/engine/setup/images.sh --list              the tags, without doing anything
#
# PERIPLUS_STANDIN_TAGS   further tags, as above, separated by blanks; the first line of the
#                         stand-in's table says how they are built
# PERIPLUS_PULL           auto (default: ask the registry once, when something is missing), never
#
# An image without our label is somebody's real image: it is used and never replaced.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
standins=$(cd -- "$here/../standins" && pwd)
# shellcheck source=tests/engine/setup/machine.bash
. "$here/machine.bash"

LABEL=periplus.standin
PULL=${PERIPLUS_PULL:-auto}
PULL_WAIT=45                             # seconds for the one question to the registry
export DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-1} BUILDKIT_PROGRESS=plain DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d /var/tmp/periplus-images.XXXXXX)
trap 'rm -rf -- "$work"' EXIT

say() { printf 'images: %s\n' "$*"; }
die() { printf 'images: %s\n' "$*" >&2; exit 1; }

image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null || true; }
image_label() { docker image inspect --format "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true; }
is_ours() { [ -n "$(image_label "$1" "$LABEL")" ]; }

# One question decides for the run: a machine without a registry must not wait once an image.
pulls=
can_pull() { # image
  [ "$PULL" != never ] || return 1
  if [ -z "$pulls" ]; then
    pulls=no
    if timeout "$PULL_WAIT" docker pull -q "$1" >"$work/pull.log" 2>&1; then
      pulls=yes
    elif grep -qiE 'manifest unknown|manifest for .* not found|repository does not exist' "$work/pull.log"; then
      pulls=yes # a registry that does not have this one
    else
      say "no registry answers, so these are stand-ins"
    fi
  fi
  [ "$pulls" = yes ] && { [ -n "$(image_id "$1")" ] || docker pull -q "$1" >/dev/null 2>&1; }
}

# ---- base images ---------------------------------------------------------------------------------

ensure_base() { # debian:<suite>-slim
  [ -z "$(image_id "$1")" ] || return 0
  if can_pull "$1"; then say "$1: pulled"; return 0; fi
  need_debootstrap
  debootstrap_base "$1"
}

need_debootstrap() {
  [ "$(id -u)" -eq 0 ] || die "making a base image by debootstrap needs root"
  command -v debootstrap >/dev/null && return 0
  command -v apt-get >/dev/null || die "making a base image by debootstrap is only known for Debian"
  apt-get update -q -q
  apt-get install -y -q -q --no-install-recommends debootstrap </dev/null >/dev/null
}

debootstrap_base() { # debian:<suite>-slim
  local image=$1 suite root mirror began=$SECONDS
  suite=${image#debian:}
  suite=${suite%-slim}
  root=$work/root-$suite
  mirror=$(machine_debian_mirror)
  [ -n "$mirror" ] || die "no Debian source in this machine's apt configuration, so $image cannot be made"
  mkdir -p "$root"
  if ! env -u TMPDIR debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" \
    >"$work/debootstrap-$suite.log" 2>&1 </dev/null; then
    tail -n 20 "$work/debootstrap-$suite.log" >&2
    die "debootstrap of $suite failed"
  fi
  machine_into_root "$suite" "$root"
  rm -rf -- "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/*.log \
    "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
  tar -C "$root" --numeric-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c . |
    docker import --change "LABEL $LABEL=debian-$suite" --change 'CMD ["bash"]' - "$image" >/dev/null
  rm -rf -- "$root"
  say "$image: made by debootstrap in $((SECONDS - began)) s"
}

# ---- stand-ins -----------------------------------------------------------------------------------

# A line of a stand-in's `images` table: the tag, the image it is built from, build arguments.
table() { # name
  local line
  while IFS= read -r line; do
    case $line in '' | '#'*) continue ;; esac
    printf '%s\n' "$line"
  done <"$standins/$1/images"
  local extra first=
  for extra in "${extra_tags[@]+"${extra_tags[@]}"}"; do
    [ "${extra%%=*}" = "$1" ] || continue
    [ -n "$first" ] || first=$(table_first "$1")
    printf '%s %s\n' "${extra#*=}" "$first"
  done
}

table_first() { # name: how the first image of the table is built
  awk '!/^#/ && NF { $1 = ""; sub(/^ +/, ""); print; exit }' "$standins/$1/images"
}

maker_of() { # tag: which stand-in makes it
  local name
  for name in $(names); do
    if table "$name" | awk -v t="$1" '$1 == t { found = 1 } END { exit !found }'; then
      printf '%s' "$name"
      return 0
    fi
  done
}

names() { for d in "$standins"/*/; do [ -f "$d/Dockerfile" ] && basename "$d"; done; }

folder_digest() { # folder: of names, executability and contents; its prose and its tags make no image
  (cd "$1" && find . -type f -perm -u+x | LC_ALL=C sort &&
    find . -type f ! -name '*.md' ! -name images -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum | cut -c1-32
}

ensure_image() { # tag base arguments...
  local tag=$1 base=$2 name digest other began=$SECONDS pair arguments=()
  shift 2
  case $done_tags in *" $tag "*) return 0 ;; esac
  done_tags+="$tag "
  if [ -n "$(image_id "$tag")" ] && ! is_ours "$tag"; then say "$tag: a real image, used as it is"; return 0; fi
  name=$(maker_of "$tag")
  case $base in
    debian:*) ensure_base "$base" ;;
    *) # shellcheck disable=SC2046  # a table's line is words
      ensure_image "$base" $(table "$(maker_of "$base")" | awk -v t="$base" '$1 == t { $1 = ""; print; exit }') ;;
  esac
  digest=$(printf '%s %s %s' "$(folder_digest "$standins/$name")" "$(image_id "$base")" "$*" | sha256sum | cut -c1-32)
  if [ "$(image_label "$tag" "$LABEL.inputs")" = "$digest" ]; then
    say "$tag: built already"
    return 0
  fi
  case $tag in
    periplus-test/*) ;; # ours alone
    *) if [ -z "$(image_id "$tag")" ] && can_pull "$tag"; then say "$tag: pulled"; return 0; fi ;;
  esac
  # The same inputs under another tag of the table? (By tag, for what is built from these inherits the label.)
  while read -r other _; do
    [ "$(image_label "$other" "$LABEL.inputs")" = "$digest" ] || continue
    docker tag "$other" "$tag"
    say "$tag: the same as $other"
    return 0
  done < <(table "$name")
  for pair in "$@"; do arguments+=(--build-arg "$pair"); done
  if ! docker build --build-arg "BASE=$base" "${arguments[@]+"${arguments[@]}"}" \
    --label "$LABEL=$name" --label "$LABEL.inputs=$digest" \
    --label "$LABEL.notice=A test fixture of Periplus, not the official image" \
    -t "$tag" "$standins/$name" >"$work/build.log" 2>&1 </dev/null; then
    tail -n 60 "$work/build.log" >&2
    die "$tag: the build failed"
  fi
  say "$tag: built in $((SECONDS - began)) s ($(docker run --rm --network none "$tag" periplus-standin-version))"
}

# ---- main ----------------------------------------------------------------------------------------

wanted=() extra_tags=() list='' done_tags=' '
for word in ${PERIPLUS_STANDIN_TAGS:-}; do extra_tags+=("$word"); done
for word in "$@"; do
  case $word in
    --list) list=1 ;;
    -*) die "unknown option $word" ;;
    *=*) extra_tags+=("$word"); wanted+=("${word%%=*}") ;;
    *) wanted+=("$word") ;;
  esac
done
[ "${#wanted[@]}" -gt 0 ] || while IFS= read -r word; do wanted+=("$word"); done < <(names)
for word in "${wanted[@]}" "${extra_tags[@]+"${extra_tags[@]%%=*}"}"; do
  [ -f "$standins/$word/Dockerfile" ] || die "there is no stand-in $word; there are: $(names | tr '\n' ' ')"
done

lines=$(for name in "${wanted[@]}"; do table "$name"; done)
if [ -n "$list" ]; then
  printf '%s\n' "$lines" | awk '{ print $1 }'
  exit 0
fi

# One at a time on a machine: two runs would make the same images.
if command -v flock >/dev/null; then
  exec 9>"${TMPDIR:-/tmp}/periplus-images.lock"
  flock 9
fi

# The base images are most of a cold start and know nothing of each other: all at once.
bases=$(printf '%s\n' "$lines" | awk '$2 ~ /^debian:/ { print $2 }' | sort -u)
makers=()
for base in $bases; do
  [ -z "$(image_id "$base")" ] || continue
  if can_pull "$base"; then continue; fi
  need_debootstrap
  debootstrap_base "$base" &
  makers+=($!)
done
for maker in "${makers[@]+"${makers[@]}"}"; do wait "$maker" || die "a base image could not be made"; done

for name in "${wanted[@]}"; do
  while IFS= read -r line; do
    # shellcheck disable=SC2086  # a table's line is words
    ensure_image $line
  done < <(table "$name")
done
