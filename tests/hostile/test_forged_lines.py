"""What is printed of a name stays within its line: in a log of CI, a line of its own could be a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.project import MANIFEST, periplus, project

if TYPE_CHECKING:
    from pathlib import Path


FORGED = "a\n::error file=x::forged\x1b[2J"


def test_no_name_of_a_folder_starts_a_line_or_steers_a_terminal(tmp_path: Path) -> None:
    folder = project(tmp_path / FORGED, integration__yaml=MANIFEST)
    for words in (["compile", "--check"], ["compile"], ["compile", "--check"]):
        outcome = periplus(tmp_path, *words, f"{folder.name}/integration.yaml")
        assert outcome.code in {0, 1}
        assert "\n::error" not in outcome.out + outcome.err
        assert "\x1b" not in outcome.out + outcome.err


@pytest.mark.parametrize("words", [["lint"], ["explain"], ["diff", "--base"], ["compile"], ["nothing"]])
def test_nor_does_what_was_typed(words: list[str], tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop"), *words, FORGED)
    assert outcome.code in {2, 4}
    assert "\n::error" not in outcome.out + outcome.err
    assert "\x1b" not in outcome.out + outcome.err
