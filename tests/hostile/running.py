"""The cases of the corpus through the real pipeline, nothing on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.pipeline import Request, compile_manifest
from tests.hostile.corpus import MANIFEST, At
from tests.support import MappingFiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.finding import Diagnostic
    from compiler.pipeline import Compiled
    from tests.hostile.corpus import Case


def compiled_case(case: Case) -> Compiled:
    """What comes of a case; its files below the output directory stand there."""

    def look(output: str, wanted: Iterable[str]) -> dict[str, Standing]:
        standing = {path: Standing("absent") for path in wanted}
        prefix = f"{output}/"
        stands = {path.removeprefix(prefix): each for path, each in case.texts.items() if path.startswith(prefix)}
        return {**standing, **{path: Standing("file", each.decode()) for path, each in stands.items()}}

    return compile_manifest(Request(MANIFEST, MappingFiles(case.texts), shipped_files(), look))


def found(compiled: Compiled) -> list[tuple[str, At]]:
    """The code of every finding with the place of its first mark, in the order of the places."""
    return sorted(((each.code, _at(each)) for each in compiled.diagnostics), key=lambda one: (one[1], one[0]))


def _at(diagnostic: Diagnostic) -> At:
    if not diagnostic.marks:
        return At("", 0, 0)
    first = diagnostic.marks[0]
    return At(first.path, first.span.line, first.span.column) if first.span else At(first.path, 0, 0)
