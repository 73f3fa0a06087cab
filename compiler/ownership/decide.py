"""What is done about a path: a total function of what stands there and what is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.tree import Action, Artifact, Decision, OnDisk, Owner, Standing
from compiler.ownership.signature import judge, manifest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.tree import Merging, Tree
    from compiler.ownership.signature import Judgement

REFUSED = frozenset({Action.EDITED, Action.FOREIGN, Action.OTHERS, Action.MARKED, Action.BASELESS, Action.LOST})
"""With one of these nothing at all is written."""
ABSENT = Standing("absent")
_NONE: Mapping[str, Merging] = {}


def decide_all(
    standing: Mapping[str, Standing],
    tree: Tree,
    overwrite: frozenset[str],
    merging: Mapping[str, Merging] = _NONE,
    others: frozenset[str] = frozenset(),
    lost: frozenset[str] = frozenset(),
) -> tuple[Decision, ...]:
    """Every path of the tree, then every other file that stands in the output; files of no concern are left out.

    `merging` tells of kept paths how their merge goes; `others` are other manifests that are still there;
    of the paths `lost` a branch that is being merged holds an edit that would be gone.
    """
    decisions: list[Decision] = []
    for path in (*tree, *sorted(path for path in standing if path not in tree)):
        wanted = tree.get(path)
        disk = on_disk(standing.get(path, ABSENT), wanted, others)
        disk = disk._replace(merging=merging.get(path, "none"), lost=path in lost)
        decisions.append(Decision(path, decide(disk, wanted, overwrite=path in overwrite)))
    return tuple(decision for decision in decisions if decision.action is not Action.IGNORE)


def on_disk(standing: Standing, wanted: Artifact | None, others: frozenset[str] = frozenset()) -> OnDisk:
    """What stands at a path, judged by its own signature and against what is wanted."""
    if standing.kind != "file" or standing.text is None:
        return OnDisk(standing.kind, executable=standing.executable)
    same = wanted is not None and wanted.text == standing.text
    is_as_signed = wanted is not None and same and wanted.owner is Owner.GENERATED
    signature: Judgement = "valid" if is_as_signed else judge(standing.text)
    if signature != "none" and manifest_of(standing.text) in others:
        return OnDisk("file", "other", same, standing.executable)
    return OnDisk("file", signature, same, standing.executable)


def decide(disk: OnDisk, wanted: Artifact | None, *, overwrite: bool = False) -> Action:
    """One path's action. `wanted` is None for a file that no emission asks for; `overwrite` is the person's word."""
    if disk.lost and not overwrite and (wanted is None or wanted.owner is not Owner.ONCE):
        return _losing(disk, wanted)
    if wanted is None:
        return _unwanted(disk, overwrite=overwrite)
    if disk.kind == "absent":
        is_gone = wanted.owner is Owner.KEPT and disk.merging == "baseless" and not overwrite
        return Action.BASELESS if is_gone else Action.CREATE
    if disk.kind != "file":
        return Action.FOREIGN
    if wanted.owner is Owner.ONCE:
        return Action.UNCHANGED
    if wanted.owner is Owner.KEPT:
        return _kept(disk, executable=wanted.executable, overwrite=overwrite)
    return _generated(disk, executable=wanted.executable, overwrite=overwrite or wanted.owner is Owner.BASE)


def _losing(disk: OnDisk, wanted: Artifact | None) -> Action:
    """What would be done about it where that is nothing or another refusal; an edit on this side comes second."""
    action = decide(disk._replace(lost=False), wanted)
    is_base = wanted is not None and wanted.owner is Owner.BASE
    is_settled = action is Action.IGNORE or (action in REFUSED and action is not Action.EDITED)
    return action if is_base or is_settled else Action.LOST


def _unwanted(disk: OnDisk, *, overwrite: bool) -> Action:
    if disk.kind != "file" or disk.signature in {"none", "other"}:
        return Action.IGNORE
    return Action.DELETE if disk.signature == "valid" or overwrite else Action.EDITED


def _generated(disk: OnDisk, *, executable: bool, overwrite: bool) -> Action:
    if disk.same:
        return _with_mode(disk, executable=executable)
    if disk.signature == "other":
        return Action.OTHERS
    if disk.signature == "valid":
        return Action.UPDATE
    if overwrite:
        return Action.REPLACE
    return Action.EDITED if disk.signature == "broken" else Action.FOREIGN


def _kept(disk: OnDisk, *, executable: bool, overwrite: bool) -> Action:
    if overwrite and not disk.same:
        return Action.REPLACE
    if overwrite or (disk.merging == "clean" and disk.same):
        return _with_mode(disk, executable=executable)
    return _MERGED[disk.merging]


_MERGED: Mapping[Merging, Action] = {
    "none": Action.FOREIGN,
    "clean": Action.MERGE,
    "conflict": Action.CONFLICT,
    "marked": Action.MARKED,
    "baseless": Action.BASELESS,
}


def _with_mode(disk: OnDisk, *, executable: bool) -> Action:
    return Action.UPDATE if executable and not disk.executable else Action.UNCHANGED  # some disks make all executable
