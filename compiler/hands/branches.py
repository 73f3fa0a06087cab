"""What the branches that are being merged hold of a directory: git leaves one side of a generated file whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from compiler.hands.disk import read_regular
from compiler.hands.sight import SIDES, waiting_commit
from compiler.model.tree import Branch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def branches_of(output: Path) -> tuple[Branch, ...]:
    """Both sides of a merge, rebase, cherry-pick or revert that git waits for, with the files they changed in a
    directory; none where git waits for nothing, which costs a few looks and no process.

    A text that stands in a saved copy is left out: it is not lost. Nothing without git, or where git cannot tell.
    """  # noqa: D205 - one sentence
    waiting = waiting_commit(os.fspath(output))
    if waiting is None or not output.is_dir():
        return ()
    from compiler.hands.git import GitError  # noqa: PLC0415 - only in a merge

    side, base = SIDES[waiting]
    try:
        return tuple(_branches(output, side, base))
    except GitError:
        return ()


def _branches(output: Path, side: str, base: str) -> Iterator[Branch]:
    from compiler.hands.git import ask, listed, revision_files  # noqa: PLC0415 - only in a merge

    before = base or ask(output, "merge-base", "HEAD", side).strip()
    unmerged = listed(output, "ls-files", "--unmerged", "-z")
    unsettled = frozenset(entry.partition("\t")[2] for entry in unmerged)
    for name in ("HEAD", side):
        words = ("diff", "--name-only", "--no-renames", "--relative", "-z", before, name, "--", ".")
        files = revision_files(output, name)
        contents = ((path, files.read(path)) for path in listed(output, *words))
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
