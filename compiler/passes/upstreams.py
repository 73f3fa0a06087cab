"""Proxies of the team with a configuration of their own: those that look an upstream up once, and never again.

nginx and HAProxy resolve a name that stands as it is when they start: they refuse to start while it is not there, and
after a restart of the upstream they go on asking its old address (facts: nginx's documentation of `proxy_pass` and
`resolver`, HAProxy's of `resolvers` and `init-addr`).
"""

from __future__ import annotations

import contextlib
import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.passes.inputs import is_inside
from compiler.text.image import image_reference
from compiler.text.lines import position_of
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compiler.model.manifest import BuildWish, Service
    from compiler.model.source import Files, Route
    from compiler.passes.dockerfile import Dockerfile

_PROXIES = ("nginx", "openresty", "haproxy")
_MOST_FILES = 20
_LARGEST = 256 * 1024
_ENDS = ("conf", "cfg", "template")
_LOCATED = ("/etc/nginx", "/usr/local/openresty", "/usr/local/etc/haproxy", "/etc/haproxy")
_COMMENT = regex(r"(?m)(?:^|(?<=\s))#.*$")
_PASSES = frozenset({"proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass"})
_STATEMENT = regex(r"(?:\A|(?<=[;{}]))([^;{}]*+)([;{}])")
_HOST = regex(r"(?:[a-z]+://)?([A-Za-z0-9][A-Za-z0-9.-]{0,253}+)(?=[:/]|$)")
_MOST_WORDS = 20
_BALANCED = regex(r"(?m)^[ \t]*server[ \t]+\S+[ \t]+([A-Za-z0-9][A-Za-z0-9.-]*):\d+(.*)$")
_RESOLVED = regex(r"\b(?:resolvers|init-addr)\b")
_DEFAULT_SERVER = regex(r"(?m)^[ \t]*default-server\b.*\b(?:resolvers|init-addr)\b")


class _Fixed(NamedTuple):
    """An upstream that is looked up once, and where its name stands in the text."""

    name: str
    start: int


class _Brought(NamedTuple):
    """A file or folder of the repository that the proxy has at a place of its own, and where that is said."""

    source: str
    target: str
    at: Route


def upstream_defects(
    service: Service, dockerfile: Dockerfile | None, names: frozenset[str], files: Files
) -> Iterator[Defect]:
    """The upstreams among `names` that the proxy's own configuration looks up once: one it mounts, or copies."""
    find = _finder(service.image or (dockerfile.base if dockerfile is not None else ""))
    if find is None:
        return
    for brought in (*_mounted(service), *_copied(service.build, dockerfile)):
        for path, text in _texts(brought, files):
            plain = _COMMENT.sub(lambda match: " " * len(match[0]), text)
            once: dict[str, _Fixed] = {}
            for fixed in find(plain):
                if fixed.name in names:
                    once.setdefault(fixed.name, fixed)
            if once:
                first, *more = (_place(path, text, fixed) for fixed in once.values())
                facts = {"unit": service.name, "path": path, "upstreams": ", ".join(once)}
                yield Defect("route.stale-upstream", first, facts, (brought.at, *more))


def _texts(brought: _Brought, files: Files) -> Iterator[tuple[str, str]]:
    """Configuration files by path; without those that cannot be read, or are none by their size."""
    with contextlib.suppress(OSError):
        for path in _configurations(brought, files):
            content = files.read(path) or b""
            if len(content) <= _LARGEST:
                yield path, content.decode("utf-8", "replace")


def _place(path: str, text: str, fixed: _Fixed) -> Place:
    line, column = position_of(text, fixed.start)
    return Place(path, line=line, column=column)


def _finder(image: str) -> Callable[[str], Iterator[_Fixed]] | None:
    is_proxy = any(name in image for name in _PROXIES)
    reference = image_reference(image) if is_proxy else None
    program = reference.repository.rpartition("/")[2] if reference is not None else ""
    if "nginx" in program or "openresty" in program:
        return _nginx
    return _haproxy if "haproxy" in program else None


def _mounted(service: Service) -> Iterator[_Brought]:
    for volume in service.volumes:
        if volume.source.startswith("."):
            yield _Brought(volume.source, volume.target, volume.at)


def _copied(build: BuildWish | None, dockerfile: Dockerfile | None) -> Iterator[_Brought]:
    """What the build takes from its own context."""
    if build is None or dockerfile is None:
        return
    for step in dockerfile.steps:
        words = step.text.split()
        if step.name not in {"ADD", "COPY"} or any(word.startswith(("--from", "[")) for word in words):
            continue
        *sources, target = [word for word in words if not word.startswith("--")] or [""]
        for source in sources:
            path = posixpath.normpath(posixpath.join(build.context, source.lstrip("/")))
            yield _Brought(path, posixpath.join(step.folder, target), (*build.at, "context"))


def _configurations(brought: _Brought, files: Files) -> tuple[str, ...]:
    """The configuration files among it: itself, or those in a folder."""
    is_meant = brought.target.startswith(_LOCATED) or brought.target.rpartition(".")[2] in _ENDS
    if not is_meant or not is_inside(brought.source, files.reach):
        return ()
    own = files.glob(brought.source)
    patterns = () if own else (f"{brought.source}{deep}/*.{end}" for end in _ENDS for deep in ("", "/**"))
    below = {path for pattern in patterns for path in files.glob(pattern)}
    return (*own, *sorted(below))[:_MOST_FILES]


def _nginx(text: str) -> Iterator[_Fixed]:
    """A name that stands as it is in `proxy_pass`, or in an `upstream` without `resolve`."""
    group, groups = "", set[str]()
    found: list[_Fixed] = []
    passed: list[_Fixed] = []
    for statement in _STATEMENT.finditer(text):
        words = statement[1].split(maxsplit=_MOST_WORDS)
        name, argument = words[:2] if len(words) > 1 else ("", "")
        if statement[2] != ";":
            group = argument if name == "upstream" else ""
            groups.add(group)
        elif name in _PASSES or (name == "server" and group and "resolve" not in words):
            host = _HOST.match(argument)
            if host is not None:
                start = statement.start(1) + statement[1].index(argument, statement[1].index(name) + len(name))
                (passed if name in _PASSES else found).append(_Fixed(host[1], start + host.start(1)))
    yield from found
    yield from (fixed for fixed in passed if fixed.name not in groups)


def _haproxy(text: str) -> Iterator[_Fixed]:
    """A server with neither `resolvers` nor `init-addr`, of its own or by default."""
    if _DEFAULT_SERVER.search(text):
        return
    for match in _BALANCED.finditer(text):
        if not _RESOLVED.search(match[2]):
            yield _Fixed(match[1], match.start(1))
