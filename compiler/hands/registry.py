"""The port registry on disk: where it lies, what it holds, and a new text in its place, whole or not at all."""

from __future__ import annotations

import os
import posixpath
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.hands.disk import insist_as_read, read_regular
from compiler.hands.folders import Folders, clear_beside, insist_writable
from compiler.hands.refused import RefusedError
from compiler.text.named import NamedTuple
from compiler.text.unread import is_unread

if TYPE_CHECKING:
    from compiler.model.source import Files

_MODE = 0o644


class RegistryFile(NamedTuple):
    """A registry at its real place, links followed; `content` is None where it is still to be made."""

    path: Path
    content: bytes | None


class FilesWith(NamedTuple):
    """Files of which one is as it was read before, or absent."""

    files: Files
    path: str
    content: bytes | None

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""
        return self.files.reach

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no regular file."""
        if posixpath.normpath(path) == posixpath.normpath(self.path):
            return self.content
        return self.files.read(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match."""
        return self.files.glob(pattern)


def registry_path(folder: Path, repository: Path, name: str) -> Path:
    """The real place of a registry. Raises RefusedError where that is no file of the repository."""
    written = folder / name
    path = Path(os.path.realpath(written))
    if not path.is_relative_to(repository):
        message = f"`{name}` leads out of the repository, to {path}: a registry is a file of the repository"
        raise RefusedError(message)
    if is_unread(os.fspath(path.relative_to(repository))):
        message = f"`{name}` is of git, or of secrets: a registry is neither"
        raise RefusedError(message)
    if os.path.lexists(written) and not path.is_file():
        message = f"`{name}` is no regular file: it is left as it is"
        raise RefusedError(message)
    return path


def read_registry_file(path: Path) -> RegistryFile:
    """What the registry holds now. Raises OSError where it cannot be read."""
    return RegistryFile(path, read_regular(path))


def replace_registry(before: RegistryFile, text: str) -> None:
    """The new text in place of what was read, with its mode; made with the folders above where there was none.

    Raises OSError with the file as it was, RefusedError where it is not as it was read.
    """
    path = before.path
    if before.content is not None:
        insist_writable(path)
    clear_beside(path)
    with Folders(path.parent) as folders:
        mode = _MODE if before.content is None else stat.S_IMODE(path.stat().st_mode)
        staged = folders.stage(path, text.encode(), mode)
        insist_as_read(path, before.content)
        folders.put(staged)
