"""What there is to say of a lock beside the tree that stands: that it is gone, old, or lists what it should not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.ownership.lock import Lock, is_older
from compiler.ownership.signature import judge, manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.tree import Standing
    from compiler.ownership.settle import Kept


class LockFile(NamedTuple):
    """The lock as it was read, None where there is none. `upgrade` is the person's word."""

    path: str
    found: Lock | None
    upgrade: bool


def lock_defects(
    lock: LockFile, periplus: str, standing: Mapping[str, Standing], kept: Kept, output: str, others: frozenset[str]
) -> Iterator[Defect]:
    """What is wrong with the lock as a whole, and what it says about kept paths.

    What one of the `others` generated, manifests that are still there, is theirs to remember.
    """
    at = Place(lock.path, line=1)
    texts = (one.text for one in standing.values() if one.text is not None)
    if lock.found is None and any(judge(text) == "valid" and manifest_of(text) not in others for text in texts):
        yield Defect("lock.missing", Place(lock.path), {"output": output})
    if lock.found is not None and not lock.upgrade and is_older(lock.found, periplus):
        yield Defect("lock.older", at, {"lock": lock.found.periplus, "periplus": periplus})
    if kept.senseless:
        yield Defect("lock.kept", at, {"entries": "\n".join(kept.senseless), "output": output})
    if kept.unlisted:
        yield Defect("lock.unlisted", at, {"entries": "\n".join(kept.unlisted), "output": output})
