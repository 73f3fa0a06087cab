"""What is done about a path: a total function of what stands there and what is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.tree import Action, Artifact, Decision, OnDisk, Owner, Standing
from compiler.ownership.signature import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compiler.model.tree import Tree

_ABSENT = Standing("absent")


def decide_all(standing: Mapping[str, Standing], tree: Tree, overwrite: frozenset[str]) -> tuple[Decision, ...]:
    """Every path of the tree, then every other file that stands in the output; files of no concern are left out."""
    paths: Iterable[str] = (*tree, *sorted(path for path in standing if path not in tree))
    decisions = (
        Decision(path, decide(on_disk(standing.get(path, _ABSENT), wanted), wanted, overwrite=path in overwrite))
        for path, wanted in ((path, tree.get(path)) for path in paths)
    )
    return tuple(decision for decision in decisions if decision.action is not Action.IGNORE)


def on_disk(standing: Standing, wanted: Artifact | None) -> OnDisk:
    """What stands at a path, judged by its own signature and against what is wanted."""
    if standing.kind != "file" or standing.text is None:
        return OnDisk(standing.kind, executable=standing.executable)
    same = wanted is not None and wanted.text == standing.text
    return OnDisk("file", judge(standing.text), same, standing.executable)


def decide(disk: OnDisk, wanted: Artifact | None, *, overwrite: bool = False) -> Action:
    """One path's action. `wanted` is None for a file that no emission asks for; `overwrite` is the person's word."""
    if wanted is None:
        return _unwanted(disk, overwrite=overwrite)
    if disk.kind == "absent":
        return Action.CREATE
    if disk.kind != "file":
        return Action.FOREIGN
    if wanted.owner is Owner.ONCE:
        return Action.UNCHANGED
    if disk.same:
        return Action.UNCHANGED if disk.executable == wanted.executable else Action.UPDATE
    if disk.signature == "valid":
        return Action.UPDATE
    if overwrite:
        return Action.REPLACE
    return Action.EDITED if disk.signature == "broken" else Action.FOREIGN


def _unwanted(disk: OnDisk, *, overwrite: bool) -> Action:
    if disk.kind != "file" or disk.signature == "none":
        return Action.IGNORE
    return Action.DELETE if disk.signature == "valid" or overwrite else Action.EDITED
