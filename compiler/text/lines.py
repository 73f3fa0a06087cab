"""Lines of a text as YAML, editors and CI annotations count them."""

from __future__ import annotations

from functools import lru_cache

from compiler.text.regex import regex

_BREAK = regex(r"\r\n|\n|\r")


@lru_cache(maxsize=8)
def lines_of(text: str) -> tuple[str, ...]:
    """The lines without their breaks, at least one; unlike `str.splitlines`, U+2028 and form feed break nothing."""
    return tuple(_BREAK.split(text))


def with_line_feeds(text: str) -> str:
    """The text with CR LF made LF; the text itself, and no copy, where there is none."""
    return text.replace("\r\n", "\n")


def position_of(text: str, index: int) -> tuple[int, int]:
    """Line and column of the code point at `index`, both 1-based."""
    before = _BREAK.split(text[:index])
    return len(before), len(before[-1]) + 1
