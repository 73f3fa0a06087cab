"""A text with a mistake, without most of what stands before it: strictyaml finds the same mistake far sooner.

What is left out is replaced by empty lines, so that every line keeps its number. Only whole entries of a section are,
those that surely are right, and never one that the mistake could have to do with: the first entries of a section stay,
since those after them must be indented alike; the last ones before the mistake; and each whose key stands there again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compiler.text.named import NamedTuple
from compiler.text.reading import usual
from compiler.text.twin import twin

_FEWEST_LINES = 100
_LAST_ENTRIES = 2
_KEY = re.compile(r"( *)([A-Za-z0-9_$][A-Za-z0-9_$./+-]*):(?= |$)")
_WORD = re.compile(r"[A-Za-z0-9_$./+-]+")
_ESCAPED_KEY = re.compile(r'^[ ?-]*"[^"\n]*\\', re.MULTILINE)


class _Entry(NamedTuple):
    """Lines `start` to `end` (exclusive) of one section, with the key they begin with."""

    key: str
    start: int
    end: int
    is_kept: bool


def narrowed(text: str) -> str | None:
    """The text with empty lines for entries that are right, or None where that is not worth it or not sure."""
    lines = text.split("\n")
    right = right_lines(text)
    rest = "\n".join(lines[right:])
    if right < _FEWEST_LINES or _ESCAPED_KEY.search(rest):
        return None
    words = frozenset(_WORD.findall(rest))
    entries = [entry for entry in _entries(lines[:right]) if not entry.is_kept]
    left_out = [entry for entry in entries[:-_LAST_ENTRIES] if entry.key not in words]
    for entry in left_out:
        lines[entry.start : entry.end] = [""] * (entry.end - entry.start)
    is_worth_it = sum(entry.end - entry.start for entry in left_out) >= _FEWEST_LINES
    return "\n".join(lines) if is_worth_it else None


def right_lines(text: str) -> int:
    """How many lines at the top are right in themselves."""
    lines = twin("compiler.text.quick_lines")
    plain = usual(text.replace("\r\n", "\n"))
    return plain.count("\n", 0, lines.reach(plain)) if lines else 0


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    """The entries of all sections, each with the comments after it."""
    starts = [index for index, line in enumerate(lines) if line and line[0] not in " #\r"]
    for start, end in zip(starts, (*starts[1:], len(lines)), strict=True):
        yield from _entries_of_section(lines, start + 1, end)


def _entries_of_section(lines: Sequence[str], start: int, end: int) -> Iterator[_Entry]:
    """The entries of one section; the first is kept, and all up to the first that holds a mapping."""
    written = [index for index in range(start, end) if lines[index].strip() and lines[index].lstrip()[0] != "#"]
    first = _KEY.match(lines[written[0]]) if written else None
    if first is None:
        return
    keys = ((index, _KEY.match(lines[index])) for index in written)
    opening = [(index, key[2]) for index, key in keys if key and key[1] == first[1]]
    ends = (*(index for index, _ in opening[1:]), end)
    is_kept = True
    for (index, key), after in zip(opening, ends, strict=True):
        yield _Entry(key, index, after, is_kept)
        is_kept = is_kept and not _holds_mapping(lines[index + 1 : after])


def _holds_mapping(lines: Sequence[str]) -> bool:
    inner = next((line for line in lines if line.strip() and line.lstrip()[0] != "#"), "")
    return _KEY.match(inner) is not None
