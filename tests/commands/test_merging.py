"""While git waits for a merge it shows one side of a generated file: an edit on the other side is never lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import COMPOSE, compiled, edit, everything, periplus
from tests.git import commit_all, git, tried

if TYPE_CHECKING:
    from pathlib import Path

MINE = ("    image: ", "    # mine\n    image: ")


@pytest.fixture(params=["kept", "not kept"])
def team(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """On `feature` a Compose file that was edited; on `main`, checked out, one that the manifest changed."""
    folder = commit_all(compiled(tmp_path / "shop"))
    git(folder, "checkout", "--quiet", "-b", "feature")
    edit(folder / COMPOSE, *MINE)
    if request.param == "kept":
        assert periplus(folder, "keep", COMPOSE).code == 0
    commit_all(folder, "edit")
    git(folder, "checkout", "--quiet", "main")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    assert periplus(folder, "compile").code == 0
    commit_all(folder, "greet")
    return folder


WAYS = {
    "merge": (("merge", "feature"),),
    "cherry-pick": (("cherry-pick", "feature"),),
    "rebase": (("checkout", "--quiet", "feature"), ("rebase", "main")),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_on_the_other_side_stops_the_run(team: Path, way: str) -> None:
    for words in WAYS[way]:
        tried(team, *words)
    text = (team / COMPOSE).read_text()
    assert "# mine" not in text
    before = everything(team / "integration")
    for arguments in (("compile",), ("compile", "--check")):
        outcome = periplus(team, *arguments)
        assert outcome.code == 3, outcome.err
        assert "error[OWN008]" in outcome.err
        assert f"git checkout {way.replace('-', '_').upper()}_HEAD -- {COMPOSE}" in outcome.err
    assert everything(team / "integration") == before


def test_the_edited_side_is_taken_and_what_the_manifest_changes_goes_into_it(team: Path) -> None:
    tried(team, "merge", "feature")
    assert tried(team, "checkout", "MERGE_HEAD", "--", COMPOSE) == 0
    outcome = periplus(team, "compile")
    assert "OWN008" not in outcome.err
    if outcome.code == 3:  # an edit that is not kept is a hand edit, as ever
        assert "error[OWN001]" in outcome.err
        assert periplus(team, "keep", COMPOSE).code == 0
        assert periplus(team, "compile").code == 0
    text = (team / COMPOSE).read_text()
    assert "# mine" in text
    assert "good day" in text
    assert periplus(team, "compile", "--check").code == 0
    commit_all(team, "merged")
    assert periplus(team, "compile", "--check").code == 0


def test_given_up_it_is_saved_and_told_no_more(team: Path) -> None:
    tried(team, "merge", "feature")
    outcome = periplus(team, "compile", "--overwrite", COMPOSE)
    assert outcome.code == 0, outcome.err
    copies = re.findall(rf"saved what you had as ({re.escape(COMPOSE)}\.edited-\d)", outcome.out)
    assert any("# mine" in (team / copy).read_text() for copy in copies)
    assert "good day" in (team / COMPOSE).read_text()
    assert periplus(team, "compile", "--check").code == 0


def test_an_edit_on_this_side_and_one_on_the_other_are_both_seen(tmp_path: Path) -> None:
    folder = commit_all(compiled(tmp_path / "shop"))
    for branch, line in (("feature", "    # mine\n"), ("main", "    # hers\n")):
        git(folder, "checkout", "--quiet", *(["-b"] if branch == "feature" else []), branch)
        edit(folder / COMPOSE, "    image: ", f"{line}    image: ")
        commit_all(folder, branch)
    tried(folder, "merge", "feature")
    outcome = periplus(folder, "compile")
    assert outcome.code == 3
    assert "error[OWN008]" in outcome.err
    text = (folder / COMPOSE).read_text().replace("    # hers\n", "    # hers\n    # mine\n")
    (folder / COMPOSE).write_text(text)
    outcome = periplus(folder, "compile")
    assert outcome.code == 3
    assert "OWN008" not in outcome.err
    assert "error[OWN001]" in outcome.err


def test_what_git_merged_in_a_kept_file_needs_no_word(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, *MINE)
    assert periplus(folder, "keep", COMPOSE).code == 0
    commit_all(folder)
    for branch in ("feature", "main"):
        git(folder, "checkout", "--quiet", *(["-b"] if branch == "feature" else []), branch)
        edit(folder / COMPOSE, "    # mine\n", "    # mine, and hers\n")
        commit_all(folder, branch)
    edit(folder / COMPOSE, "  api:\n", "  # here too\n  api:\n")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    assert periplus(folder, "compile").code == 0
    commit_all(folder, "more")
    assert tried(folder, "merge", "--no-commit", "feature") == 0
    assert periplus(folder, "compile", "--check").code == 0


def test_without_an_edit_a_merge_needs_no_word(tmp_path: Path) -> None:
    folder = commit_all(compiled(tmp_path / "shop"))
    for branch, text in (("feature", "good evening"), ("main", "good day")):
        git(folder, "checkout", "--quiet", *(["-b"] if branch == "feature" else []), branch)
        edit(folder / "integration.yaml", "image: example/api:1", f"image: example/api:{len(text)}")
        assert periplus(folder, "compile").code == 0
        commit_all(folder, branch)
    assert tried(folder, "merge", "feature") != 0
    assert tried(folder, "checkout", "--ours", "--", "integration.yaml") == 0
    assert periplus(folder, "compile").code == 0
    assert periplus(folder, "compile", "--check").code == 0
