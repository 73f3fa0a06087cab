"""Programs that are known not to be in an image: what is looked for there in vain, as data.

Fail-safe: an image that is not listed has everything, and so has one whose Dockerfile may have brought it. Read in the
images' Dockerfiles and facts, 2026-11.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.text.commands import commands_of
from compiler.text.dockerfile import words_of
from compiler.text.image import image_reference
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compiler.passes.dockerfile import Dockerfile, Step

_CLIENTS = frozenset({
    *("pg_isready", "psql", "redis-cli", "valkey-cli", "mongo", "mongosh"),
    *("mysql", "mysqladmin", "mariadb", "mariadb-admin", "rabbitmqctl", "rabbitmq-diagnostics"),
})  # fmt: skip
_RUNTIMES = frozenset({"node", "python", "python3"})
_ALPINE = _CLIENTS | _RUNTIMES | {"bash", "curl", "jq"}
_BUILDPACK = _CLIENTS | {"jq", "nc", "ncat", "netcat", "node", "telnet"}
_UBUNTU = _BUILDPACK | _RUNTIMES | {"curl", "dig", "lsof", "nslookup", "wget"}
_DEBIAN = _UBUNTU | {"netstat", "pgrep", "ping", "pkill", "ps", "ss"}
_WEB = frozenset({"curl", "wget"})
_OF_REDIS = frozenset({"redis-cli", "valkey-cli"})
_OF_POSTGRES = frozenset({"pg_isready", "psql"})
_EVERYTHING = (
    _ALPINE
    | _DEBIAN
    | {"[", "ash", "awk", "busybox", "cat", "dash", "echo", "env", "find", "grep", "head", "kill", "ls", "pidof"}
    | {"sed", "sh", "sleep", "stat", "tail", "test", "timeout", "touch", "true"}
)
"""What a check may ask for; the program of an image without a system is its own, and is never among these."""


class _Known(NamedTuple):
    """What images of these names lack, those whose tag the pattern is found in (`latest` where none is written)."""

    names: tuple[str, ...]
    tag: str
    absent: frozenset[str]


_KNOWN = (
    _Known(("python",), "alpine", _ALPINE - _RUNTIMES | {"node"}),
    _Known(("python",), "slim", _DEBIAN - _RUNTIMES | {"node"}),
    _Known(("python",), "^(?!.*windows)", _BUILDPACK),
    _Known(("node",), "alpine", _ALPINE - {"node"}),
    _Known(("node",), "slim", _DEBIAN - {"node"}),
    _Known(("node",), "", _BUILDPACK - {"node"}),
    _Known(("golang", "ruby"), "alpine", _ALPINE - {"python", "python3"}),
    _Known(("ruby",), "slim", _DEBIAN),
    _Known(("golang", "ruby"), "^(?!.*(windows|nanoserver))", _BUILDPACK),
    _Known(("alpine", "busybox"), "", _ALPINE),
    _Known(("debian",), "", _DEBIAN),
    _Known(("ubuntu",), "", _UBUNTU),
    _Known(("nginx",), "alpine.*slim", _ALPINE),
    _Known(("nginx",), "alpine", _ALPINE - {"curl"}),
    _Known(("nginx",), "", _DEBIAN - {"curl"}),
    _Known(("postgres",), "alpine", _CLIENTS - _OF_POSTGRES | {"curl", "jq", "node"}),
    _Known(("postgres",), "", _CLIENTS - _OF_POSTGRES | _WEB | {"jq", "nc", "netcat", "node"}),
    _Known(("redis",), "^[2-7].*alpine", _ALPINE - {"redis-cli"}),
    _Known(("redis",), "^[2-7]", _DEBIAN - {"redis-cli"}),
    _Known(("redis",), "", _CLIENTS - {"redis-cli"}),
    _Known(("valkey/valkey",), "", _CLIENTS - _OF_REDIS),
    _Known(("memcached",), "alpine", _ALPINE),
    _Known(("memcached",), "", _DEBIAN),
    _Known(("mariadb",), r"^(latest|lts|1[1-9](?!\d)|[2-9]\d)", frozenset({"mysql", "mysqladmin", *_OF_POSTGRES})),
    _Known(("mongo",), r"^(latest|[6-9]|\d\d)(?!\d)", frozenset({"mongo", *_OF_POSTGRES})),
    _Known(("mongo",), r"^[1-4](?!\d)", frozenset({"mongosh", *_OF_POSTGRES})),
    _Known(("nats",), "alpine", _ALPINE),
    _Known(("nats",), "^(?!.*(windows|nanoserver))", _EVERYTHING),
    _Known(("axllent/mailpit", "mailhog/mailhog", "eclipse-mosquitto"), "", _ALPINE),
    _Known(("traefik",), r"^v?3(?!\d)(?!.*(windows|nanoserver))", _ALPINE),
    _Known(("caddy",), "^(?!.*(builder|windows))", _ALPINE),
    _Known(("prom/prometheus", "prom/alertmanager", "prom/node-exporter"), "", _ALPINE),
    _Known(("quay.io/prometheus/prometheus", "quay.io/prometheus/alertmanager"), "", _ALPINE),
    _Known(("otel/opentelemetry-collector", "otel/opentelemetry-collector-contrib"), "", _EVERYTHING),
    _Known(("quay.io/keycloak/keycloak", "keycloak/keycloak"), "", _CLIENTS | _WEB | _RUNTIMES | {"nc"}),
    _Known(("qdrant/qdrant",), "", _CLIENTS | _WEB | _RUNTIMES),
    _Known(("minio/minio", "quay.io/minio/minio"), r"^RELEASE\.2023-1[12]-", _WEB),
    _Known(
        ("apache/kafka-native",), "", frozenset({"kafka-broker-api-versions.sh", "kafka-topics.sh", "kafka-configs.sh"})
    ),
    *(
        _Known((f"mcr.microsoft.com/dotnet/{name}",), tag, absent)
        for name in ("aspnet", "runtime", "runtime-deps")
        for tag, absent in (
            ("chiseled|distroless", _EVERYTHING),
            ("alpine", _ALPINE),
            ("^(?!.*(windows|nanoserver|mariner|azurelinux))", _WEB | _CLIENTS),
        )
    ),
)
_DISTROLESS = "gcr.io/distroless/"
_MIRRORS = ("public.ecr.aws/docker/library/", "mirror.gcr.io/library/")

_BROUGHT_AS = {
    **dict.fromkeys(("nc", "ncat", "netcat"), r"\bnc\b|netcat|ncat|nmap|busybox"),
    **dict.fromkeys(_OF_POSTGRES, "postgres|pgdg|psql|pg_isready"),
    **dict.fromkeys(_OF_REDIS, "redis|valkey"),
    **dict.fromkeys(("mysql", "mysqladmin", "mariadb", "mariadb-admin"), "mysql|mariadb"),
    **dict.fromkeys(("mongo", "mongosh"), "mongo"),
    **dict.fromkeys(("rabbitmqctl", "rabbitmq-diagnostics"), "rabbitmq"),
    **dict.fromkeys(("python", "python3"), "python"),
    **dict.fromkeys(("ps", "pgrep", "pkill"), "procps|busybox"),
    **dict.fromkeys(("dig", "nslookup"), "dns|bind"),
    "ss": "iproute",
    "netstat": "net-tools",
    "node": "node|npm",
    "ping": "iputils|inetutils|ping",
    "wget": "wget|busybox",
}
"""By what words of a build a program may come; by its own name where nothing is said."""
_ALONG = _EVERYTHING - _CLIENTS - {"curl", "nc", "ncat", "netcat", "wget"}
"""Programs that any package may bring along."""
_MANAGERS = frozenset({"apt", "apt-get", "aptitude", "apk", "dnf", "microdnf", "yum", "tdnf", "zypper"})
_HARMLESS = frozenset({
    *("pip", "pip3", "uv", "poetry", "pdm", "pipenv", "python", "python3", "npm", "npx", "yarn", "pnpm", "corepack"),
    *("node", "go", "cargo", "mvn", "gradle", "mvnw", "gradlew", "dotnet", "bundle", "gem", "composer", "ruby", "rake"),
    *("mkdir", "rm", "rmdir", "chmod", "chown", "adduser", "addgroup", "useradd", "groupadd", "usermod", "groupmod"),
    *("echo", "printf", "export", "cd", "true", ":", "touch", "sed", "cat", "tee", "date", "find", "sleep", "test"),
    *("[", "[[", "cp", "mv", "ln", "update-ca-certificates", "ldconfig", "locale-gen", "set", "umask", "git", "ls"),
    *("apt-mark", "apt-cache", "dpkg-reconfigure", "deluser", "delgroup", "userdel", "chsh", "setcap", "unset"),
    *("if", "then", "else", "fi"),
})  # fmt: skip
"""Commands of a build that bring no program of those above, unless they name it."""
_PATH = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
_ABOVE_PATH = frozenset({"/", "/usr", "/usr/local", *_PATH})
_WHOLE = frozenset({"", ".", "bin", "sbin", "usr", "local", "root", "rootfs", "opt", "out", "dist", "build", "install"})
"""Last parts of paths that may be folders of programs."""
_ARCHIVE = regex(r".*\.(tar|tgz|tar\.\w+|txz|tbz2?)")


def is_absent(program: str, image: str) -> bool:
    """Whether a published image is known not to have a program on its path."""
    return program in _absent(image)


def is_not_built_in(program: str, dockerfile: Dockerfile) -> bool:
    """Whether what a Dockerfile makes is known not to have a program on its path."""
    if program not in _EVERYTHING or not is_absent(program, dockerfile.base):
        return False
    if program in dockerfile.installs or (program == "python" and "python3" in dockerfile.installs):
        return False
    return not any(_may_bring(program, step) for step in dockerfile.steps)


@lru_cache(maxsize=256)  # a thousand services are built on a few images
def _absent(image: str) -> frozenset[str]:
    if image == "scratch":
        return _EVERYTHING
    reference = image_reference(image) if "$" not in image else None
    if reference is None:
        return frozenset()
    prefix = "" if reference.is_on_hub else f"{reference.registry}/"
    name, tag = f"{prefix}{reference.repository}", reference.tag or "latest"
    if name.startswith(_DISTROLESS):
        return _absent_in_distroless(name.removeprefix(_DISTROLESS), tag)
    for mirror in _MIRRORS:
        name = name.removeprefix(mirror)
    return next((one.absent for one in _KNOWN if name in one.names and re.search(one.tag, tag)), frozenset())


def _absent_in_distroless(name: str, tag: str) -> frozenset[str]:
    own = {runtime for runtime in _RUNTIMES if name.startswith(runtime.removesuffix("3"))}
    return (_ALPINE if "debug" in tag else _EVERYTHING) - own


def _may_bring(program: str, step: Step) -> bool:
    if re.search(_BROUGHT_AS.get(program, re.escape(program)), step.text):
        return True
    return _may_run_in(program, step) if step.name == "RUN" else _may_copy(step)


def _may_run_in(program: str, step: Step) -> bool:
    """Whether a RUN does anything that cannot be seen through."""
    commands = commands_of(step.text)
    if not commands:
        return True
    for command in commands:
        words = _without_assignments(command.words)
        name = words[0].rpartition("/")[2] if words else "true"
        if name in _MANAGERS:
            if program in _ALONG or any("$" in word and not _is_known(word, step) for word in words):
                return True
        elif name not in _HARMLESS:
            return True
    return False


def _is_known(word: str, step: Step) -> bool:
    match = re.fullmatch(r"\$\{?(\w+)\}?", word)
    return match is not None and match[1] in step.variables


def _without_assignments(words: Sequence[str]) -> Sequence[str]:
    while words and (re.match(r"[A-Za-z_]\w*=", words[0]) or words[0] in {"sudo", "then", "else", "{", "!", "exec"}):
        words = words[1:]
    return words


def _may_copy(step: Step) -> bool:
    """Whether a COPY or ADD may put a whole folder of programs on the path."""
    words = [word for word in words_of(step.text.strip("[]").replace('",', '" ')) if not word.startswith("--")]
    if len(words) < 2:  # noqa: PLR2004
        return True
    target = posixpath.normpath(posixpath.join(step.folder, words[-1]))
    if target not in _ABOVE_PATH:
        return False
    return _is_whole(words[:-1], is_archive_open=step.name == "ADD")


def _is_whole(sources: Iterable[str], *, is_archive_open: bool) -> bool:
    for source in sources:
        last = posixpath.basename(source.rstrip("/"))
        if last in _WHOLE or not {"*", "?", "["}.isdisjoint(last) or source.endswith("/"):
            return True
        if is_archive_open and (_ARCHIVE.fullmatch(last) or "://" in source):
            return True
    return False
