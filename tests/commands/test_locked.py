"""The lock: gone, damaged, tampered with, or of another Periplus; each is told with its repair."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import (
    LOCK,
    OUTPUT,
    compiled,
    contents,
    edit,
    everything,
    periplus,
    project,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def test_the_first_compile_needs_none_and_says_nothing_of_it(tmp_path: Path) -> None:
    assert periplus(project(tmp_path / "shop"), "compile").err == ""


def test_gone_it_is_told_where_a_tree_stands_and_written_anew(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    (folder / LOCK).unlink()
    check = periplus(folder, "compile", "--check")
    assert check.code == 1
    assert f"git checkout -- {LOCK}" in check.err
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert f"note[LOCK006]: `{OUTPUT}` was generated before, but there is no lock `{LOCK}`" in outcome.err
    assert contents(folder) == before
    assert periplus(folder, "compile").err == ""


@pytest.mark.parametrize("text", ["", "{", '{"format": 1, "ports": {', "[]", "\0"])
@pytest.mark.parametrize("arguments", [["compile"], ["compile", "--check"], ["compile", "--upgrade"]])
def test_truncated_it_stops_everything_with_the_repair(text: str, arguments: Sequence[str], tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    write(folder, {LOCK: text})
    before = everything(folder)
    outcome = periplus(folder, *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "error[LOCK001]" in outcome.err
    assert f"git checkout -- {LOCK}" in outcome.err
    assert everything(folder) == before


def test_nonsense_in_it_counts_for_nothing_and_is_told(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    lock = json.loads((folder / LOCK).read_text())
    ports = {**lock["ports"], "../x": 8001, "/etc/passwd": 8002, "web": "8003"}
    write(folder, {LOCK: json.dumps({**lock, "ports": ports, "versions": {**lock["versions"], "a/b": "../x"}})})
    check = periplus(folder, "compile", "--check")
    assert check.code == 1
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert outcome.err.startswith(
        f"warning[LOCK005]: the lock `{LOCK}` has entries that make no sense: `../x`, `/etc/passwd`, `web`, `a/b`\n"
    )
    assert "`periplus compile` writes the lock without them" in outcome.err
    assert contents(folder) == before
    assert periplus(folder, "lint", "--strict").code == 0


def test_an_entry_that_is_there_twice_is_told_and_mended(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    edit(folder / LOCK, '  "versions": {', '  "ports": {},\n  "versions": {')
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert f"warning[LOCK005]: the lock `{LOCK}` has entries more than once: `ports`\n" in outcome.err
    assert contents(folder) == before


@pytest.mark.parametrize("what", ["a symbolic link", "a directory", "dangling"])
def test_what_is_no_file_is_refused_and_nothing_is_written(what: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    if what == "a directory":
        (folder / LOCK).unlink()
        (folder / LOCK).mkdir()
    else:
        (folder / LOCK).rename(tmp_path / "elsewhere")
        (folder / LOCK).symlink_to(tmp_path / ("elsewhere" if what != "dangling" else "nowhere"))
    edit(folder / "integration.yaml", "hello", "goodbye")
    before = everything(folder)
    for arguments in (["compile"], ["compile", "--check"]):
        outcome = periplus(folder, *arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"the lock `{LOCK}` is {'a symbolic link' if what == 'dangling' else what}" in outcome.err
    assert everything(folder) == before


def test_with_a_renamed_manifest_it_is_to_be_renamed_too(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "name: shop", "name: shop\noutput: integration")
    (folder / "integration.yaml").rename(folder / "shop.integration.yaml")
    outcome = periplus(folder, "compile", "--check", "shop.integration.yaml")
    assert "note[LOCK006]" in outcome.err
    assert f"`git mv {LOCK} shop.{LOCK}`" in outcome.err
    assert "git checkout" not in outcome.err
    (folder / LOCK).rename(folder / f"shop.{LOCK}")
    assert "LOCK006" not in periplus(folder, "compile", "shop.integration.yaml").err


def test_of_a_newer_format_that_is_what_is_said(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / LOCK, '"format": 1', '"format": 2')
    outcome = periplus(folder, "compile")
    assert outcome.code == 2
    assert f"error[LOCK002]: the lock `{LOCK}` is of format 2, and this Periplus " in outcome.err


def test_of_another_patch_version_it_stays_until_something_else_changes(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    own = json.loads((folder / LOCK).read_text())["periplus"]
    other = f"{own.rpartition('.')[0]}.99"
    of_version(folder, other)
    before = everything(folder)
    assert periplus(folder, "compile", "--check").code == 0
    assert periplus(folder, "compile").code == 0
    assert everything(folder) == before
    edit(
        folder / "integration.yaml",
        "  cache:\n    type: redis\n",
        "  cache:\n    type: redis\n  more:\n    type: redis\n",
    )
    assert periplus(folder, "compile").code == 0
    assert json.loads((folder / LOCK).read_text())["periplus"] == own


def of_version(folder: Path, version: str) -> None:
    lock = json.loads((folder / LOCK).read_text())
    write(folder, {LOCK: json.dumps({**lock, "periplus": version}, indent=2) + "\n"})


def test_of_a_newer_periplus_it_is_an_error_even_with_upgrade(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    of_version(folder, "0.99.0")
    before = everything(folder)
    for arguments in (["compile"], ["compile", "--check"], ["compile", "--upgrade"]):
        outcome = periplus(folder, *arguments)
        assert outcome.code == 2
        assert "install Periplus 0.99.0" in outcome.err
    assert everything(folder) == before


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--mode", "update"], ["--fail-on-change"], ["--confirm"]])
def test_of_an_older_periplus_everything_stops_until_somebody_says_so(arguments: Sequence[str], tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    of_version(folder, "0.0.9")
    before = everything(folder)
    outcome = periplus(folder, "compile", *arguments)
    assert outcome.code == 3
    assert "error[LOCK004]" in outcome.err
    assert "`periplus compile --upgrade`" in outcome.err
    assert everything(folder) == before
    assert periplus(folder, "keep", f"{OUTPUT}/README.md").code == 3
    assert everything(folder) == before


def test_an_older_patch_of_the_same_minor_version_is_taken_over(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    of_version(folder, "0.1.0-rc1")
    outcome = periplus(folder, "compile")
    assert (outcome.code, outcome.err) == (0, "")


def test_plan_and_lint_go_on_with_an_older_lock(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    of_version(folder, "0.0.9")
    assert periplus(folder, "plan").code == 0
    assert periplus(folder, "lint").code == 1


def test_an_upgrade_with_nothing_else_to_do_changes_the_lock_alone(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    of_version(folder, "0.0.9")
    outcome = periplus(folder, "compile", "--upgrade")
    assert (outcome.code, outcome.err) == (0, "")
    assert "from Periplus 0.0.9 to 0.1.0:\n  no file changes\n" in outcome.out
    assert contents(folder) == before
    assert periplus(folder, "compile", "--upgrade").out.count("from Periplus") == 0


def test_chosen_versions_stay_where_the_default_of_a_kind_has_moved(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / LOCK, '"cache/redis": "', '"cache/redis": "6.0.')
    of_version(folder, "0.0.9")
    chosen = json.loads((folder / LOCK).read_text())["versions"]
    assert periplus(folder, "compile", "--upgrade").code == 0
    after = json.loads((folder / LOCK).read_text())
    assert (after["versions"], after["periplus"]) == (chosen, "0.1.0")
    assert chosen["cache/redis"].startswith("6.0.")
