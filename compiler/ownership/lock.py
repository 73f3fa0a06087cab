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


def read_lock(content: bytes | None, path: str, periplus: str) -> Read:
    """The lock; none is an empty one. Entries that make no sense are left out, the file stays readable."""
    if content is None:
        return Read(Lock())
    try:
        value = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        kind = "lock.conflict" if _MARKERS.search(content.decode("utf-8", "replace")) else "lock.unreadable"
        return Read(Lock(), (Defect(kind, Place(path, line=1)),))
    if not isinstance(value, dict) or type(value.get("format")) is not int:
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=1)),))
    if value["format"] > FORMAT or _series(value.get("periplus")) > _series(periplus):
        facts = {"lock": str(value.get("periplus", "")), "periplus": periplus}
        return Read(Lock(), (Defect("lock.newer", Place(path, line=1), facts),))
    return Read(Lock(str(value.get("periplus", "")), _ports(value), _versions(value)))


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
