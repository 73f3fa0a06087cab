"""The port registry as a text: what it says, and where each entry stands, so that one can change and no other moves."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from compiler.text.lines import position_of
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_HIGHEST = 65_535
_PORT = regex(r"[1-9][0-9]{0,4}", re.ASCII)
_RANGE = regex(r"\s*([0-9]{1,5})\s*-\s*([0-9]{1,5})\s*", re.ASCII)
_MARK = regex(r"^(?:<{7}|={7}|>{7}|\|{7})(?= |\r?$)", re.MULTILINE)
_SPACE = regex(r"[ \t\r\n]*")
_BREAK = regex(r"\r\n|\n|\r")


class Fault(Enum):
    """What can be wrong with a registry."""

    UNREADABLE = "no JSON with allocations"
    CONFLICT = "the marks of a merge conflict"
    TWICE = "a name that is said twice"
    PORT = "an entry for something that is no port"


class RegistryError(Exception):
    """What is wrong with a registry, and where: `what` is said twice or is no port; `earlier` is its first place.

    Places are line and column, both 1-based; column 0 is the whole line.
    """

    def __init__(
        self, fault: Fault, position: tuple[int, int], what: str = "", earlier: tuple[int, int] | None = None
    ) -> None:
        """The fault at a line and column."""
        super().__init__(fault, position, what, earlier)
        self.fault, self.what, self.earlier = fault, what, earlier
        self.line, self.column = position


class Entry(NamedTuple):
    """A port and its owner: `text[start:end]` is the entry, `text[value:end]` the owner.

    `place` is line and column, both 1-based.
    """

    port: int
    owner: str
    place: tuple[int, int]
    start: int
    value: int
    end: int


class RegistryText(NamedTuple):
    """The entries in their order; `key` is where `"allocations"` stands, `inside` what its braces hold.

    `ranges` are `metadata.port_ranges` as far as they are ranges: for whom ports are meant.
    """

    entries: tuple[Entry, ...]
    ranges: Mapping[str, range]
    key: int
    inside: tuple[int, int]


class _Member(NamedTuple):
    name: str
    content: Any
    start: int
    value: int
    end: int


def is_owned_by(owner: str, project: str) -> bool:
    """Whether an entry is a project's: `shop`, which a person wrote for all of it, or `shop/web`."""
    return owner == project or owner.startswith(f"{project}/")


@lru_cache(maxsize=4)
def read_registry_text(text: str) -> RegistryText:
    """The seeds' `PORT_REGISTRY.json`, taken apart. Raises RegistryError where it is none, or says a thing twice."""
    _must_be_json(text)
    top = _members(text, _first(text))
    allocations = top.get("allocations")
    if allocations is None or text[allocations.value] != "{":
        raise RegistryError(Fault.UNREADABLE, (1, 0))
    entries = tuple(_entries(text, allocations.value))
    return RegistryText(entries, _ranges(text, top), allocations.start, (allocations.value + 1, allocations.end - 1))


def _must_be_json(text: str) -> None:
    try:
        value = json.loads(text[_first(text) :])
    except json.JSONDecodeError as error:
        mark = _MARK.search(text)
        if mark is not None:
            raise RegistryError(Fault.CONFLICT, (position_of(text, mark.start())[0], 0)) from None
        index = min(error.pos + _first(text), len(text.rstrip()))
        raise RegistryError(Fault.UNREADABLE, (position_of(text, index)[0], 0)) from None
    except (ValueError, RecursionError):
        raise RegistryError(Fault.UNREADABLE, (1, 0)) from None
    if not isinstance(value, dict):
        raise RegistryError(Fault.UNREADABLE, (1, 0))


def _first(text: str) -> int:
    """Where the document begins: behind a byte order mark and blanks."""
    return _behind(text, 1 if text.startswith("\ufeff") else 0)


def _behind(text: str, index: int) -> int:
    blank = _SPACE.match(text, index)
    return blank.end() if blank else index


def _members(text: str, start: int) -> dict[str, _Member]:
    """The members by name of the object that begins at `start` of a valid document."""
    found: dict[str, _Member] = {}
    for member in _each_member(text, start):
        if member.name in found:
            earlier = position_of(text, found[member.name].start)
            raise RegistryError(Fault.TWICE, position_of(text, member.start), member.name, earlier)
        found[member.name] = member
    return found


def _each_member(text: str, start: int) -> Iterator[_Member]:
    decode = json.JSONDecoder().raw_decode
    index = _behind(text, start + 1)
    while text[index] != "}":
        name, end = decode(text, index)
        value = _behind(text, _behind(text, end) + 1)
        content, end = decode(text, value)
        yield _Member(name, content, index, value, end)
        index = _behind(text, end)
        if text[index] == ",":
            index = _behind(text, index + 1)


def _entries(text: str, start: int) -> Iterator[Entry]:
    breaks = [match.end() for match in _BREAK.finditer(text)]
    for member in _members(text, start).values():
        line = bisect_right(breaks, member.start)
        place = (line + 1, member.start - (breaks[line - 1] if line else 0) + 1)
        if not _PORT.fullmatch(member.name) or int(member.name) > _HIGHEST:
            raise RegistryError(Fault.PORT, place, member.name)
        owner = member.content if isinstance(member.content, str) else json.dumps(member.content)
        yield Entry(int(member.name), owner, place, member.start, member.value, member.end)


def _ranges(text: str, top: Mapping[str, _Member]) -> dict[str, range]:
    found: dict[str, range] = {}
    metadata = top.get("metadata")
    if metadata is None or not isinstance(metadata.content, dict):
        return found
    ranges = _members(text, metadata.value).get("port_ranges")
    if ranges is None or not isinstance(ranges.content, dict):
        return found
    for member in _members(text, ranges.value).values():
        written = _RANGE.fullmatch(member.content) if isinstance(member.content, str) else None
        if written is not None:
            found[member.name] = range(int(written[1]), int(written[2]) + 1)
    return found
