"""Folders held open while files are written into them: what was opened once, nobody can swap for a link."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from compiler.hands.refused import RefusedError
from compiler.hands.sight import TEMPORARY
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_CHUNK = 1024 * 1024
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class LinkedError(RefusedError):
    """The way to the output directory goes through a symbolic link: nothing is read or written through it."""


class Staged(NamedTuple):
    """A whole file beside its place, under a temporary name."""

    folder: int
    temporary: str
    target: Path


class Folders:
    """The folders below the one that `base` lies in, opened as they are needed, each through its parent."""

    def __init__(self, base: Path) -> None:
        """Folders down to `base`, which need not be there."""
        self._descriptors: dict[Path, int] = {}
        self._made: list[Path] = []
        self._staged: list[Staged] = []
        self._root = next(folder for folder in (base, *base.parents) if folder.is_dir())

    def __enter__(self) -> Self:
        """The folders; nothing is opened yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove what is still staged, and close."""
        for one in self._staged:
            with contextlib.suppress(OSError):
                os.unlink(one.temporary, dir_fd=one.folder)
        for folder in reversed(self._made) if kind else ():
            with contextlib.suppress(OSError, KeyError):
                os.rmdir(folder.name, dir_fd=self._descriptors[folder.parent])
        for descriptor in self._descriptors.values():
            os.close(descriptor)

    def stage(self, target: Path, content: bytes, mode: int) -> Staged:
        """A new file with the content and mode, flushed to the disk. Raises OSError, LinkedError."""
        with self._beginning(target) as (staged, stream):
            stream.write(content)
            _finish(stream, mode)
        return staged

    def stage_copy(self, original: Path, target: Path) -> Staged:
        """A copy of a regular file, byte for byte, with its mode. Raises OSError, LinkedError."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(original.name, flags, dir_fd=self._opened(original.parent))
        with os.fdopen(descriptor, "rb") as source, self._beginning(target) as (staged, stream):
            while piece := source.read(_CHUNK):
                stream.write(piece)
            _finish(stream, stat.S_IMODE(os.fstat(descriptor).st_mode))
        return staged

    def put(self, staged: Staged) -> None:
        """Put the staged file at its place, at once. Raises OSError."""
        os.replace(staged.temporary, staged.target.name, src_dir_fd=staged.folder, dst_dir_fd=staged.folder)
        self._staged.remove(staged)

    def remove(self, path: Path, output: Path) -> None:
        """Remove a file, and with it the folders below `output` that are empty then. Raises OSError, LinkedError."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path.name, dir_fd=self._opened(path.parent))
        with contextlib.suppress(OSError):
            for folder in path.parents:
                if folder == output:
                    return
                os.rmdir(folder.name, dir_fd=self._opened(folder.parent))
                os.close(self._descriptors.pop(folder))

    @contextlib.contextmanager
    def _beginning(self, target: Path) -> Iterator[tuple[Staged, BinaryIO]]:
        folder = self._opened(target.parent)
        staged = Staged(folder, f"{temporary_name(target)}.{os.getpid()}.tmp", target)
        descriptor = os.open(staged.temporary, _NEW, 0o600, dir_fd=folder)
        self._staged.append(staged)
        with os.fdopen(descriptor, "wb") as stream:
            yield staged, stream

    def _opened(self, folder: Path) -> int:
        if folder not in self._descriptors:
            inside = folder != self._root and folder.is_relative_to(self._root)
            self._descriptors[folder] = self._through_parent(folder) if inside else _directly(folder)
        return self._descriptors[folder]

    def _through_parent(self, folder: Path) -> int:
        parent = self._opened(folder.parent)
        try:
            os.mkdir(folder.name, 0o755, dir_fd=parent)
        except FileExistsError:
            return _open(folder, folder.name, parent)
        self._made.append(folder)
        descriptor = _open(folder, folder.name, parent)
        os.fchmod(descriptor, 0o755)  # whatever the umask
        return descriptor


def temporary_name(target: Path) -> str:
    """How the temporary names of a file begin."""
    return f"{TEMPORARY}{target.name.lstrip('.')}"


def clear_beside(target: Path) -> None:
    """Remove what killed runs left beside a file."""
    for path in target.parent.iterdir() if target.parent.is_dir() else ():
        if path.name.startswith(f"{temporary_name(target)}.") and path.suffix == ".tmp":
            path.unlink(missing_ok=True)


def insist_writable(path: Path) -> None:
    """Raises OSError for a file that its owner has closed to writing: to replace it needs no more than its folder."""
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def linked(folder: Path) -> LinkedError:
    """What is said of a folder that a link leads to."""
    return LinkedError(
        f"{folder} is reached through a symbolic link: put a directory there, or choose another `output`"
    )


def _directly(folder: Path) -> int:
    """The folder by its whole path, if that leads there without a link."""
    descriptor = _open(folder, folder)
    if os.path.realpath(folder) == os.fspath(folder) and os.path.samestat(folder.lstat(), os.fstat(descriptor)):
        return descriptor
    os.close(descriptor)
    raise linked(folder)


def _open(folder: Path, name: Path | str, parent: int | None = None) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except OSError as problem:
        if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            raise linked(folder) from None
        raise OSError(problem.errno, problem.strerror, str(folder)) from None


def _finish(stream: BinaryIO, mode: int) -> None:
    stream.flush()
    os.fchmod(stream.fileno(), mode)
    os.fsync(stream.fileno())
