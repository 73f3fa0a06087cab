"""Never outside: whatever is attempted, nothing beside the output directory and the lock is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.commands.project import periplus, write
from tests.hostile.escapes import Attempt, attempts

OURS = {"integration.lock.json"}
EVERY = attempts()
FAST = EVERY[::12]


def all_that_stands(folder: Path) -> dict[str, tuple[object, ...]]:
    """Everything below a folder, no link followed: content or target, kind, mode and, of a file, its last change."""
    found: dict[str, tuple[object, ...]] = {}
    for here, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(here, name)
            status = path.lstat()
            content = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else ""
            changed = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
            found[str(path.relative_to(folder))] = (content, status.st_mode, changed)
    return found


def prepared(top: Path, attempt: Attempt) -> Path:
    """A repository with a neighbour that is nobody's business."""
    write(top, {"outside/notes": "mine\n", "outside/ports": '{"allocations": {}}\n', "secret/key": "mine\n"})
    folder = top / "project"
    write(folder, {".git/hooks/pre-commit": "#!/bin/sh\n", "integration.yaml": attempt.manifest, **attempt.files})
    if attempt.compiled_first:
        periplus(folder, "compile")
    attempt.prepare(folder)
    return folder


def insist_on_staying_inside(attempt: Attempt, top: Path) -> None:
    """Whatever changes is new, and below a directory that was not there, or is the output, or the lock."""
    folder = prepared(top, attempt)
    before = all_that_stands(top)
    outcome = periplus(folder, *attempt.words)
    after = all_that_stands(top)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    inside = {path.removeprefix("project/") for path in changed if path.startswith("project/")}
    assert {path for path in changed if not path.startswith("project/")} == set(), outcome
    assert not [path for path in inside if path.startswith((".git/", "integration.yaml", "kinds/", "moved/"))], outcome
    made = {path.split("/")[0] for path in inside} - OURS
    assert len(made) <= 1, outcome
    assert not made or outcome.code == 0, outcome
    assert "Traceback" not in outcome.err
    assert outcome.code in {0, 2, 3}, outcome
    assert not list(Path("/tmp").glob("periplus-escape*"))
    assert not list(Path("/tmp").glob("periplus-ports*"))


def test_there_are_enough() -> None:
    assert len(EVERY) >= 160
    assert len({attempt.name for attempt in EVERY}) == len(EVERY)


@pytest.mark.parametrize("attempt", FAST, ids=lambda attempt: attempt.name)
def test_nothing_outside_is_touched(attempt: Attempt, tmp_path: Path) -> None:
    insist_on_staying_inside(attempt, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("attempt", [each for each in EVERY if each not in FAST], ids=lambda attempt: attempt.name)
def test_nothing_outside_is_touched_by_any_other(attempt: Attempt, tmp_path: Path) -> None:
    insist_on_staying_inside(attempt, tmp_path)
