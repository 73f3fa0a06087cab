from __future__ import annotations

import pytest

from compiler.model.source import Place
from compiler.model.tree import Standing
from compiler.ownership.lock import Lock, write_lock
from compiler.ownership.lock_state import LockFile, lock_defects
from compiler.ownership.settle import Kept
from compiler.ownership.signature import sign

PATH = "shop.integration.lock.json"
NONE: frozenset[str] = frozenset()


def test_what_cannot_be_kept_is_told_at_its_line() -> None:
    lock = Lock("0.1.0", {}, {}, ("nope/x.sh",))
    text = write_lock(lock)
    (found,) = lock_defects(LockFile(PATH, lock, False, text), "0.1.0", {}, Kept(senseless=lock.kept), "out", NONE)
    assert (found.kind, found.at) == ("lock.kept", Place(PATH, line=text.split("\n").index('    "nope/x.sh"') + 1))


@pytest.mark.parametrize(
    ("manifest", "old"), [("shop.integration.yaml", ""), ("integration.yaml", "integration.lock.json")]
)
def test_a_lock_that_is_gone_may_have_another_name(manifest: str, old: str) -> None:
    standing = {"a.sh": Standing("file", sign("a.sh", "true\n", manifest))}
    (found,) = lock_defects(LockFile(PATH, None, False), "0.1.0", standing, Kept(), "out", NONE)
    assert (found.kind, found.facts["old"]) == ("lock.missing", old)
    assert (
        list(lock_defects(LockFile(PATH, None, False), "0.1.0", standing, Kept(), "out", frozenset({manifest}))) == []
    )
