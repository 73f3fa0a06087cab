"""`integration.lock.json`: the choices that must not move. Untrusted: it never names a path outside the output."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FORMAT = 1
_VERSION = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}", re.ASCII)
_WRITER = regex(r"v?([0-9]{1,9})\.([0-9]{1,9})([.+-][A-Za-z0-9.+-]*|[a-z][A-Za-z0-9.+-]*)?", re.ASCII)
_HOLDER = regex(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII)
_PATH = regex(r"[^\\\0-\x1f\x7f/]+(/[^\\\0-\x1f\x7f/]+)*")
_HIGHEST_PORT = 65_535
_KEYS = ("format", "periplus", "ports", "versions", "kept")
_SAYS = regex(r'(?m)^  "periplus": "([^"\\\n]*)"')
_MARKERS = regex(r"^(<{7}.*|={7}|>{7}.*|\|{7}.*)\n", re.MULTILINE)


class Lock(NamedTuple):
    """Host ports by `unit` or `unit/port`, chosen image versions by instance, kept paths; `periplus` wrote it."""

    periplus: str = ""
    ports: Mapping[str, int] = {}
    versions: Mapping[str, str] = {}
    kept: tuple[str, ...] = ()


class Read(NamedTuple):
    """What a lock says, and what is wrong with it."""

    lock: Lock
    defects: tuple[Defect, ...] = ()
    notices: tuple[Defect, ...] = ()


def read_lock(text: str | None, path: str, periplus: str) -> Read:
    """The lock; none is an empty one. Entries that make no sense are left out with a notice, the rest counts.

    With the marks of a merge conflict both sides count, and a notice says so.
    """
    if text is None:
        return Read(Lock())
    mark = _MARKERS.search(text)
    if mark is None:
        return _read(text, path, periplus)
    line = text.count("\n", 0, mark.start()) + 1
    sides = [_read(side, path, periplus) for side in _sides(text)]
    if any(side.defects for side in sides):
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=line)),))
    return Read(_merged(*(side.lock for side in sides)), (), (Defect("lock.conflict", Place(path, line=line)),))


def _read(text: str, path: str, periplus: str) -> Read:
    twice: list[str] = []
    try:
        value = json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, twice))
    except (ValueError, RecursionError):
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=1)),))
    if not isinstance(value, dict) or type(value.get("format")) is not int:
        return Read(Lock(), (Defect("lock.unreadable", Place(path, line=1)),))
    written = value.get("periplus")
    if value["format"] > FORMAT or (_series(written) or (0, 0)) > (_series(periplus) or (0, 0)):
        is_known = value["format"] <= FORMAT
        facts = {"lock": str(value.get("periplus", "")), "periplus": periplus}
        facts |= {"format": "" if is_known else str(value["format"]), "reads": str(FORMAT)}
        return Read(Lock(), (Defect("lock.newer", Place(path, line=1), facts),))
    lock = Lock(written if isinstance(written, str) else "", _ports(value), _versions(value), _kept(value))
    return Read(lock, (), (*_senseless(value, lock, text, path), *_repeated(twice, text, path)))


def is_older(lock: Lock, periplus: str) -> bool:
    """Whether a Periplus of an earlier minor version wrote the lock; one of no version is not known to be older."""
    series = _series(lock.periplus)
    return series is not None and series < (_series(periplus) or (0, 0))


def is_same_lock(one: str, other: str) -> bool:
    """Whether two locks differ in nothing but the patch version that wrote them: they need not be written anew.

    So colleagues with 0.1.0 and 0.1.3 do not write the lock over and over; who changes anything else writes theirs.
    """
    wrote = [_SAYS.search(text) for text in (one, other)]
    series = [_series(match.group(1)) if match else None for match in wrote]
    return one == other or (
        None not in series and series[0] == series[1] and _SAYS.sub("", one, count=1) == _SAYS.sub("", other, count=1)
    )


def line_of(entry: str, text: str, nth: int = 1) -> int:
    """The line (1-based) where a lock names an entry for the nth time; the first line where it does not."""
    at = -1
    for _ in range(nth):
        at = text.find(json.dumps(entry, ensure_ascii=False), at + 1)
    return text.count("\n", 0, max(at, 0)) + 1


def _once(pairs: list[tuple[str, object]], twice: list[str]) -> dict[str, object]:
    """An object of JSON; names that it has more than once are added to `twice`."""
    twice.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    return dict(pairs)


def _repeated(twice: list[str], text: str, path: str) -> Iterator[Defect]:
    """One notice for all names that an object has more than once, where the first of them is said again."""
    if twice:
        at = Place(path, line=line_of(twice[0], text, nth=2))
        yield Defect("lock.repeated", at, {"entries": "\n".join(twice)})


def _senseless(value: Mapping[str, Any], lock: Lock, text: str, path: str) -> Iterator[Defect]:
    """One notice for all entries that were left out, at the first of them."""
    read: tuple[tuple[str, Collection[str]], ...] = (
        ("ports", lock.ports),
        ("versions", lock.versions),
        ("kept", lock.kept),
    )
    left = [entry for key, sound in read for entry in _entries(value.get(key, {}), key) if entry not in sound]
    if _series(lock.periplus) is None:
        left.append("periplus")
    left.extend(key for key in value if key not in _KEYS)
    if left:
        yield Defect("lock.entry", Place(path, line=line_of(left[0], text)), {"entries": "\n".join(left)})


def _entries(value: object, key: str) -> list[str]:
    """The names of what one key holds; the key itself where that is nothing of the kind."""
    if not isinstance(value, list if key == "kept" else dict) and value != {}:
        return [key]
    return [str(entry) for entry in cast("Collection[object]", value)]


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
    kept = tuple(sorted({*ours.kept, *theirs.kept}))
    return Lock(max(ours.periplus, theirs.periplus), ports, {**theirs.versions, **ours.versions}, kept)


def write_lock(lock: Lock) -> str:
    """One entry a line, sorted by name, so that branches rarely meet."""
    value = {
        "format": FORMAT,
        "periplus": lock.periplus,
        "ports": dict(sorted(lock.ports.items())),
        "versions": dict(sorted(lock.versions.items())),
        **({"kept": sorted(lock.kept)} if lock.kept else {}),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _ports(value: Mapping[str, Any]) -> dict[str, int]:
    entries = value.get("ports")
    return {
        str(name): port
        for name, port in (entries.items() if isinstance(entries, dict) else ())
        if _HOLDER.fullmatch(name)
        and isinstance(port, int)
        and not isinstance(port, bool)
        and 0 < port <= _HIGHEST_PORT
    }


def _versions(value: Mapping[str, Any]) -> dict[str, str]:
    entries = value.get("versions")
    return {
        str(name): version
        for name, version in (entries.items() if isinstance(entries, dict) else ())
        if _HOLDER.fullmatch(name) and isinstance(version, str) and _VERSION.fullmatch(version)
    }


def _kept(value: Mapping[str, Any]) -> tuple[str, ...]:
    entries = value.get("kept")
    found = (entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, str))
    return tuple(sorted({entry for entry in found if _is_inside(entry)}))


def _is_inside(path: str) -> bool:
    """Whether a path is a plain one below the output, and nothing that Periplus keeps for itself."""
    return _PATH.fullmatch(path) is not None and not {".", "..", ".periplus"} & set(path.split("/"))


def _series(version: object) -> tuple[int, int] | None:
    match = _WRITER.fullmatch(version) if isinstance(version, str) else None
    return (int(match[1]), int(match[2])) if match else None
