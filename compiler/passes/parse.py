"""Bytes to plain values with a place for every key and value.

Documents of the usual kind are read quickly, and their places are made when one is asked for: nobody asks where there
is nothing to say. All others, and whatever is wrong, are for `strict`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from compiler.model.source import Document, Route, Span
from compiler.text.named import NamedTuple
from compiler.text.reading import quickly_read

if TYPE_CHECKING:
    from compiler.model.finding import Defect
    from compiler.passes.spans import Built
    from compiler.text.reading import Reading

LARGEST_BYTES = 2 * 1024 * 1024
DEEPEST = 60


class Parsed(NamedTuple):
    """The value is a dict of dicts, lists and texts, or None where there is a defect."""

    value: dict[str, object] | None
    document: Document
    defects: tuple[Defect, ...]


def parse(content: bytes, path: str) -> Parsed:
    """The content of `path` as plain values. A byte order mark at the start and CRLF line ends are fine."""
    reading = quickly_read(content) if len(content) <= LARGEST_BYTES else None
    if reading is not None:
        return Parsed(reading.value, document_of(path, reading.text, lambda: _built(reading)), ())
    from compiler.passes.strict import parse_strictly  # noqa: PLC0415 - seldom needed

    return parse_strictly(content, path)


def document_of(path: str, text: str, make: Callable[[], Built]) -> Document:
    """A document whose places are made when the first is asked for."""
    made = cache(make)
    return Document(path, text, _Places(lambda: made().keys), _Places(lambda: made().values))


def _built(reading: Reading) -> Built:
    from compiler.passes.spans import build  # noqa: PLC0415 - seldom needed

    return build(reading.events(), reading.text)


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
