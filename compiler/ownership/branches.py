"""What a merge would lose: git leaves one side of a generated file whole, and an edit may be on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.tree import Standing
from compiler.ownership.kept import base_path, holds_nothing_else
from compiler.ownership.signature import judge
from compiler.text.lines import with_line_feeds
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.model.tree import Branch


class Lost(NamedTuple):
    """The edited text that one of the branches holds of a path, and what git calls that branch."""

    branch: str
    text: str


def lost_edits(standing: Mapping[str, Standing], branches: Sequence[Branch]) -> Mapping[str, Lost]:
    """Of each path the edit that is not in what stands: that is as it was generated or, while git calls the path
    unmerged, another branch's text, whole. What stands in any other way git has merged, or a person.
    """  # noqa: D205 - one sentence
    return {
        path: Lost(branch.name, text)
        for branch in branches
        for path, text in branch.texts.items()
        if path in standing and _is_edited(path, text, branch) and not _is_dealt_with(path, branch, standing, branches)
    }


def _is_edited(path: str, text: str, branch: Branch) -> bool:
    """Whether a branch's file holds anything of a person's: kept and never edited it does not."""
    if judge(text) == "valid":
        return False
    base = branch.texts.get(base_path(path))
    return base is None or not holds_nothing_else(Standing("file", text), with_line_feeds(base))


def _is_dealt_with(path: str, branch: Branch, standing: Mapping[str, Standing], branches: Sequence[Branch]) -> bool:
    stands = standing[path].text
    if stands is None:
        return standing[path].kind != "absent"
    judgement = judge(stands)
    if judgement == "valid":
        return False
    is_whole = judgement == "broken" and path in branch.unsettled  # a kept file git merges line by line
    if not is_whole or _same(stands, branch.texts[path]):
        return True
    return not any(_same(stands, other) for other in _texts(path, branches))


def _texts(path: str, branches: Sequence[Branch]) -> Iterator[str]:
    return (branch.texts[path] for branch in branches if path in branch.texts)


def _same(one: str, other: str) -> bool:
    return with_line_feeds(one) == with_line_feeds(other)
