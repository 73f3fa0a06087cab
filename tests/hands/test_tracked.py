from __future__ import annotations

from pathlib import Path

import pytest

from compiler.hands.tracked import Missing, manifests_named, missing_from_git
from tests.checkouts.checkout import QUOTED
from tests.commands.project import write
from tests.git import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository, in a folder with a difficult name."""
    folder = tmp_path / QUOTED
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def names(folder: Path) -> list[str]:
    """The manifests found, as seen from the folder."""
    return [path.relative_to(folder).as_posix() for path in manifests_named(folder)]


MANIFESTS = ["a.integration.yaml", "deep/er/b.integration.yaml", "integration.yaml", "shop/integration.yaml"]
NONE = [
    "integration.yml",
    "myintegration.yaml",
    ".github/workflows/integration.yaml",
    "node_modules/x/integration.yaml",
]


@pytest.mark.parametrize("is_repository", [True, False])
def test_manifests_are_found_wherever_they_lie(repository: Path, tmp_path: Path, *, is_repository: bool) -> None:
    folder = repository if is_repository else tmp_path / "plain"
    write(folder, dict.fromkeys([*MANIFESTS, *NONE], ""))
    (folder / "link" / "integration.yaml").mkdir(parents=True)
    assert names(folder) == MANIFESTS


def test_manifests_that_git_ignores_are_none_unless_they_were_committed(repository: Path) -> None:
    write(repository, {".gitignore": "build/\n", "build/integration.yaml": "", "build/b.integration.yaml": ""})
    assert names(repository) == []
    git(repository, "add", "--force", "build/b.integration.yaml")
    assert names(repository) == ["build/b.integration.yaml"]


def test_a_manifest_that_was_deleted_is_none(repository: Path) -> None:
    write(repository, {"integration.yaml": ""})
    git(repository, "add", "-A")
    (repository / "integration.yaml").unlink()
    assert names(repository) == []


def test_from_a_folder_inside_only_those_below_are_found(repository: Path) -> None:
    write(repository, {"integration.yaml": "", "shop/integration.yaml": "", "shop/a/b.integration.yaml": ""})
    assert names(repository / "shop") == ["a/b.integration.yaml", "integration.yaml"]


def test_a_file_is_missing_until_it_is_added(repository: Path) -> None:
    write(repository, {"out/a[1]": "", "out/b": "", "out/not asked for": "", "c": ""})
    paths = [repository / name for name in ("out/a[1]", "out/b", "c", "out/absent")]
    git(repository, "add", "out/b")
    assert missing_from_git(repository, paths) == Missing((repository / "out/a[1]", repository / "c"))
    git(repository, "add", "-A")
    assert missing_from_git(repository, paths) == Missing()


def test_a_file_above_the_folder_is_asked_for_too(repository: Path) -> None:
    write(repository, {"shared/part.yaml": "", "shop/integration.yaml": ""})
    git(repository, "add", "shop")
    above = repository / "shop" / ".." / "shared" / "part.yaml"
    assert missing_from_git(repository / "shop", [repository / "shop" / "integration.yaml", above]) == Missing((above,))


def test_an_ignored_file_is_missing_where_git_has_others(repository: Path) -> None:
    write(repository, {".gitignore": "*.sh\n", "out/a.sh": "", "out/b": ""})
    paths = [repository / "out/a.sh", repository / "out/b"]
    git(repository, "add", "-A")
    assert missing_from_git(repository, paths) == Missing((), (repository / "out/a.sh",))


def test_a_tree_that_is_ignored_as_a_whole_is_not_missing(repository: Path) -> None:
    write(repository, {".gitignore": "out/\n", "out/a.sh": "", "out/b": ""})
    git(repository, "add", "-A")
    assert missing_from_git(repository, [repository / "out/a.sh", repository / "out/b"]) == Missing()


def test_without_git_or_repository_nothing_is_missing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, {"a": ""})
    write(tmp_path / "plain", {"a": ""})
    assert missing_from_git(tmp_path / "plain", [tmp_path / "plain" / "a"]) == Missing()
    monkeypatch.setenv("PATH", "")
    assert missing_from_git(repository, [repository / "a"]) == Missing()


def test_what_a_surrounding_hook_says_of_its_own_repository_does_not_count(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, {"integration.yaml": ""})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert names(repository) == ["integration.yaml"]
    assert missing_from_git(repository, [repository / "integration.yaml"]).untracked
