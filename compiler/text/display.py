"""What a terminal shows: columns a text takes, and texts that cannot move the cursor or turn the line around."""

from __future__ import annotations

import re
import unicodedata

from compiler.text.regex import regex

_UNSHOWABLE = regex(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def escaped(text: str) -> str:
    """The text with control, line-breaking and bidirectional characters shown as escapes."""
    return _UNSHOWABLE.sub(_escape, text)


def columns_of(text: str) -> int:
    """Terminal columns the text takes: 2 for wide characters, 0 for combining ones. Expects escaped text."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")  # noqa: PLR2004


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
