"""A folder that becomes a link while a run is under way: not a byte is written where it leads."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import COMPOSE, OUTPUT, edit, everything, periplus
from tests.update.faults import Faults
from tests.update.remember import remember
from tests.update.scenes import scene

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch.setattr)


def swapped_at_any_call(tmp_path: Path, name: str, swapped: str, step: int) -> set[int]:
    """Swap a folder for a link to one outside before one call after the other; gives back the exit codes."""
    made = scene(name, tmp_path)
    codes: set[int] = set()
    count = Faults(1, lambda _: None)
    at, total = 1, 2
    while at < total:
        folder = made.copy(tmp_path / str(at))
        outside = shutil.copytree(folder / swapped, tmp_path / f"{at}-outside")
        before = everything(outside)

        def swap(_: object, folder: Path = folder, outside: Path = outside) -> None:
            (folder / swapped).rename(folder / "moved-away")
            (folder / swapped).symlink_to(outside, target_is_directory=True)

        count = Faults(at, swap)
        with pytest.MonkeyPatch.context() as patching:
            count.patch(patching.setattr)
            outcome = periplus(folder, *made.words)
        assert everything(outside) == before, f"{swapped} at call {at}: {outcome}"
        assert "Traceback" not in outcome.err
        codes.add(outcome.code)
        total = max(total, len(count.calls))
        at += step
    return codes


@pytest.mark.parametrize("swapped", [OUTPUT, f"{OUTPUT}/scripts"])
def test_not_a_byte_goes_through_a_link(tmp_path: Path, swapped: str) -> None:
    assert swapped_at_any_call(tmp_path, "grow", swapped, 9) <= {0, 3, 4}


@pytest.mark.slow
@pytest.mark.parametrize(
    "swapped", [OUTPUT, f"{OUTPUT}/scripts", f"{OUTPUT}/init-scripts", f"{OUTPUT}/init-scripts/db"]
)
def test_not_a_byte_goes_through_a_link_while_it_removes(tmp_path: Path, swapped: str) -> None:
    assert swapped_at_any_call(tmp_path, "shrink", swapped, 1) <= {0, 3, 4}


def test_what_changes_during_the_compilation_is_not_replaced(tmp_path: Path) -> None:
    made = scene("grow", tmp_path)
    folder = made.copy(tmp_path / "copy")

    def save(_: object) -> None:
        edit(folder / COMPOSE, "\n", "\n# saved by an editor in this instant\n")

    count = Faults(5, save)
    with pytest.MonkeyPatch.context() as patching:
        count.patch(patching.setattr)
        outcome = periplus(folder, *made.words)
    assert outcome.code == 3
    assert outcome.err == (
        f"error: {folder / COMPOSE} changed during the compilation: nothing in `integration` was written, try again\n"
    )
    assert "# saved by an editor" in (folder / COMPOSE).read_text()
    assert periplus(folder, "compile").code == 3
