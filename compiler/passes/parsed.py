"""What parsing gives: plain values, and a place for each, made when the first is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from compiler.model.source import Document, Route, Span
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from compiler.model.finding import Defect
    from compiler.passes.spans import Built

LARGEST_BYTES = 2 * 1024 * 1024
"""No document is larger."""
LARGEST_UNUSUAL = 256 * 1024
"""No document that only strictyaml understands has more characters: it takes seconds over these."""
DEEPEST = 60
"""No document has more mappings and lists in one another."""


class Parsed(NamedTuple):
    """The value is a dict of dicts, lists and texts, or None where there is a defect."""

    value: dict[str, object] | None
    document: Document
    defects: tuple[Defect, ...]


def document_of(path: str, text: str, make: Callable[[], Built]) -> Document:
    """A document whose places are made when the first is asked for."""
    made = cache(make)
    return Document(path, text, _Places(lambda: made().keys), _Places(lambda: made().values))


class _Places(Mapping[Route, Span]):
    """Spans by route, made when the first is asked for."""

    def __init__(self, made: Callable[[], Mapping[Route, Span]]) -> None:
        self._made = made

    def __getitem__(self, route: Route) -> Span:
        return self._made()[route]

    def __iter__(self) -> Iterator[Route]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())
