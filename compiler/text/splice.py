"""Edits of a text that leave every other character where it is: pieces cut out, put in, replaced."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

_BREAK = regex(r"\r\n|\n|\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Splice(NamedTuple):
    """Put `text` in the place of what stands from `start` up to `end`, in code points from 0; equal: an insertion."""

    start: int
    end: int
    text: str


class OverlapError(ValueError):
    """Two splices want the same characters, or one reaches outside the text."""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices applied, offsets being those of the text as it is given.

    Insertions at one spot keep the order in which they are given. Raises OverlapError.
    """
    pieces: list[str] = []
    position = 0
    for splice in sorted(splices, key=lambda splice: splice[:2]):
        if not position <= splice.start <= splice.end <= len(text):
            message = f"the splice at {splice.start} does not fit: {position} is the first offset it may have"
            raise OverlapError(message)
        pieces += (text[position : splice.start], splice.text)
        position = splice.end
    return "".join((*pieces, text[position:]))


def spliced_bytes(content: bytes, splices: Iterable[Splice]) -> bytes:
    """The same for a UTF-8 file: a byte order mark stays, and offsets count from behind it. Raises OverlapError."""
    mark = _BYTE_ORDER_MARK if content.startswith(_BYTE_ORDER_MARK) else b""
    return mark + spliced(content.removeprefix(mark).decode("utf-8"), splices).encode("utf-8")


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and column, both 1-based; a column behind the line's end stands at its end."""
    starts, ends = line_bounds(text)
    return min(starts[line - 1] + column - 1, ends[line - 1])


@lru_cache(maxsize=8)
def line_bounds(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where each line starts, and where it ends before its break; lines as `compiler.text.lines` counts them."""
    breaks = list(_BREAK.finditer(text))
    return (0, *(found.end() for found in breaks)), (*(found.start() for found in breaks), len(text))
