"""The files of an experiment: what stands there, but for a few texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.provenance.renaming import TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.source import Files


class Remembered:
    """Files as they were at the first look: every experiment sees the same, and the disk is read once."""

    def __init__(self, files: Files) -> None:
        """Nothing is read yet."""
        self._files = files
        self.reads: dict[str, bytes | None] = {}
        self._globs: dict[str, tuple[str, ...]] = {}

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""
        return self._files.reach

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no regular file."""
        if path not in self.reads:
            self.reads[path] = self._files.read(path)
        return self.reads[path]

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match."""
        if pattern not in self._globs:
            self._globs[pattern] = self._files.glob(pattern)
        return self._globs[pattern]


class Altered:
    """Files with other texts at some paths. A path with the token leads where it would without.

    So a changed path is seen in the output, and does not miss its file.
    """

    def __init__(self, files: Files, texts: Mapping[str, bytes]) -> None:
        """`texts` stand for the files at these paths."""
        self._files = files
        self._texts = texts

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""
        return self._files.reach

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no regular file."""
        content = self._texts.get(path)
        if content is None and TOKEN in path:
            path = path.replace(TOKEN, "")
            content = self._texts.get(path)
        return self._files.read(path) if content is None else content

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match."""
        return self._files.glob(pattern.replace(TOKEN, ""))
