"""Fragments: every document that makes up the manifest, in the order in which they are included."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.model.source import Document, Place
from compiler.passes.parse import parse
from compiler.passes.parsed import LARGEST_BYTES
from compiler.passes.validate import MOST, validate
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.source import Files

_WILD = frozenset("*?[")


class Piece(NamedTuple):
    """One valid document: the manifest itself or a fragment."""

    path: str
    value: Mapping[str, Any]


class Gathered(NamedTuple):
    """All documents read, valid or not, and the pieces to build on; the manifest itself comes first."""

    pieces: tuple[Piece, ...]
    documents: Mapping[str, Document]
    defects: tuple[Defect, ...]


def gather(path: str, files: Files, schema: Mapping[str, Any]) -> Gathered:
    """Read the manifest at `path` and every fragment it includes, directly or not."""
    pieces: list[Piece] = []
    documents: dict[str, Document] = {}
    defects: list[Defect] = []
    waiting: list[tuple[str, tuple[str, ...], Place | None]] = [(path, (), None)]
    while waiting:
        current, above, at = waiting.pop(0)
        if current in documents:
            continue
        content = files.read(current)
        if content is None and at is not None:  # a pattern finds links that lead out of the repository, too
            defects.append(Defect("include.missing", at, {"pattern": current}))
            continue
        parsed = parse(content or b"", current)
        documents[current] = parsed.document
        problems = parsed.defects or validate(parsed.value, schema, current, fragment=bool(above))
        defects.extend(problems)
        if not isinstance(parsed.value, dict) or not _says_what_it_includes(problems):
            continue
        if not problems:
            pieces.append(Piece(current, parsed.value))
        found = _included(parsed.value, current, (*above, current), files, defects)
        waiting.extend((name, (*above, current), at) for name, at in found)
    return Gathered(tuple(pieces), documents, tuple(defects))


def is_fragment(content: bytes, path: str, schema: Mapping[str, Any]) -> bool:
    """Whether a document is a whole fragment: a manifest without `name`, and nothing wrong with it."""
    if len(content) > LARGEST_BYTES or any(line.startswith(b"name:") for line in content.splitlines()):
        return False  # at the margin it can only be the key, and a manifest need not be parsed twice
    parsed = parse(content, path)
    if parsed.defects or not isinstance(parsed.value, dict) or "name" in parsed.value:
        return False
    return not validate(parsed.value, schema, path, fragment=True)


def _says_what_it_includes(problems: tuple[Defect, ...]) -> bool:
    """Whether the list is sound, whatever else is wrong: then all documents are looked at, and all is told at once."""
    routes = [one.at.route if isinstance(one.at, Place) else one.at for one in problems]
    return len(problems) < MOST and not any(route[:1] == ("include",) for route in routes)


def _included(
    value: Mapping[str, Any], path: str, above: tuple[str, ...], files: Files, defects: list[Defect]
) -> list[tuple[str, Place]]:
    found: list[tuple[str, Place]] = []
    for index, pattern in enumerate(value.get("include") or ()):
        at = Place(path, ("include", index))
        names = _matches(posixpath.normpath(posixpath.join(posixpath.dirname(path), pattern)), pattern, files)
        if not names:
            defects.append(Defect("include.missing", at, {"pattern": pattern}))
        for name in names:
            if name in above:
                defects.append(Defect("include.cycle", at, {"path": name, "ring": " -> ".join((*above, name))}))
            else:
                found.append((name, at))
    return found


def _matches(path: str, pattern: str, files: Files) -> tuple[str, ...]:
    if _WILD & set(pattern):
        return files.glob(path)
    return (path,) if files.read(path) is not None else ()
