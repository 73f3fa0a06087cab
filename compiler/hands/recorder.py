"""What a compile read, and the record that it leaves of that."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from compiler.hands.sight import OURS, RECORD, TEMPORARY, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.source import Files

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Recorder:
    """Files, and every answer they gave. `is_torn` where they gave two to one question: somebody was writing."""

    def __init__(self, files: Files) -> None:
        """Remember what these files answer from now on."""
        self._files = files
        self.reads: dict[str, bytes | None] = {}
        self.globs: dict[str, tuple[str, ...]] = {}
        self.is_torn = False

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""
        return self._files.reach

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no regular file."""
        answer = self._files.read(path)
        self.is_torn |= self.reads.setdefault(path, answer) != answer
        return answer

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match."""
        answer = self._files.glob(pattern)
        self.is_torn |= self.globs.setdefault(pattern, answer) != answer
        return answer


def put_record(output: str, content: bytes) -> None:
    """Put a record into an output directory, whole or not at all, through no link.

    It is a memory and no more: where the machine will not have it, it is left out, and never flushed to the disk.
    """
    with contextlib.suppress(OSError, ValueError):
        if read_record(output) == content:
            return
    temporary = f"{TEMPORARY}{RECORD}.{os.getpid()}.tmp"
    with contextlib.suppress(OSError), _opened(output) as top, _own_folder(top) as ours:
        try:
            with open(os.open(temporary, _NEW, 0o600, dir_fd=ours), "wb") as stream:
                os.fchmod(stream.fileno(), 0o644)
                stream.write(content)
            os.replace(temporary, RECORD, src_dir_fd=ours, dst_dir_fd=ours)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=ours)
            raise


@contextlib.contextmanager
def _own_folder(top: int) -> Iterator[int]:
    is_new = False
    with contextlib.suppress(FileExistsError):
        os.mkdir(OURS, dir_fd=top)
        is_new = True
    with _opened(OURS, top) as ours:
        if is_new:
            os.fchmod(ours, 0o755)  # whatever the umask
        yield ours


@contextlib.contextmanager
def _opened(folder: str, parent: int | None = None) -> Iterator[int]:
    descriptor = os.open(folder, _FOLDER, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
