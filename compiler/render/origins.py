"""What `periplus explain FILE:LINE` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compiler.provenance.inquiry import Origin, Origins

_LONGEST = 100
"""Characters of a value that are shown."""
_OURS = "templates/"


def origins_text(origins: Origins, shown: Callable[[str], str]) -> Iterator[str]:
    """A line for each place, then what made the line. `shown` gives a path as the person would type it."""
    for place in origins.places:
        yield _place(place, shown)
    yield f"made by {origins.maker}"


def _place(place: Origin, shown: Callable[[str], str]) -> str:
    words = ".".join(str(step) for step in place.route)
    text = " ".join(place.text.split())
    value = f": {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}" if text else ""
    if place.what == "default":
        return f"default of Periplus: {words}{value}"
    path = place.document if place.document.startswith(_OURS) else shown(place.document)
    return f"{path}:{place.line}:{place.column}: {words}{value}"
