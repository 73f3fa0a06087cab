"""What there is to say of a lock beside the tree that stands: that it is gone, old, or lists what it should not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.ownership.lock import Lock, entry_line, is_older
from compiler.ownership.signature import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.tree import Standing
    from compiler.ownership.settle import Kept


class LockFile(NamedTuple):
    """The lock as it stands, and as it was read; None where there is none. `upgrade` is the person's word."""

    path: str
    content: bytes | None
    found: Lock | None
    upgrade: bool


def lock_defects(
    lock: LockFile, periplus: str, standing: Mapping[str, Standing], kept: Kept, output: str
) -> Iterator[Defect]:
    """What is wrong with the lock as a whole, and what it says about kept paths."""
    at = Place(lock.path, line=1)
    if lock.found is None and any(one.text is not None and judge(one.text) == "valid" for one in standing.values()):
        yield Defect("lock.missing", Place(lock.path), {"output": output})
    if lock.found is not None and not lock.upgrade and is_older(lock.found, periplus):
        yield Defect("lock.older", at, {"lock": lock.found.periplus, "periplus": periplus})
    if kept.senseless:
        line = entry_line((lock.content or b"").decode("utf-8", "replace"), kept.senseless[0])
        facts = {"entries": "\n".join(kept.senseless), "output": output}
        yield Defect("lock.kept", Place(lock.path, line=line), facts)
    if kept.unlisted:
        yield Defect("lock.unlisted", at, {"entries": "\n".join(kept.unlisted), "output": output})
