"""What the branches that are being merged hold of a directory: git leaves one side of a generated file whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.hands.disk import read_regular, repository_of
from compiler.model.tree import Branch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SIDES = {
    "MERGE_HEAD": ("MERGE_HEAD", ""),
    "CHERRY_PICK_HEAD": ("CHERRY_PICK_HEAD", "CHERRY_PICK_HEAD^"),
    "REBASE_HEAD": ("REBASE_HEAD", "REBASE_HEAD^"),
    "REVERT_HEAD": ("REVERT_HEAD^", "REVERT_HEAD"),
}
"""What git calls the other side while it waits for a merge -> that side, and what both come from; else their base."""
_REBASING = ("rebase-merge", "rebase-apply")


def branches_of(output: Path) -> tuple[Branch, ...]:
    """Both sides of a merge, rebase, cherry-pick or revert that git waits for, with the files they changed in a
    directory; none where git waits for nothing, which costs a few looks and no process.

    A text that stands in a saved copy is left out: it is not lost. Nothing without git, or where git cannot tell.
    """  # noqa: D205 - one sentence
    waiting = _waiting(output)
    if waiting is None or not output.is_dir():
        return ()
    from compiler.hands.git import GitError  # noqa: PLC0415 - only in a merge

    side, base = _SIDES[waiting]
    try:
        return tuple(_branches(output, side, base))
    except GitError:
        return ()


def _waiting(output: Path) -> str | None:
    """The name of the commit that is being merged."""
    git = repository_of(output) / ".git"
    if git.is_file():
        told = (read_regular(git) or b"").decode("utf-8", "replace").removeprefix("gitdir:").strip()
        git = git.parent / told
    names = [name for name in _SIDES if (git / name).is_file()]
    if not any((git / name).is_dir() for name in _REBASING):
        names = [name for name in names if name != "REBASE_HEAD"]
    return names[0] if names else None


def _branches(output: Path, side: str, base: str) -> Iterator[Branch]:
    from compiler.hands.git import ask, revision_files  # noqa: PLC0415 - only in a merge

    before = base or ask(output, "merge-base", "HEAD", side).strip()
    unmerged = ask(output, "ls-files", "--unmerged", "-z").split("\0")[:-1]
    unsettled = frozenset(entry.partition("\t")[2] for entry in unmerged)
    for name in ("HEAD", side):
        words = ("diff", "--name-only", "--no-renames", "--relative", "-z", before, name, "--", ".")
        files = revision_files(output, name)
        contents = ((path, files.read(path)) for path in ask(output, *words).split("\0")[:-1])
        yield Branch(
            name,
            {
                path: content.decode("utf-8", "replace")
                for path, content in contents
                if content is not None and content not in _saved(output / path)
            },
            unsettled,
        )


def _saved(path: Path) -> list[bytes | None]:
    return [read_regular(copy) for copy in path.parent.glob(f"{path.name}.edited-*")]
