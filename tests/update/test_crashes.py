"""A run that fails or is killed at any call of the writing layer: every file is whole, and the next run makes it right.

With `PERIPLUS_SEQUENCES` set every call is struck, otherwise one in a few.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.commands.project import Outcome, contents, everything, periplus, surroundings
from tests.update.faults import RECORD, Faults
from tests.update.remember import remember
from tests.update.scenes import SCENES, Scene, assert_converges, assert_whole, scene

FAILURES = {
    "full": errno.ENOSPC,
    "broken": errno.EIO,
    "quota": errno.EDQUOT,
    "denied": errno.EACCES,
    "read-only": errno.EROFS,
    "interrupt": None,
}
FORGIVEN = {"rmdir", "unlink lock"}
"""An empty folder that stays is no harm, nor is the lock of a run. Without a record the next run takes longer."""
IS_LONG = "PERIPLUS_SEQUENCES" in os.environ
STEPS = {"first": 11}


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch.setattr)


def fail(number: int | None, subject: object) -> None:
    """Fail as the system does: an error of a call with a path names that path."""
    if number is None:
        raise KeyboardInterrupt
    named = (str(subject),) if isinstance(subject, str | Path) else ()
    raise OSError(number, os.strerror(number), *named)


def struck(folder: Path, words: tuple[str, ...], faults: Faults) -> Outcome:
    with pytest.MonkeyPatch.context() as patching:
        faults.patch(patching.setattr)
        return periplus(folder, *words)


def assert_told(outcome: Outcome, number: int | None, folder: Path) -> None:
    """The exit code is the machine's or that of an interrupt, and the words name a file that a person knows."""
    if number is None:
        assert outcome.code == 130
        return
    assert outcome.code == 4
    assert outcome.err.startswith("error: /")
    assert os.strerror(number) in outcome.err
    assert outcome.err.count("\n") == 1
    assert str(folder) in outcome.err or "/periplus-" in outcome.err
    assert ".tmp" not in outcome.err


def strike_everywhere(scene: Scene, folder: Path, failure: int | None, step: int) -> int:
    """Fail at one call after the other; gives back at how many."""
    count = Faults()
    assert struck(scene.copy(folder / "count"), scene.words, count).code == 0
    first_replaced = count.calls.index("replace") + 1
    numbers = range(1, len(count.calls) + 1, step)
    for number in numbers:
        copy = scene.copy(folder / str(number))
        before = everything(copy)
        faults = Faults(number, partial(fail, failure))
        outcome = struck(copy, scene.words, faults)
        call = count.calls[number - 1]
        if failure is not None and (call in FORGIVEN or call.endswith(RECORD)):
            assert outcome.code == 0
        else:
            assert_told(outcome, failure, copy)
        assert [path for path in contents(copy) if path.endswith(".tmp")] == []
        assert_whole(scene, copy)
        if number <= first_replaced:
            assert everything(copy) == before, f"{call}: something is left"
        assert_converges(scene, copy)
        shutil.rmtree(copy)
    return len(numbers)


def test_a_full_disk_at_some_calls_of_an_update(tmp_path: Path) -> None:
    assert strike_everywhere(scene("grow", tmp_path), tmp_path, FAILURES["full"], 13)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_at_any_call(name: str, failure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Another failure begins at another call, so that together they strike more of them.
    number = strike_everywhere(
        scene(name, tmp_path), tmp_path, FAILURES[failure], 1 if IS_LONG else 5 * STEPS.get(name, 3)
    )
    with capsys.disabled():
        print(f"\n{name}: {failure} at {number} calls")  # noqa: T201


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_call(
    name: str, number: signal.Signals, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene(name, tmp_path)
    step = 1 if IS_LONG else STEPS.get(name, 3) * (1 if number is signal.SIGKILL else 5)
    told = subprocess.run(
        [sys.executable, "-m", "tests.update.strike", made.before, tmp_path, str(int(number)), str(step), *made.words],
        env=surroundings(),
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    ).stdout
    ends = {int(at): int(status) for at, status in (line.split() for line in told.splitlines())}
    *struck_at, last = ends
    assert len(struck_at) > 1
    assert {ends[at] for at in struck_at} == {130 if number is signal.SIGINT else -number}
    assert ends[last] == 0
    for at in struck_at:
        copy = tmp_path / str(at)
        assert_whole(made, copy)
        assert_converges(made, copy)
    with capsys.disabled():
        print(f"\n{name}: {number.name} at {len(struck_at)} calls")  # noqa: T201
