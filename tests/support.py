"""A manifest as a test writes it: a mapping of paths to texts, compiled by the real pipeline, nothing on disk."""

from __future__ import annotations

import fnmatch
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compiler.hands.shipped import shipped_files
from compiler.model.tree import Branch, Standing
from compiler.pipeline import Compiled, Request, compile_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ("01-gateway", "02-trading", "03-commerce")


def committed_tree(folder: Path) -> dict[str, Path]:
    """Every committed file of an example's output; what git ignores does not count."""
    output = folder / "integration"
    ignored = {".env", ".periplus"}
    return {
        path.relative_to(output).as_posix(): path
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.relative_to(output).parts[0] not in ignored
    }


class MappingFiles(NamedTuple):
    """Files in memory; the manifest's folder is the repository."""

    contents: Mapping[str, bytes]
    reach: int = 0

    def read(self, path: str) -> bytes | None:
        """The bytes at a path."""
        return self.contents.get(posixpath.normpath(path))

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The paths that match."""
        return tuple(sorted(path for path in self.contents if fnmatch.fnmatchcase(path, posixpath.normpath(pattern))))


def compile_texts(texts: Mapping[str, str], manifest: str = "integration.yaml") -> Compiled:
    """Compile the manifest among `texts`; texts below the output directory stand on disk.

    `MERGE_HEAD:integration/README.md` is what the branch that is being merged holds of a file, and `:integration/.env`
    is a file that git has in its index.
    """
    files = MappingFiles({path: text.encode() for path, text in texts.items()})

    def look(output: str, wanted: Iterable[str]) -> dict[str, Standing]:
        prefix = output + "/"
        standing = {path: Standing("absent") for path in wanted}
        for path, text in texts.items():
            if path.startswith(prefix):
                standing[path.removeprefix(prefix)] = Standing("file", text, path.endswith(".sh"))
        return standing

    def branches(output: str) -> tuple[Branch, ...]:
        sides = ((name, f"{name}:{output}/") for name in ("HEAD", "MERGE_HEAD"))
        held = (
            (name, {path.removeprefix(at): texts[path] for path in texts if path.startswith(at)}) for name, at in sides
        )
        return tuple(Branch(name, changed) for name, changed in held)

    def tracked(output: str) -> list[str]:
        found = (path.removeprefix(f":{output}/") for path in texts if path.startswith(f":{output}/.env"))
        return [path for path in found if path != ".env.example"]

    request = Request(manifest, files, shipped_files(), look, branches=branches, tracked=tracked)
    return compile_manifest(request)


def compile_text(manifest: str, **files: str) -> Compiled:
    """Compile one manifest; further files by keyword where their names allow."""
    return compile_texts({"integration.yaml": manifest, **files})


def codes(compiled: Compiled) -> list[str]:
    """The codes of all findings, sorted."""
    return sorted(diagnostic.code for diagnostic in compiled.diagnostics)
