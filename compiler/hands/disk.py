"""The disk: reading within the repository, and writing whole files within the output directory."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.hands.folders import Folders, clear_beside, linked
from compiler.hands.globs import SKIPPED, matching
from compiler.hands.refused import RefusedError
from compiler.hands.sight import BASES, LARGEST, OURS, is_temporary, is_the_persons, repository_above, ups
from compiler.model.tree import Standing
from compiler.text.named import NamedTuple
from compiler.text.unread import is_unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.hands.folders import Staged
    from compiler.model.tree import Artifact


class ChangedError(RefusedError):
    """Somebody wrote into the output directory after it was looked at."""


class DiskFiles(NamedTuple):
    """Files below a repository, read relative to the manifest's folder."""

    folder: Path
    repository: Path

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""
        return len(self.folder.relative_to(self.repository).parts)

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file inside the repository, else None, as for what is never read. Raises OSError."""
        target = self._inside(path)
        if target is None:
            return None
        return read_regular(target)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The regular files that match, relative to the manifest's folder, sorted. Raises OSError for too many."""
        up, rest = ups(pattern)
        if up > self.reach:
            return ()
        base = self.folder.parents[up - 1] if up else self.folder
        return tuple("../" * up + path for path in matching(os.fspath(base), rest, os.fspath(self.repository)))

    def _inside(self, path: str) -> Path | None:
        try:
            target = (self.folder / path).resolve()
        except (OSError, RuntimeError, ValueError):  # too long, a ring of links, a NUL
            return None
        if not target.is_relative_to(self.repository) or is_unread(os.fspath(target.relative_to(self.repository))):
            return None
        return target


def read_regular(path: Path) -> bytes | None:
    """The bytes of a regular file, None for anything else: a device or pipe is never opened."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    with path.open("rb") as stream:
        size = min(found.st_size, LARGEST)  # as much memory is set aside as is asked for, whatever there is to read
        content = stream.read(size)
        grown = stream.read(1) if size < LARGEST else b""
        return content + grown + stream.read(LARGEST - size - 1) if grown else content


def insist_as_read(path: Path, content: bytes | None) -> None:
    """Raises RefusedError where a file is no longer as it was read, None for one that was not there."""
    if read_regular(path) != content:
        message = f"{path} changed meanwhile: nothing was written, try again"
        raise RefusedError(message)


def repository_of(folder: Path) -> Path:
    """The nearest folder above with `.git` (file or directory), or the folder itself."""
    return Path(repository_above(os.fspath(folder)))


def manifests_above(start: Path) -> tuple[Path, ...]:
    """Whatever is called `integration.yaml` here or above, the nearest first."""
    candidates = (folder / "integration.yaml" for folder in (start, *start.parents))
    return tuple(path for path in candidates if os.path.lexists(path))


def look(output: Path, wanted: Iterable[str]) -> dict[str, Standing]:
    """What stands at every wanted path, and every other file below the output directory but saved copies.

    Raises LinkedError where the way there goes through a link.
    """
    if os.path.realpath(output) != os.path.normpath(output):
        raise linked(output)
    found = {path: _look(output, path) for path in wanted}
    for path in _walk(output):
        if path not in found and not is_the_persons(path):
            found[path] = _look(output, path)
    return found


def free_name(output: Path, path: str, passed_over: int = 0) -> str:
    """The next name under which a copy of a file can be saved beside it; as many free ones may be passed over."""
    names = (f"{path}.edited-{number}" for number in itertools.count(1))
    free = (name for name in names if not os.path.lexists(output / name))
    return next(itertools.islice(free, passed_over, None))


class Changes(NamedTuple):
    """What to do to an output directory: paths in it, and the lock outside it, None where it stays.

    `saved` are the files to keep a copy of, byte for byte, before they are replaced or removed. `seen` is what stood
    at the paths when that was decided: where something else stands by now, nothing is done.
    """

    written: Mapping[str, Artifact]
    removed: Sequence[str]
    saved: Sequence[str]
    lock: tuple[Path, str] | None
    seen: Mapping[str, Standing] = {}


def carry_out(output: Path, changes: Changes) -> tuple[str, ...]:
    """Write every file whole, and give back the names of the saved copies: all are staged beside their places first.

    Killed at any instant every file is the old one or the new one; the base of a kept file is replaced next after the
    file. Two manifests that want one directory take turns. Raises OSError naming the file, BusyError, ChangedError
    and LinkedError; unless the words say otherwise, nothing is replaced then.
    """
    from compiler.hands.guard import alone  # noqa: PLC0415 - only who writes needs it

    copies = {path: free_name(output, path) for path in changes.saved}
    with alone(output), Folders(output) as folders:
        staged = [_stage_copy(folders, output, path, copy) for path, copy in copies.items()]
        written = sorted(changes.written.items(), key=lambda item: _base_last(item[0]))
        staged.extend(_stage(folders, output, path, artifact) for path, artifact in written)
        last = [_stage_lock(folders, output, *changes.lock)] if changes.lock else []
        _insist_unchanged(output, changes)
        _put(folders, staged)
        for path in changes.removed:
            with _named(output / path, "it is not removed: compile again"):
                folders.remove(output / path, output)
        _put(folders, last)
    return tuple(copies.values())


def clear_temporaries(output: Path, lock: Path) -> None:
    """Remove what a killed run left behind in an output directory and beside its lock. Raises BusyError."""
    from compiler.hands.guard import alone  # noqa: PLC0415 - only who writes needs it

    with alone(output):
        for path in _walk(output, temporaries=True):
            (output / path).unlink(missing_ok=True)
        clear_beside(lock)


def _base_last(path: str) -> tuple[str, bool]:
    """A new base beside an old text would undo what is to be merged: so the text comes first, its base right after."""
    prefix = f"{OURS}/{BASES}/"
    return path.removeprefix(prefix), path.startswith(prefix)


def _stage(folders: Folders, output: Path, path: str, artifact: Artifact) -> Staged:
    with _named(output / path, f"nothing in `{output.name}` was changed"):
        return folders.stage(output / path, artifact.text.encode(), 0o755 if artifact.executable else 0o644)


def _stage_copy(folders: Folders, output: Path, path: str, copy: str) -> Staged:
    with _named(output / copy, f"nothing in `{output.name}` was changed"):
        return folders.stage_copy(output / path, output / copy)


def _stage_lock(folders: Folders, output: Path, path: Path, text: str) -> Staged:
    with _named(path, f"nothing in `{output.name}` was changed"):
        return folders.stage(path, text.encode(), 0o644)


def _insist_unchanged(output: Path, changes: Changes) -> None:
    for path in (*changes.written, *changes.removed):
        if path in changes.seen and _look(output, path) != changes.seen[path]:
            message = (
                f"{output / path} changed during the compilation: nothing in `{output.name}` was written, try again"
            )
            raise ChangedError(message)


def _put(folders: Folders, staged: Iterable[Staged]) -> None:
    for one in staged:
        with _named(one.target, "not every file is replaced: compile again"):
            folders.put(one)


@contextlib.contextmanager
def _named(path: Path, consequence: str) -> Iterator[None]:
    """An error of the disk says which file it is about, under its own name, and what that means."""
    try:
        yield
    except OSError as problem:
        raise OSError(problem.errno, f"{problem.strerror or problem}; {consequence}", str(path)) from problem


def _look(output: Path, relative: str) -> Standing:
    current = os.fspath(output)
    *folders, name = relative.split("/")
    for part in ("", *folders):
        current = f"{current}/{part}" if part else current
        mode = _mode(current)
        if mode and not stat.S_ISDIR(mode):
            above = os.path.relpath(current, output)
            return Standing("symlink" if stat.S_ISLNK(mode) else "special", above=above)
    target = Path(current, name)
    try:
        mode = target.lstat().st_mode
    except OSError:
        return Standing("absent")
    if stat.S_ISLNK(mode):
        return Standing("symlink")
    if stat.S_ISDIR(mode):
        return Standing("directory")
    if not stat.S_ISREG(mode):
        return Standing("special")
    try:
        text = (read_regular(target) or b"").decode("utf-8")
    except UnicodeDecodeError:
        text = None
    return Standing("file", text, bool(mode & stat.S_IXUSR))


def _mode(path: str) -> int:
    """What stands at a path, links not followed; 0 where there is nothing."""
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _walk(output: Path, below: str = "", *, temporaries: bool = False) -> Iterator[str]:
    """The files below a folder of the output directory, sorted, relative to the output directory."""
    folder = f"{output}/{below}".rstrip("/")
    if not stat.S_ISDIR(_mode(folder)):
        return
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = below + entry.name
        if entry.is_symlink() or entry.name in SKIPPED:
            continue
        if path == OURS and not temporaries:
            yield from _walk(output, f"{OURS}/{BASES}/")
        elif entry.is_dir():
            yield from _walk(output, f"{path}/", temporaries=temporaries)
        elif is_temporary(entry.name) == temporaries:
            yield path
