"""What a terminal shows: columns a text takes, and texts that cannot move the cursor or turn the line around."""

from __future__ import annotations

import re
import unicodedata

from compiler.text.regex import regex

_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
_INVISIBLE = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What Unicode calls default ignorable: bidirectional controls, joiners, variation selectors, tags, fillers."""
_LIKE_A_BLANK = r"\xa0\u1680\u2000-\u200a\u202f\u205f"
_UNSHOWABLE = regex(f"[{_CONTROL}{_INVISIBLE}{_LIKE_A_BLANK}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_JOINING_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
"""Vowels and finals of a decomposed Korean syllable, as macOS spells file names: they join the consonant before."""


def escaped(text: str) -> str:
    """The text with what would obey, hide or look like a plain blank shown as escapes.

    Those are control, line-breaking and bidirectional characters, invisible ones, joiners among them, and blanks but
    for the plain and the ideographic one: so what is shown takes the columns that `columns_of` counts.
    """
    return text if text.isascii() and text.isprintable() else _UNSHOWABLE.sub(_escape, text)


def columns_of(text: str) -> int:
    """Terminal columns the text takes: 2 for wide characters, 0 for combining ones. Expects escaped text."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def folded(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines of at most `width` columns where blanks allow, all but the first indented; it is escaped."""
    lines: list[str] = []
    held, taken = "", 0
    for number, word in enumerate(text.split(" ")):
        columns = columns_of(word)
        if number and taken + 1 + columns > width:
            lines.append(held)
            held, taken = f"{indent}{word}", len(indent) + columns
        else:
            held, taken = (f"{held} {word}", taken + 1 + columns) if number else (word, columns)
    return [*lines, held]


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - what two digits can say
        return _SHORT.get(character) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four can


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if any(ord(character) in joining for joining in _JOINING_JAMO):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
