"""One line of a source text, made showable, with the columns that a span takes on it."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from compiler.text.display import columns_of, escaped
from compiler.text.lines import lines_of
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compiler.model.finding import Mark
    from compiler.model.source import Span

_TAB = "    "
_CUT = "…"
_BEFORE = 24
"""Columns kept to the left of the span in a line that is too long: enough to see the key."""
_AROUND = 8
"""Characters looked at before and behind the start of a span, for each column to fill: hardly any takes none."""


class _Ends(NamedTuple):
    """What stands at either end of the characters looked at, where there are more."""

    head: str
    tail: str


class Excerpt(NamedTuple):
    """`offset` and `length` are terminal columns from the start of `line`; `length` is at least 1."""

    line: str
    offset: int
    length: int


def excerpt(text: str, span: Span, width: int) -> Excerpt | None:
    """The first line of the span, at most `width` columns wide; None where the text has no such line."""
    lines = lines_of(text)
    if not 1 <= span.line <= len(lines):
        return None
    line = lines[span.line - 1].rstrip(" \t")  # other blanks are shown
    first = min(span.column - 1, len(line))
    last = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    start, end = max(0, first - _AROUND * width), first + _AROUND * width
    cells = [_TAB if character == "\t" else escaped(character) for character in line[start:end]]
    ends = _Ends(_CUT if start else "", _CUT if end < len(line) else "")
    return _windowed(cells, first - start, min(max(last, first), end) - start, width, ends)


def without_secrets(documents: Mapping[str, str], marks: Iterable[Mark]) -> Mapping[str, str]:
    """The texts by path with asterisks wherever one of the marks stands; no line or column moves."""
    hidden = dict(documents)
    for mark in marks:
        if mark.span is not None and mark.path in hidden:
            hidden[mark.path] = _hidden(hidden[mark.path], mark.span)
    return hidden


def _hidden(text: str, span: Span) -> str:
    lines = list(lines_of(text))
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        first = span.column - 1 if number == span.line else 0
        last = span.end_column - 1 if number == span.end_line else len(line)
        lines[number - 1] = line[:first] + re.sub(r"\S", "*", line[first:last]) + line[max(first, last) :]
    return "\n".join(lines)


def _windowed(cells: list[str], first: int, last: int, width: int, ends: _Ends) -> Excerpt:
    starts = [0, *accumulate(map(columns_of, cells))]
    if starts[-1] <= width and not any(ends):
        return Excerpt("".join(cells), starts[first], max(1, starts[last] - starts[first]))
    room = max(1, width - 2 * len(_CUT))
    low = _low(starts, first, room)
    high = max(index for index in range(low, len(starts)) if starts[index] - starts[low] <= room)
    head, tail = _CUT if low else ends.head, _CUT if high < len(cells) else ends.tail
    shown = min(max(last, first), high)
    offset = starts[first] - starts[low] + len(head)
    return Excerpt(f"{head}{''.join(cells[low:high])}{tail}", offset, max(1, starts[shown] - starts[first]))


def _low(starts: list[int], first: int, room: int) -> int:
    """The first cell to show: a little before the span, but no further right than the end of the line asks for."""
    before = min(_BEFORE, room // 2)
    wanted = max(0, min(starts[first] - before, starts[-1] - room))
    return next(index for index, start in enumerate(starts) if start >= wanted)
