"""`compile --all` and `compile --fail-on-change`: what the hooks are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.project import COMPOSE, LOCK, MANIFEST, compiled, edit, periplus, write
from tests.git import git

SECOND = MANIFEST.replace("name: shop", "name: crm")


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A repository with a project, its tree and everything in git."""
    folder = compiled(tmp_path / "shop")
    git(folder, "init", "--quiet")
    git(folder, "add", "-A")
    return folder


def test_all_compiles_every_manifest_below(tmp_path: Path) -> None:
    write(tmp_path, {"a/integration.yaml": MANIFEST, "b/x.integration.yaml": SECOND})
    assert periplus(tmp_path, "compile", "--all").code == 0
    assert (tmp_path / "a" / COMPOSE).exists()
    assert (tmp_path / "b" / "x-integration" / "docker-compose.yml").exists()
    assert periplus(tmp_path, "compile", "--all", "--check").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\nservices: {}\n",
        "name: integration tests\non: push\njobs: {}\n",
        'version: "3.8"\nname: x\nservices: {}\n',
        "",
        "\0",
    ],
    ids=["fragment", "workflow", "compose", "empty", "no text"],
)
def test_all_passes_over_what_only_has_the_name_of_a_manifest(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"integration.yaml": MANIFEST, "x/integration.yaml": text, "docker-compose.integration.yaml": text})
    assert periplus(tmp_path, "compile", "--all").code == 0


@pytest.mark.parametrize("version", ["1", "'1'", '"1"', "1  # the first", "1\r"])
def test_all_knows_a_manifest_by_its_version_and_name(tmp_path: Path, version: str) -> None:
    write(tmp_path, {"x.integration.yaml": MANIFEST.replace("version: 1", f"version: {version}")})
    assert periplus(tmp_path, "compile", "--all").code == 0


def test_all_does_not_pass_over_a_broken_manifest_that_was_compiled_once(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "version: 1\n", "")
    found = periplus(folder, "compile", "--all")
    assert found.code == 2
    assert "version" in found.err


def test_all_with_one_mistake_writes_nothing_anywhere(tmp_path: Path) -> None:
    write(tmp_path, {"a/integration.yaml": MANIFEST, "b/integration.yaml": SECOND.replace("cache.url", "cash.url")})
    assert periplus(tmp_path, "compile", "--all").code == 2
    assert not (tmp_path / "a" / "integration").exists()


def test_all_without_a_manifest_is_a_mistake(tmp_path: Path) -> None:
    told = periplus(tmp_path, "compile", "--all")
    assert told.code == 2
    assert "there is no manifest here or below" in told.err


def test_all_takes_no_names(tmp_path: Path) -> None:
    told = periplus(compiled(tmp_path / "shop"), "compile", "--all", "integration.yaml")
    assert told.code == 2
    assert "name the manifests, or say `--all`" in told.err


def test_fail_on_change_passes_when_git_has_everything(committed: Path) -> None:
    told = periplus(committed, "compile", "--fail-on-change")
    assert (told.code, told.err) == (0, "")


@pytest.mark.parametrize("check", [(), ("--check",)], ids=["compile", "check"])
@pytest.mark.parametrize("path", [COMPOSE, LOCK, "integration.yaml", "integration/.gitignore"])
def test_fail_on_change_names_what_git_has_not(committed: Path, path: str, check: tuple[str, ...]) -> None:
    git(committed, "rm", "--cached", "--quiet", path)
    told = periplus(committed, "compile", "--fail-on-change", *check)
    assert told.code == 1
    assert f"{path}: not in git yet" in told.err
    assert "git add -- " in told.err


def test_many_that_git_has_not_are_counted_and_added_at_once(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(committed)
    git(committed, "rm", "--cached", "-r", "--quiet", "integration", LOCK)
    told = periplus(committed, "compile", "--fail-on-change").err.splitlines()
    assert len(told) == 10
    assert told[-2].startswith("  ... and ")
    assert told[-1] == "to commit this: `git add -- integration.lock.json integration`"
    git(committed, "add", "--", "integration.lock.json", "integration")
    assert periplus(committed, "compile", "--fail-on-change").code == 0


def test_a_check_alone_does_not_ask_git(committed: Path) -> None:
    git(committed, "rm", "--cached", "--quiet", COMPOSE)
    assert periplus(committed, "compile", "--check").code == 0


def test_fail_on_change_fails_once_for_what_it_made(committed: Path) -> None:
    (committed / COMPOSE).unlink()
    first = periplus(committed, "compile", "--fail-on-change")
    assert first.code == 1
    assert first.err == ""
    assert periplus(committed, "compile", "--fail-on-change").code == 0


def test_a_script_that_lost_its_mode_is_told_of_and_set_right(committed: Path) -> None:
    script = committed / "integration/scripts/stop.sh"
    script.chmod(0o644)
    told = periplus(committed, "compile", "--check")
    assert told.code == 0
    assert "git add --chmod=+x -- integration/scripts/stop.sh" in told.err
    assert periplus(committed, "compile").code == 0
    assert script.stat().st_mode & 0o111
    assert periplus(committed, "compile", "--check").err == ""
