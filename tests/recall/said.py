"""What is said of texts in memory: by planning alone, which is most of what rules look at, or by all of a compilation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from tests.support import MappingFiles, compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from compiler.model.finding import Diagnostic

Said = list[tuple[str, str, int]]
"""Code, path and line of each finding; the line is 0 for a file as a whole."""
OUTPUT = "integration/"


def said_of(texts: Mapping[str, str]) -> Said:
    """What is found before anything is emitted, sorted; all of it where something stands in the output."""
    if any(path.startswith(OUTPUT) for path in texts):
        return said_of_all(texts)
    files = MappingFiles({path: text.encode() for path, text in texts.items()})
    return _said(plan_manifest(Request("integration.yaml", files, shipped_files(), lambda *_: {})).diagnostics)


def said_of_all(texts: Mapping[str, str]) -> Said:
    """What a whole compilation finds, sorted."""
    return _said(compile_texts(texts).diagnostics)


def texts_in(folder: Path) -> dict[str, str]:
    """The texts of a folder by path, without its output and what others installed there."""
    inside = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    skipped = (OUTPUT, ".")
    return {
        name: path.read_text()
        for name, path in inside.items()
        if not name.startswith(skipped) and not {"node_modules", "__pycache__"} & set(path.parts)
    }


def _said(diagnostics: Iterable[Diagnostic]) -> Said:
    marks = [(each.code, each.marks[0]) for each in diagnostics]
    return sorted((code, mark.path, mark.span.line if mark.span else 0) for code, mark in marks)
