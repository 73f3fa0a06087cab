"""Provenance: which part of the manifest a line of an output came from.

A traced emission marks values with their routes in private-use characters; `strip(traced)` is the plain emission.
The alphabet is U+E100..U+E1FF for the bytes of the mark, U+E000 and U+E001 around them: an encoder of a traced
language writes none of them plainly (YAML's escapes them, nginx refuses what is unprintable).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPEN, _CLOSE, _BASE = "\ue000", "\ue001", 0xE100
_MARK = regex(f"{_OPEN}([\ue100-\ue1ff]*){_CLOSE}")
MARKS = "\ue000\ue001\ue100-\ue1ff"
"""The alphabet, as a set of a regular expression."""

RouteText = tuple[str | int, ...]


def mark(route: RouteText) -> str:
    """An invisible mark that carries `route`; put before the value it explains."""
    text = "\x1f".join(f"#{step}" if isinstance(step, int) else step for step in route)
    return _OPEN + "".join(chr(_BASE + byte) for byte in text.encode()) + _CLOSE


def strip(traced: str) -> str:
    """The emission as it would have been without tracing."""
    return _MARK.sub("", traced)


def routes_by_line(traced: str) -> Mapping[int, tuple[RouteText, ...]]:
    """Line (1-based) -> the routes marked in it, in order, without repetition; lines without marks are absent."""
    found: dict[int, tuple[RouteText, ...]] = {}
    for number, line in enumerate(traced.split("\n"), start=1):
        routes = tuple(dict.fromkeys(_route(match.group(1)) for match in _MARK.finditer(line)))
        if routes:
            found[number] = routes
    return found


def _route(marked: str) -> RouteText:
    text = bytes(ord(character) - _BASE for character in marked).decode()
    return tuple(int(step[1:]) if step.startswith("#") else step for step in text.split("\x1f"))
