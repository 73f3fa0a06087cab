"""Documents without routes, for findings that point at a line of them: the registry, a project's kind, the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.source import Document, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.finding import Defect
    from compiler.model.source import Files


def documents_of(defects: Iterable[Defect], files: Files) -> dict[str, Document]:
    """The documents whose lines these defects point at, as far as they are there."""
    places = (at for defect in defects for at in (defect.at, *defect.related))
    paths = {at.document for at in places if isinstance(at, Place) and at.line}
    contents = ((path, files.read(path)) for path in sorted(paths))
    return {
        path: Document(path, content.decode("utf-8", "replace"), {}, {})
        for path, content in contents
        if content is not None
    }
