"""Where things stand: routes into the manifest, places in documents, spans of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from compiler.text.named import NamedTuple

Route = tuple[str | int, ...]
"""A way into the canonical, merged manifest: `("services", "auth", "ports", "default")`."""


class Files(Protocol):
    """The only way in. Paths are POSIX, relative to the manifest's folder; `..` reaches up to `reach` folders above."""

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no regular file."""

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match, sorted by name whatever the order on disk."""


class Place(NamedTuple):
    """A spot in one document: a route into it, or a line (1-based) where the document has no routes."""

    document: str
    route: Route = ()
    part: Literal["key", "value"] = "value"
    line: int = 0
    column: int = 0


class Span(NamedTuple):
    """1-based, end exclusive, counted in code points."""

    line: int
    column: int
    end_line: int
    end_column: int


class Document(NamedTuple):
    """A text with the spans of its keys and values; an empty value stands at the end of its key."""

    path: str
    text: str
    keys: Mapping[Route, Span]
    values: Mapping[Route, Span]


class SourceMap(NamedTuple):
    """All documents of one compilation.

    `moved` says where a canonical route was really written when that is not the same route of the main document:
    a default, a shorthand, a fragment or an environment. The longest known prefix of a route counts.
    """

    main: str
    documents: Mapping[str, Document]
    moved: Mapping[Route, Place]
