"""The files that match a pattern, without pathlib and regular expressions: those take longer to load than to look."""

import errno
import os
import stat

from compiler.text.unread import is_gits, is_unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__"})
"""Folders and files that are never ours to look at."""
MOST = 100_000
"""So many files and folders are looked at for one pattern: seconds at most."""
_WILD = frozenset("*?[")
_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP})


def matching(base: str, pattern: str, repository: str = "") -> tuple[str, ...]:
    """The regular files below a folder, relative to it and sorted; `**` is any number of folders.

    No linked folder stands for `*` or `**`, and one that is named is entered in the repository only (the folder itself
    where none is given). One of the skipped names on the way there, and a file never matches. Raises OSError where a
    file cannot be told, or `MOST` do not suffice.
    """
    parts = collapsed(pattern.split("/"))
    if parts[0] == "" or parts[-1] == "**":
        return ()
    found = {path for path in _matches(f"{base.rstrip('/')}/", parts, repository or base) if path}
    return tuple(sorted(path for path in found if stat.S_ISREG(_mode(f"{base}/{path}"))))


def collapsed(parts: "Sequence[str]") -> "list[str]":
    """The parts of a pattern, each `**` once where several follow each other: that means the same."""
    return [part for part, before in zip(parts, ("", *parts), strict=False) if part != "**" or before != "**"]


def _matches(base: str, parts: "Sequence[str]", repository: str) -> "Iterator[str]":
    """Paths from `base` that are as the parts say, each folder looked at once for each part."""
    waiting = [("", 0)]
    known = set(waiting)
    looked = 0
    while waiting:
        folder, at = waiting.pop()
        part, is_last = parts[at], at + 1 == len(parts)
        is_named = _WILD.isdisjoint(part)
        entries = [] if is_named else _entries(base + folder)
        looked += 1 + len(entries)
        if looked > MOST:
            message = f"more than {MOST:,} files and folders to look at: name a folder instead of the stars"
            raise OSError(errno.E2BIG, message, base + "/".join(parts))
        if part == "**":
            further = [(folder, at + 1), *((f"{folder}{one.name}/", at) for one in entries if _is_folder(one))]
        elif is_named and (part in SKIPPED or is_gits(part)):
            continue
        elif is_last:
            yield from (folder + name for name in ([part] if is_named else _fitting(entries, part)))
            continue
        elif is_named:
            further = [(f"{folder}{part}/", at + 1)] if _is_open(base + folder + part, repository) else []
        else:
            below = _fitting([one for one in entries if _is_folder(one)], part)
            further = [(f"{folder}{name}/", at + 1) for name in below]
        waiting.extend(one for one in further if one not in known)
        known.update(further)


def _fitting(entries: "list[os.DirEntry[str]]", part: str) -> "list[str]":
    return [entry.name for entry in entries if _fits(entry.name, part)]


def _is_open(path: str, repository: str) -> bool:
    """Whether a folder may be entered: it is no link, or one to a folder in the repository, and not git's."""
    if not os.path.islink(path):
        return True
    real, top = os.path.realpath(path), os.path.realpath(repository)
    return real == top or (real.startswith(f"{top.rstrip('/')}/") and not is_unread(real.removeprefix(top).lstrip("/")))


def _entries(folder: str) -> "list[os.DirEntry[str]]":
    """What is in a folder; nothing in one that is none, or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.name not in SKIPPED]
    except OSError:
        return []


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _mode(path: str) -> int:
    try:
        return os.stat(path).st_mode
    except OSError as problem:
        if problem.errno in _MISSING:
            return 0
        raise


def _fits(name: str, pattern: str) -> bool:
    """Whether a name matches: `*` any characters, `?` one, `[…]` one of a set."""
    if "[" in pattern:
        from fnmatch import fnmatchcase  # noqa: PLC0415 - sets are rare, and regular expressions cost

        return fnmatchcase(name, pattern)
    if "*" not in pattern:
        return _begins(name, pattern, 0) and len(name) == len(pattern)
    first, *middle, last = pattern.split("*")
    if len(name) < len(first) + len(last) or not _begins(name, first, 0):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in middle:
        while at + len(piece) <= end and not _begins(name, piece, at):
            at += 1
        at += len(piece)
    return at <= end and _begins(name, last, end)


def _begins(name: str, piece: str, at: int) -> bool:
    """Whether a piece without `*` stands at a place of a name."""
    part = name[at : at + len(piece)]
    return len(part) == len(piece) and all(one in {"?", other} for one, other in zip(piece, part, strict=True))
