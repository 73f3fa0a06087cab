"""The files that match a pattern, without pathlib and regular expressions: those take longer to load than to look."""

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__"})
"""Folders and files that are never ours to look at."""
_WILD = frozenset("*?[")
_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP})


def matching(base: str, pattern: str) -> tuple[str, ...]:
    """The regular files below a folder, relative to it and sorted; `**` is any number of folders, none a link.

    One of the skipped names on the way there, and a file never matches. Raises OSError where a file cannot be told.
    """
    if pattern.startswith("/"):
        return ()
    found = {path for path in _matches(f"{base.rstrip('/')}/", "", pattern.split("/")) if path}
    return tuple(sorted(path for path in found if stat.S_ISREG(_mode(f"{base}/{path}"))))


def _matches(base: str, folder: str, parts: "Sequence[str]") -> "Iterator[str]":
    """Paths from `base` that begin with a folder (empty, or with a slash at its end) and go on as the parts say."""
    part, *rest = parts
    if part == "**":
        for below in _folders(base, folder):
            yield from _matches(base, below, rest) if rest else ()
    elif _WILD.isdisjoint(part):
        if part not in SKIPPED:
            yield from _on(base, folder + part, rest)
    else:
        for entry in _entries(base + folder):
            if _fits(entry.name, part) and (not rest or _is_folder(entry)):
                yield from _on(base, folder + entry.name, rest)


def _on(base: str, path: str, rest: "Sequence[str]") -> "Iterator[str]":
    if rest:
        yield from _matches(base, f"{path}/", rest)
    else:
        yield path


def _folders(base: str, folder: str) -> "Iterator[str]":
    yield folder
    for entry in _entries(base + folder):
        if _is_folder(entry) and not entry.is_symlink():
            yield from _folders(base, f"{folder}{entry.name}/")


def _entries(folder: str) -> "list[os.DirEntry[str]]":
    """What is in a folder; nothing in one that is none, or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.name not in SKIPPED]
    except OSError:
        return []


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
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
