"""What quick readers make of a StrictYAML text, where they are there and the text is of the usual kind.

strictyaml alone decides what is accepted. It takes seconds over a thousand services, though, so the usual is read
quickly: a quick reader gives what strictyaml would give, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from compiler.text.named import NamedTuple
from compiler.text.twin import twin

if TYPE_CHECKING:
    from types import ModuleType

FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
"""What StrictYAML crashes on, or reads as the end of a line."""

_UNUSUAL = ("\t", "\r", "<<<<<<<", "|||||||", "=======", ">>>>>>>")
"""Blanks that not all readers take for blanks; returns alone, which end lines; the marks of a merge."""

_BARE_DASH = re.compile(r"^[ -]*-(?: *| +#.*)$", re.MULTILINE)
"""Comments about an item that begins on another line: strictyaml cannot keep some of them apart."""


class Reading(NamedTuple):
    """A mapping of mappings, lists and texts; `events` say it again as a YAML parser does, with places."""

    text: str
    value: dict[str, Any]
    events: Callable[[], Iterator[Any]]


def quickly_read(content: bytes) -> Reading | None:
    """The mapping that strictyaml would read, or None where only it can tell."""
    texts = readable(content)
    if texts is None:
        return None
    lines = _reading(twin("compiler.text.quick_lines"), *texts)
    return lines or _reading(twin("compiler.text.quick_events"), *texts)


def readable(content: bytes) -> tuple[str, str] | None:
    """A text as it stands and with plain line ends, or None where no quick reader can be trusted with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    plain = text.replace("\r\n", "\n")
    return None if _is_forbidden(plain) or usual(plain) != plain else (text, plain)


def _is_forbidden(text: str) -> bool:
    printable = text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    return not printable and re.search(FORBIDDEN, text) is not None


def usual(text: str) -> str:
    """The text up to the first thing that YAML readers may disagree about; a wholly usual text is given back itself."""
    dash = _BARE_DASH.search(text)
    found = (*(text.find(mark) for mark in _UNUSUAL), dash.start() if dash else -1)
    return text[: min((at for at in found if at >= 0), default=len(text))]


def _reading(reader: ModuleType | None, text: str, plain: str) -> Reading | None:
    value = reader.read(plain) if reader else None
    return Reading(text, value, partial(reader.events, plain)) if reader and value else None
