"""What there is to say of a lock beside the tree that stands: that it is gone, old, or lists what it should not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.ownership.lock import Lock, is_older, line_of
from compiler.ownership.signature import judge, manifest_of
from compiler.text.beside import lock_name
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.tree import Standing
    from compiler.ownership.settle import Kept


class LockFile(NamedTuple):
    """The lock as it was read, None where there is none, and its text. `upgrade` is the person's word."""

    path: str
    found: Lock | None
    upgrade: bool
    text: str = ""


def lock_defects(
    lock: LockFile, periplus: str, standing: Mapping[str, Standing], kept: Kept, output: str, others: frozenset[str]
) -> Iterator[Defect]:
    """What is wrong with the lock as a whole, and what it says about kept paths.

    What one of the `others` generated, manifests that are still there, is theirs to remember.
    """
    at = Place(lock.path, line=1)
    before = {} if lock.found is not None else _locks_before(standing, others)
    if before:
        old = "" if lock.path in before else min(before)
        yield Defect("lock.missing", Place(lock.path), {"output": output, "old": old, "manifest": before.get(old, "")})
    if lock.found is not None and not lock.upgrade and is_older(lock.found, periplus):
        yield Defect("lock.older", at, {"lock": lock.found.periplus, "periplus": periplus})
    if kept.senseless:
        entry = Place(lock.path, line=line_of(kept.senseless[0], lock.text))
        yield Defect("lock.kept", entry, {"entries": "\n".join(kept.senseless), "output": output})
    if kept.unlisted:
        yield Defect("lock.unlisted", at, {"entries": "\n".join(kept.unlisted), "output": output})


def _locks_before(standing: Mapping[str, Standing], others: frozenset[str]) -> dict[str, str]:
    """The lock of each manifest that generated what stands, and that manifest, but for the `others`."""
    texts = (one.text for one in standing.values() if one.text is not None)
    manifests = {manifest_of(text) for text in texts if judge(text) == "valid"} - others
    return {lock_name(name): name for name in manifests if name}
