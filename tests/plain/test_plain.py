"""No fast path changes a byte, a finding or its place: everything once with the twins, and once as if deleted."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.commands.project import surroundings
from tests.plain.outputs import TWIN_NAMES, TWINS
from tests.support import ROOT

PLAIN = str(ROOT / "tests" / "plain")
PARTS = 6


def printed(part: int, of: int, *folders: str) -> list[str]:
    """The lines of a process that finds its modules in these folders first."""
    environment = surroundings() | {"PYTHONPATH": os.pathsep.join((*folders, str(ROOT)))}
    words = [sys.executable, "-m", "tests.plain.outputs", str(part), str(of)]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif("compiler" not in str(TWINS), reason="there is no fast twin")
@pytest.mark.parametrize(
    "part", [pytest.param(number, marks=[pytest.mark.slow] if number else []) for number in range(PARTS)]
)
def test_without_the_fast_twins_every_output_and_every_finding_is_the_same(part: int) -> None:
    *quick, used = printed(part, PARTS)
    *plain, unused = printed(part, PARTS, PLAIN)
    assert len(quick) > 40
    assert quick == plain
    assert unused == "twins: []"
    assert used != unused


def test_every_twin_says_what_it_is_a_twin_of() -> None:
    sources = {path: (ROOT / path).read_text() for path in (ROOT / "compiler").rglob("*.py")}
    for name in TWIN_NAMES:
        asking = [path for path, text in sources.items() if f'twin("{name}")' in text]
        assert asking, f"nothing asks for {name} through compiler/text/twin.py"
