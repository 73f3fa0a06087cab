"""What is fuzzed: a project as its files, the manifest first, and the real ones that mutants are made of."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from compiler.rules import all_rules
from compiler.rules.page import page
from tests.support import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MANIFEST = "integration.yaml"
CASES = ROOT / "tests" / "fuzz" / "cases"
_HEAD = re.compile(rb"^=== (\S+)\n", re.MULTILINE)

Project = dict[str, bytes]
"""Path -> content, as the manifest's folder holds it."""


@cache
def seeds() -> tuple[Project, ...]:
    """Every manifest there is, with the files beside it: the rules' pages, the examples, those of the tests."""
    pages = (texts for rule in all_rules() for texts in (page(rule).bad, page(rule).good))
    small = [{path: text.encode() for path, text in texts.items()} for texts in pages]
    folders = (*(ROOT / "examples" / name for name in EXAMPLES), *sorted((ROOT / "tests" / "manifests").iterdir()))
    return (*small, *map(_folder, folders))


def cases() -> dict[str, Project]:
    """Name -> project of every case that was kept."""
    return {path.stem: unpacked(path.read_bytes()) for path in sorted(CASES.glob("*.case"))}


def packed(project: Mapping[str, bytes]) -> bytes:
    """The project as one file: each of its files behind a line `=== path`."""
    return b"".join(b"=== %s\n%s" % (path.encode(), _ended(content)) for path, content in project.items())


def unpacked(content: bytes) -> Project:
    """The project in such a file; without a first head, all of it is the manifest."""
    before, *rest = _HEAD.split(content)
    files = {path.decode("utf-8", "replace"): text for path, text in zip(rest[::2], rest[1::2], strict=True)}
    return files if files and not before else {MANIFEST: content}


def _ended(content: bytes) -> bytes:
    return content if content.endswith(b"\n") or not content else content + b"\n"


def _folder(folder: Path) -> Project:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _inputs(folder)}
    return {MANIFEST: files.pop(MANIFEST), **files}


def _inputs(folder: Path) -> Iterator[Path]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in found if path.relative_to(folder).parts[0] not in {"integration", ".periplus"})
