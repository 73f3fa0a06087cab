"""The disk: reading within the repository, and writing whole files within the output directory."""

from __future__ import annotations

import contextlib
import os
import posixpath
import re
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compiler.model.tree import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.tree import Artifact

_LARGEST = 8 * 1024 * 1024
_TEMPORARY = ".periplus-"
_SAVED = re.compile(r".+\.edited-[0-9]+")
_ENVIRONMENT = ".env"
_SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__"})


class LinkedError(Exception):
    """The way to the output directory goes through a symbolic link: nothing is read or written through it."""


class DiskFiles(NamedTuple):
    """Files below a repository, read relative to the manifest's folder."""

    folder: Path
    repository: Path

    @property
    def reach(self) -> int:
        """How many folders above the manifest still belong to the repository."""
        return len(self.folder.relative_to(self.repository).parts)

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file inside the repository, else None. Raises OSError where it cannot be read."""
        target = self._inside(path)
        if target is None:
            return None
        return read_regular(target)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The regular files that match, relative to the manifest's folder, sorted."""
        up, rest = _ups(posixpath.normpath(pattern))
        if up > self.reach:
            return ()
        base = self.folder.parents[up - 1] if up else self.folder
        found = (path for path in base.glob(rest) if path.is_file() and not _SKIPPED & set(path.parts))
        prefix = "../" * up
        return tuple(sorted(prefix + path.relative_to(base).as_posix() for path in found))

    def _inside(self, path: str) -> Path | None:
        try:
            target = (self.folder / path).resolve()
        except (OSError, RuntimeError, ValueError):  # too long, a ring of links, a NUL
            return None
        return target if target.is_relative_to(self.repository) else None


def read_regular(path: Path) -> bytes | None:
    """The bytes of a regular file, None for anything else: a device or pipe is never opened."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(mode):
        return None
    with path.open("rb") as stream:
        return stream.read(_LARGEST)


def repository_of(folder: Path) -> Path:
    """The nearest folder above with `.git` (file or directory), or the folder itself."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def manifests_above(start: Path) -> tuple[Path, ...]:
    """Whatever is called `integration.yaml` here or above, the nearest first."""
    candidates = (folder / "integration.yaml" for folder in (start, *start.parents))
    return tuple(path for path in candidates if os.path.lexists(path))


def look(output: Path, wanted: Iterable[str]) -> dict[str, Standing]:
    """What stands at every wanted path, and every other file below the output directory but saved copies.

    Raises LinkedError where the way there goes through a link.
    """
    if output.resolve() != Path(os.path.normpath(output)):
        message = f"{output} is reached through a symbolic link: put a directory there, or choose another `output`"
        raise LinkedError(message)
    found = {path: _look(output, path) for path in wanted}
    for path in _walk(output, output):
        relative = path.relative_to(output).as_posix()
        if relative not in found and not _is_the_persons(relative):
            found[relative] = _look(output, relative)
    return found


class Changes(NamedTuple):
    """What to do to an output directory: paths in it, and the lock outside it, None where it stays.

    `saved` are the files to keep a copy of, byte for byte, before they are replaced or removed.
    """

    written: Mapping[str, Artifact]
    removed: Sequence[str]
    saved: Sequence[str]
    lock: tuple[Path, str] | None


def carry_out(output: Path, changes: Changes) -> tuple[str, ...]:
    """Write every file whole, and give back the names of the saved copies: all are staged beside their places first.

    Killed at any instant every file is the old one or the new one. Raises OSError, with nothing replaced where
    staging fails.
    """
    copies = {path: _free_name(output, path) for path in changes.saved}
    staged: list[tuple[Path, Path]] = []
    try:
        for path, copy in copies.items():
            staged.append((_stage_copy(output / path, output / copy), output / copy))
        for path, artifact in changes.written.items():
            target = output / path
            make_folder(target.parent)
            staged.append((_stage(target, artifact.text, 0o755 if artifact.executable else 0o644), target))
        last = [(_stage(path, text, 0o644), path) for path, text in ([changes.lock] if changes.lock else [])]
        staged.extend(last)
        for temporary, target in staged[: len(staged) - len(last)]:
            temporary.replace(target)
        for path in changes.removed:
            _remove(output, output / path)
        for temporary, target in last:
            temporary.replace(target)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
    return tuple(copies.values())


def make_folder(folder: Path) -> None:
    """The folder and those above it; what is made has mode 0755 whatever the umask."""
    missing: list[Path] = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for entry in reversed(missing):
        entry.mkdir(exist_ok=True)
        entry.chmod(0o755)


def clear_temporaries(output: Path, lock: Path) -> None:
    """Remove what a killed run left behind in an output directory and beside its lock."""
    for path in (*_walk(output, output, temporaries=True), *lock.parent.glob(f"{_temporary(lock)}.*.tmp")):
        path.unlink(missing_ok=True)


def _stage(target: Path, text: str, mode: int) -> Path:
    temporary = target.with_name(f"{_temporary(target)}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with _gone_on_failure(temporary), os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
        os.fchmod(stream.fileno(), mode)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return temporary


def _stage_copy(original: Path, target: Path) -> Path:
    temporary = target.with_name(f"{_temporary(target)}.{os.getpid()}.tmp")
    with _gone_on_failure(temporary):
        shutil.copy(original, temporary, follow_symlinks=False)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
    return temporary


@contextlib.contextmanager
def _gone_on_failure(temporary: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _temporary(target: Path) -> str:
    return f"{_TEMPORARY}{target.name.lstrip('.')}"


def _free_name(output: Path, path: str) -> str:
    number = 1
    while os.path.lexists(output / f"{path}.edited-{number}"):
        number += 1
    return f"{path}.edited-{number}"


def _remove(output: Path, path: Path) -> None:
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == output:
            return
        with contextlib.suppress(OSError):
            folder.rmdir()


def _is_the_persons(relative: str) -> bool:
    """Whether a file is never ours, whatever its text: a copy of `.env.example` carries our signature."""
    return relative == _ENVIRONMENT or _SAVED.fullmatch(relative) is not None


def _look(output: Path, relative: str) -> Standing:
    current = output
    for part in ("", *relative.split("/")[:-1]):
        current = current / part
        if current.is_symlink():
            return Standing("symlink")
        if current.exists() and not current.is_dir():
            return Standing("special")
    target = output / relative
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


def _walk(folder: Path, output: Path, *, temporaries: bool = False) -> Iterator[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name in _SKIPPED or (folder == output and entry.name == ".periplus"):
            continue
        if entry.is_dir():
            yield from _walk(entry, output, temporaries=temporaries)
        elif (entry.name.startswith(_TEMPORARY) and entry.name.endswith(".tmp")) == temporaries:
            yield entry


def _ups(pattern: str) -> tuple[int, str]:
    parts = pattern.split("/")
    count = next((index for index, part in enumerate(parts) if part != ".."), len(parts))
    return count, "/".join(parts[count:]) or "."
