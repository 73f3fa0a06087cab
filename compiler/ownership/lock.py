"""`integration.lock.json`: the choices that must not move. Untrusted: it never names a path to touch."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from compiler.model.finding import Defect
from compiler.model.source import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}", re.ASCII)
_HIGHEST_PORT = 65_535
_MARKERS = re.compile(r"^(<{7}.*|={7}|>{7}.*|\|{7}.*)\n", re.MULTILINE)


class Lock(NamedTuple):
    """Host ports by `unit` or `unit/port`, and chosen image versions by instance; `periplus` wrote it."""

    periplus: str = ""
    ports: Mapping[str, int] = {}
    versions: Mapping[str, str] = {}


class Read(NamedTuple):
    """What a lock says, and what is wrong with it."""

    lock: Lock
    defects: tuple[Defect, ...] = ()
    notices: tuple[Defect, ...] = ()


def read_lock(content: bytes | None, path: str, periplus: str) -> Read:
    """The lock; none is an empty one. Entries that make no sense are left out, the file stays readable.

    With the marks of a merge conflict both sides count, and a notice says so.
    """
    if content is None:
        return Read(Lock())
    text = content.decode("utf-8", "replace")
    mark = _MARKERS.search(text)
    if mark is None:
        return _read(text, path, periplus)
    line = text.count("\n", 0, mark.start()) + 1
    sides = [_read(side, path, periplus) for side in _sides(text)]
    if any(side.defects for side in sides):
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=line)),))
    return Read(_merged(*(side.lock for side in sides)), (), (Defect("lock.conflict", Place(path, line=line)),))


def _read(text: str, path: str, periplus: str) -> Read:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=1)),))
    if not isinstance(value, dict) or type(value.get("format")) is not int:
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=1)),))
    if value["format"] > FORMAT or _series(value.get("periplus")) > _series(periplus):
        facts = {"lock": str(value.get("periplus", "")), "periplus": periplus}
        return Read(Lock(), (Defect("lock.newer", Place(path, line=1), facts),))
    return Read(Lock(str(value.get("periplus", "")), _ports(value), _versions(value)))


def _sides(text: str) -> tuple[str, str]:
    """What stood on either branch: the lines outside the marks, and one side's within; a common ancestor's are not."""
    ours: list[str] = []
    theirs: list[str] = []
    both: tuple[list[str], ...] = (ours, theirs)
    writing = both
    for line in text.splitlines():
        if line.startswith("<<<<<<<"):
            writing = (ours,)
        elif line.startswith("|||||||"):
            writing = ()
        elif line.startswith("=======") and writing is not both:
            writing = (theirs,)
        elif line.startswith(">>>>>>>"):
            writing = both
        else:
            for side in writing:
                side.append(line)
    return "\n".join(ours), "\n".join(theirs)


def _merged(ours: Lock, theirs: Lock) -> Lock:
    """Both sides; of two holders of one port the smaller name keeps it, of two ports of one holder the lower."""
    ports: dict[str, int] = {}
    for name in sorted({*ours.ports, *theirs.ports}):
        port = min(lock.ports[name] for lock in (ours, theirs) if name in lock.ports)
        if port not in ports.values():
            ports[name] = port
    return Lock(max(ours.periplus, theirs.periplus), ports, {**theirs.versions, **ours.versions})


def write_lock(lock: Lock) -> str:
    """One entry a line, sorted by name, so that branches rarely meet."""
    value = {
        "format": FORMAT,
        "periplus": lock.periplus,
        "ports": dict(sorted(lock.ports.items())),
        "versions": dict(sorted(lock.versions.items())),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _ports(value: Mapping[str, Any]) -> dict[str, int]:
    entries = value.get("ports")
    return {
        str(name): port
        for name, port in (entries.items() if isinstance(entries, dict) else ())
        if isinstance(port, int) and not isinstance(port, bool) and 0 < port <= _HIGHEST_PORT
    }


def _versions(value: Mapping[str, Any]) -> dict[str, str]:
    entries = value.get("versions")
    return {
        str(name): version
        for name, version in (entries.items() if isinstance(entries, dict) else ())
        if isinstance(version, str) and _VERSION.fullmatch(version)
    }


def _series(version: object) -> tuple[int, int]:
    numbers = re.findall(r"\d+", version if isinstance(version, str) else "")[:2]
    return (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 else (0, 0)
