"""`compile --confirm`: the plan is shown on a terminal, and written at a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.project import COMPOSE, LOCK, compiled, edit, everything, periplus, periplus_apart, project
from tests.commands.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "Proceed with the integration? [y/N]: "


def test_a_yes_writes_what_was_shown(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    with Terminal(folder, "compile", "--confirm") as terminal:
        terminal.answer(QUESTION, "y")
        assert terminal.end() == 0
    shown = terminal.shown.partition(QUESTION)[0]
    assert "## Integration plan: shop" in shown
    assert f"| {COMPOSE} | Modify |" in shown
    assert "9000" in shown.partition("Health strategy")[2], "what changed in words"
    assert periplus(folder, "compile", "--check").code == 0


def test_why_an_upgrade_changes_files_is_shown_before_the_question(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / LOCK, '"0.1.0"', '"0.0.9"')
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    with Terminal(folder, "compile", "--confirm", "--upgrade") as terminal:
        terminal.answer(QUESTION, "y")
        assert terminal.end() == 0
    assert "from Periplus 0.0.9 to 0.1.0:" in terminal.shown.partition(QUESTION)[0]


@pytest.mark.parametrize("answer", ["n", "", "no"])
def test_a_no_writes_nothing_and_exits_with_1(answer: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "compile", "--confirm") as terminal:
        terminal.answer(QUESTION, answer)
        assert terminal.end() == 1
    assert f"| {COMPOSE} | Create |" in terminal.shown
    assert terminal.shown.endswith("nothing was written\n")
    assert everything(folder) == before


def test_without_a_terminal_it_is_wrong_usage_and_writes_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus_apart(folder, "compile", "--confirm")
    assert (outcome.code, outcome.out) == (2, "")
    assert "asks on the terminal, and there is none" in outcome.err
    assert everything(folder) == before


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_with_a_stream_that_was_closed_there_is_no_terminal(closed: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "compile", "--confirm", redirected=closed) as terminal:
        assert terminal.end() == 2
    assert ("asks on the terminal, and there is none" in terminal.shown) == ("2>&-" not in closed)
    assert everything(folder) == before


def test_with_nothing_to_do_nobody_is_asked(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    outcome = periplus_apart(folder, "compile", "--confirm")
    assert (outcome.code, outcome.err) == (0, "")
    assert QUESTION not in outcome.out


def test_what_is_refused_is_refused_without_a_question(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "\n", "\n# mine\n")
    assert periplus_apart(folder, "compile", "--confirm").code == 3


def test_a_plan_on_disk_that_cannot_be_read_changes_nothing_about_the_question(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    (folder / "integration/plan.json").unlink()
    (folder / LOCK).unlink()
    with Terminal(folder, "compile", "--confirm") as terminal:
        terminal.answer(QUESTION, "y")
        assert terminal.end() == 0
    assert periplus(folder, "compile", "--check").code == 0


def test_with_check_there_is_nothing_to_confirm(tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop"), "compile", "--confirm", "--check")
    assert outcome.code == 2
    assert "nothing to confirm" in outcome.err
