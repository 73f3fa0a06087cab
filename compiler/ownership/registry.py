"""Our entries in the port registry, and nobody else's: every other byte of it stays as it is."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple
from compiler.text.registry import is_owned_by, read_registry_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compiler.text.registry import Entry, RegistryText

EMPTY = '{\n  "allocations": {}\n}\n'
"""A registry that gives nothing to anybody."""


class Edited(NamedTuple):
    """A registry's new text; by port, who has it since (`claimed`), or had it before (`released`).

    A port that went from one of ours to another is in both. `refused` are wanted ports that belong to somebody else:
    nothing of them is in the text.
    """

    text: str
    claimed: Mapping[int, str] = {}
    released: Mapping[int, str] = {}
    refused: Mapping[int, str] = {}


class _Piece(NamedTuple):
    """An entry as it is written, `before` being what stands between it and the one before."""

    before: str
    port: int
    text: str


def claim(text: str, project: str, wanted: Mapping[int, str]) -> Edited:
    """The registry in which the project has the ports wanted, by port `<project>/<service>`, and no other.

    An entry that a person wrote for the whole project, without a service, stays. Raises RegistryError.
    """
    read = read_registry_text(text)
    owners = {entry.port: entry.owner for entry in read.entries}
    refused = {port: owners[port] for port in wanted if port in owners and not is_owned_by(owners[port], project)}
    ours = {port: owner for port, owner in owners.items() if owner.startswith(f"{project}/")}
    kept = {port for port, owner in ours.items() if wanted.get(port) == owner}
    claimed = {
        port: owner
        for port, owner in sorted(wanted.items())
        if port not in kept and port not in refused and owners.get(port) != project
    }
    released = {port: owner for port, owner in ours.items() if port not in kept}
    return Edited(_edited(text, read, claimed, released), claimed, released, refused)


def release(text: str, project: str, names: Sequence[str] = ()) -> Edited:
    """The registry without the project's entries, or without those of the services named. Raises RegistryError.

    `web` is all of a service's ports, `web/admin` one of them.
    """
    read = read_registry_text(text)
    meant = [f"{project}/{name}" for name in names]
    ours = {entry.port: entry.owner for entry in read.entries if _has_service(entry, project)}
    gone = {port: owner for port, owner in ours.items() if not meant or any(is_owned_by(owner, name) for name in meant)}
    return Edited(_edited(text, read, {}, gone), released=gone)


def claimed_keys(text: str, project: str) -> tuple[str, ...]:
    """What the project has in the registry, as the lock calls it: `web`, `web/admin`. Raises RegistryError."""
    entries = read_registry_text(text).entries
    return tuple(entry.owner.removeprefix(f"{project}/") for entry in entries if _has_service(entry, project))


def _has_service(entry: Entry, project: str) -> bool:
    return entry.owner.startswith(f"{project}/")


def _edited(text: str, read: RegistryText, given: Mapping[int, str], taken: Mapping[int, str]) -> str:
    if not given and not taken:
        return text
    start, end = read.inside
    pieces = _pieces(text, read)
    lead, gap, tail = _layout(text, read, pieces)
    colon = text[: read.entries[0].value].rpartition('"')[2] if read.entries else ": "
    left: list[_Piece] = []
    dropped = ""
    for piece in pieces:
        if piece.port in taken and piece.port not in given:
            dropped = max(dropped, piece.before, key=len)
            continue
        owner = given.get(piece.port)
        written = piece.text if owner is None else _entry(piece.port, owner, colon)
        left.append(_Piece(max(dropped, piece.before, key=len), piece.port, written))
        dropped = ""
    for port, owner in given.items():
        if port not in taken:
            left.insert(_place(port, left), _Piece(gap, port, _entry(port, owner, colon)))
    return text[:start] + _joined(left, lead, gap, tail) + text[end:]


def _pieces(text: str, read: RegistryText) -> list[_Piece]:
    behind = [read.inside[0], *(entry.end for entry in read.entries)]
    starts = zip(behind, read.entries, strict=False)
    return [_Piece(text[before : entry.start], entry.port, text[entry.start : entry.end]) for before, entry in starts]


def _layout(text: str, read: RegistryText, pieces: Sequence[_Piece]) -> tuple[str, str, str]:
    """What stands before the first entry, between two, and behind the last: as it is, or as the rest is indented."""
    if not pieces:
        return _layout_of_none(text, read)
    lead = pieces[0].before
    tail = text[read.entries[-1].end : read.inside[1]]
    gaps = Counter(piece.before for piece in pieces[1:])
    return lead, gaps.most_common(1)[0][0] if gaps else f",{lead or ' '}", tail


def _layout_of_none(text: str, read: RegistryText) -> tuple[str, str, str]:
    indent = text[: read.key].rpartition("\n")[2]
    if indent.strip(" \t") or "\n" not in text:
        return "", ", ", ""
    newline = "\r\n" if "\r\n" in text else "\n"
    lead = newline + indent + (indent or "  ")
    return lead, f",{lead}", newline + indent


def _entry(port: int, owner: str, colon: str) -> str:
    return f'"{port}"{colon}{json.dumps(owner)}'


def _place(port: int, pieces: Sequence[_Piece]) -> int:
    """Where a port belongs among entries in the order of numbers; behind those in no order."""
    ports = [piece.port for piece in pieces]
    return bisect_left(ports, port) if ports == sorted(ports) else len(ports)


def _joined(pieces: Sequence[_Piece], lead: str, gap: str, tail: str) -> str:
    if not pieces:
        return ""
    first, *others = pieces
    rest = "".join((piece.before if "," in piece.before else gap) + piece.text for piece in others)
    return f"{lead}{first.text}{rest}{tail}"
