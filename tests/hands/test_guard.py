from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from compiler.hands.guard import BusyError, alone

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_run_waits_and_gives_up(tmp_path: Path) -> None:
    began = time.monotonic()
    with alone(tmp_path / "integration.yaml"), pytest.raises(BusyError), alone(tmp_path / "integration.yaml", 0.2):
        pass
    assert time.monotonic() - began >= 0.2


def test_a_second_run_goes_on_when_the_first_is_done(tmp_path: Path) -> None:
    order: list[str] = []
    held = threading.Event()

    def first() -> None:
        with alone(tmp_path / "integration.yaml"):
            held.set()
            time.sleep(0.2)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    with alone(tmp_path / "integration.yaml"):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_two_manifests_in_one_folder_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with alone(tmp_path / "a.integration.yaml"), alone(tmp_path / "b.integration.yaml", 0):
        pass


def test_the_same_manifest_by_another_way_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    first, second = tmp_path / "real" / "integration.yaml", tmp_path / "link" / "integration.yaml"
    with alone(first), pytest.raises(BusyError), alone(second, 0):
        pass


def test_nothing_is_left_beside_the_manifest_nor_anywhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with alone(tmp_path / "project" / "integration.yaml"):
        assert list((tmp_path / "project").iterdir()) == []
        assert len(list((tmp_path / "temporary").iterdir())) == 1
    assert list((tmp_path / "temporary").iterdir()) == []


def test_never_two_at_once_and_everybody_comes_to_turn(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        for _ in range(10):
            with alone(tmp_path / "integration.yaml", 60):
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 80


def test_what_a_killed_run_left_locks_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with alone(tmp_path / "integration.yaml"):
        (left,) = tmp_path.glob("*.lock")
    left.touch()
    with alone(tmp_path / "integration.yaml", 0):
        pass
    assert not left.exists()


def test_it_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(tmp_path / "integration.yaml"):
        _ = 1 / 0
    with alone(tmp_path / "integration.yaml", 0):
        pass
