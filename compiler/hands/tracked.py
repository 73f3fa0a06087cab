"""What git knows of the working tree: the manifests there are, and the files that a commit would leave out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MANIFESTS = ("integration.yaml", "*.integration.yaml")
_SKIPPED = frozenset({"node_modules", "__pycache__"})


class Missing(NamedTuple):
    """Files that stand on the disk and not in git: one `git add` away, or ignored and needing a word more."""

    untracked: tuple[Path, ...] = ()
    ignored: tuple[Path, ...] = ()


def manifests_named(folder: Path) -> tuple[Path, ...]:
    """All files below a folder that are called as manifests are, sorted; none that git ignores or in a hidden folder.

    Without git, whatever the disk holds.
    """
    patterns = (f":(glob){prefix}{name}" for name in _MANIFESTS for prefix in ("", "**/"))
    words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns)
    listed = _git(folder, *words)
    found = _walked(folder) if listed is None else (folder / name for name in listed)
    return tuple(sorted({path for path in found if path.is_file() and not _is_hidden(path.relative_to(folder))}))


def missing_from_git(folder: Path, paths: Iterable[Path]) -> Missing:
    """Which of these files, all in the repository of `folder`, are not in its index; nothing where there is no git.

    Ignored files count where git knows another of the files: a tree that is ignored as a whole is someone's choice.
    """
    wanted = {os.path.relpath(path, folder): path for path in paths}
    tracked = _git(folder, "ls-files", "-z", "--cached", "--", *_roots(wanted))
    ignored = _git(folder, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *_roots(wanted))
    if tracked is None or ignored is None:
        return Missing()
    known, unwelcome = set(tracked), set(ignored)
    absent = {name: path for name, path in wanted.items() if name not in known and path.is_file()}
    return Missing(
        tuple(path for name, path in absent.items() if name not in unwelcome),
        tuple(path for name, path in absent.items() if name in unwelcome and known & set(wanted)),
    )


def _roots(names: Iterable[str]) -> Sequence[str]:
    """The files by their first folders: a command line has an end. Literal, whatever characters are in them."""
    return sorted({f":(literal){name if name.startswith('..') else Path(name).parts[0]}" for name in names})


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in _SKIPPED for part in path.parts[:-1])


def _walked(folder: Path) -> Iterator[Path]:
    for current, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _is_hidden(Path(name, "x"))]
        yield from (Path(current, name) for name in names if name in _MANIFESTS or name.endswith(_MANIFESTS[1][1:]))


def _git(folder: Path, *words: str) -> list[str] | None:
    """The names that git lists, relative to the folder; None where there is no git, or no repository."""
    from compiler.hands.git import GitError, listed  # noqa: PLC0415 - most runs ask nothing of git

    try:
        return listed(folder, *words)
    except GitError:
        return None
