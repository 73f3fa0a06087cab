"""Lines of a text as YAML, editors and CI annotations count them."""

from __future__ import annotations

import re
from functools import lru_cache

_BREAK = re.compile(r"\r\n|\n|\r")


@lru_cache(maxsize=8)
def lines_of(text: str) -> tuple[str, ...]:
    """The lines without their breaks, at least one; unlike `str.splitlines`, U+2028 and form feed break nothing."""
    return tuple(_BREAK.split(text))


def position_of(text: str, index: int) -> tuple[int, int]:
    """Line and column of the code point at `index`, both 1-based."""
    before = _BREAK.split(text[:index])
    return len(before), len(before[-1]) + 1
