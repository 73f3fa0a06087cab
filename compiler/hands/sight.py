"""What stands on the disk, as digests: what `disk.py` gives as texts, light enough for the door to import.

Whatever cannot be read raises OSError, whatever is unusual ValueError: neither is known again then.
"""

import os
import stat

from compiler.hands.globs import SKIPPED, matching
from compiler.text.digest import digest_of
from compiler.text.unread import is_unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ABSENT = "-"
"""In place of a digest: there is no regular file."""
OURS, BASES = ".periplus", "base"
RECORD = "unchanged"
"""What the last compile left to be known again by: `.periplus/unchanged` in the output directory."""
TEMPORARY = ".periplus-"
LARGEST = 64 * 1024 * 1024
"""No more of a file is read: what is generated stays far below, even for ten thousand services."""
SIDES = {
    "MERGE_HEAD": ("MERGE_HEAD", ""),
    "CHERRY_PICK_HEAD": ("CHERRY_PICK_HEAD", "CHERRY_PICK_HEAD^"),
    "REBASE_HEAD": ("REBASE_HEAD", "REBASE_HEAD^"),
    "REVERT_HEAD": ("REVERT_HEAD^", "REVERT_HEAD"),
}
"""What git calls the other side while it waits for a merge -> that side, and what both come from; else their base."""
_REBASING = ("rebase-merge", "rebase-apply")
_CHUNK = 256 * 1024
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Sight:
    """The files below a repository, seen from the manifest's folder as `DiskFiles` sees them."""

    def __init__(self, folder: str) -> None:
        """Look from a folder, whose path goes through no link."""
        self.folder = folder
        self.repository = repository_above(folder)
        self._buffer = bytearray(_CHUNK)
        self._reals: dict[str, str] = {}

    def file(self, path: str) -> str:
        """The digest of a regular file inside the repository, of its first 64 MiB; else `ABSENT`."""
        real = self._inside(path)
        return ABSENT if real is None else digest_of(_pieces(real, self._buffer))

    def content(self, path: str) -> bytes:
        """The first 64 MiB of a regular file inside the repository. Raises ValueError where there is none."""
        real = self._inside(path)
        if real is None:
            message = f"{path} is no regular file"
            raise ValueError(message)
        return _content(real)

    def glob(self, pattern: str) -> str:
        """The digest of the names of the files that match."""
        up, rest = ups(pattern)
        base = self.folder
        for _ in range(up):
            if base == self.repository:
                return digest_of(())
            base = os.path.dirname(base)
        return names_digest("../" * up + path for path in matching(base, rest, self.repository))

    def real(self, path: str) -> str:
        """Where a path leads, links followed; one from the manifest's folder."""
        return self._real(os.path.join(self.folder, path))

    def _inside(self, path: str) -> str | None:
        real = self.real(path)
        top = f"{self.repository.rstrip('/')}/"
        is_open = real.startswith(top) and not is_unread(real.removeprefix(top))
        return real if is_open and _is_file(real) else None

    def _real(self, path: str) -> str:
        if path not in self._reals:
            head, _, tail = path.rpartition("/")
            self._reals[path] = self._below(self._real(head) if head else "", tail)
        return self._reals[path]

    def _below(self, folder: str, name: str) -> str:
        if name in {"", "."}:
            return folder or "/"
        if name == "..":
            return os.path.dirname(folder) or "/"
        path = f"{folder.rstrip('/')}/{name}"
        try:
            is_link = stat.S_ISLNK(os.lstat(path).st_mode)
        except OSError:
            return path
        return os.path.realpath(path) if is_link else path


def repository_above(folder: str) -> str:
    """The nearest folder with `.git` (file or directory), be it this one; this one where there is none."""
    above = folder
    while not os.path.exists(f"{above}/.git"):
        if above in {"/", ""}:
            return folder
        above = os.path.dirname(above)
    return above


def waiting_commit(output: str) -> str | None:
    """The name of the commit that is being merged in the repository of a directory; None in no merge."""
    git = _git_folder(repository_above(output))
    names = [name for name in SIDES if os.path.isfile(f"{git}/{name}")]
    if not any(os.path.isdir(f"{git}/{name}") for name in _REBASING):
        names = [name for name in names if name != "REBASE_HEAD"]
    return names[0] if names else None


def ups(pattern: str) -> tuple[int, str]:
    """How many folders up a pattern begins, and the rest of it."""
    parts = os.path.normpath(pattern).split("/")
    count = next((index for index, part in enumerate(parts) if part != ".."), len(parts))
    return count, "/".join(parts[count:]) or "."


def names_digest(names: "Iterable[str]") -> str:
    """The digest of what a pattern matched."""
    return digest_of(os.fsencode(f"{name}\0") for name in names)


def tree_digest(output: str, wanted: "Iterable[str]") -> str:
    """The digest of all that `look` sees in an output directory: paths, texts, and which files can be executed.

    `wanted` are those of the person's files that are ours as well.
    """
    found = sorted(_files(f"{output}/", "", frozenset(wanted)))
    buffer = bytearray(_CHUNK)
    return digest_of(piece for path in found for piece in _told(f"{output}/{path}", path, buffer))


def heading(path: str, size: int, *, executable: bool) -> bytes:
    """What stands before the bytes of each file in the digest of a tree."""
    return os.fsencode(f"{path}\0{'x' if executable else '-'}{size}\0")


def is_the_persons(path: str) -> bool:
    """Whether a file is never ours, whatever its text: a copy of `.env.example` carries our signature."""
    copied, _, number = path.rpartition(".edited-")
    is_copy = bool(copied) and number.isascii() and number.isdigit()
    return is_copy or path == ".env" or (path.startswith(".env.") and path != ".env.")


def is_temporary(name: str) -> bool:
    """Whether a file is what a killed run left behind."""
    return name.startswith(TEMPORARY) and name.endswith(".tmp")


def read_record(output: str) -> bytes:
    """The record of an output directory. Raises ValueError where there is none, or none that we would have put."""
    path = f"{output}/{OURS}/{RECORD}"
    if os.path.islink(f"{output}/{OURS}") or not _is_file(path):
        message = f"{path} is no regular file"
        raise ValueError(message)
    return _content(path)


def _git_folder(repository: str) -> str:
    git = f"{repository}/.git"
    if not os.path.isfile(git):
        return git
    told = _content(git).decode("utf-8", "replace").removeprefix("gitdir:").strip()
    return os.path.join(repository, told)


def _files(output: str, folder: str, wanted: frozenset[str]) -> "Iterator[str]":
    with os.scandir(output + folder) as entries:
        for entry in entries:
            path = folder + entry.name
            if entry.name in SKIPPED or entry.is_symlink():
                continue
            if "\n" in path or is_temporary(entry.name):
                message = f"{path} is not expected here"
                raise ValueError(message)
            if path == OURS:
                yield from _bases(output, wanted)
            elif entry.is_dir():
                yield from _files(output, f"{path}/", wanted)
            elif path in wanted or not is_the_persons(path):
                yield path


def _bases(output: str, wanted: frozenset[str]) -> "Iterator[str]":
    """What Periplus keeps for itself, and is looked at: the bases of kept files."""
    names = os.listdir(output + OURS)
    if not {BASES, RECORD}.issuperset(names):
        message = f"{OURS} holds more than is ours"
        raise ValueError(message)
    base = f"{OURS}/{BASES}"
    if BASES in names and not os.path.islink(output + base) and os.path.isdir(output + base):
        yield from _files(output, f"{base}/", wanted)


def _told(place: str, path: str, buffer: bytearray) -> "Iterator[bytes | memoryview]":
    seen = os.lstat(place)
    if not stat.S_ISREG(seen.st_mode):
        message = f"{path} is no regular file"
        raise ValueError(message)
    yield heading(path, min(seen.st_size, LARGEST), executable=bool(seen.st_mode & stat.S_IXUSR))
    yield from _pieces(place, buffer)


def _is_file(path: str) -> bool:
    """Whether there is a regular file: a device or pipe is never opened."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _content(path: str) -> bytes:
    return b"".join(map(bytes, _pieces(path, bytearray(_CHUNK))))


def _pieces(path: str, buffer: bytearray) -> "Iterator[memoryview]":
    """The first 64 MiB of a file, each piece good until the next."""
    whole = memoryview(buffer)
    descriptor = os.open(path, _READ)
    try:
        left = LARGEST
        while left and (count := os.readv(descriptor, [whole[:left]])):
            left -= count
            yield whole[:count]
    finally:
        os.close(descriptor)
