"""Faults that only a repository on disk can have: secrets that git tracks or would take, foreign files beside ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import edit, example, periplus
from tests.git import commit_all, git
from tests.support import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = "integration/.env"
IN_GIT = {"secrets-tracked": 2, "secrets-not-ignored": 1, "foreign-compose": 1}
"""Class of fault -> in how many forms it is planted here, into each example."""
FIRST, *OTHERS = EXAMPLES


@pytest.mark.parametrize("name", [FIRST, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_secrets_that_git_tracks_are_found(name: str, tmp_path: Path) -> None:
    folder = with_secrets(name, tmp_path)
    git(folder, "add", "--force", SECRETS)
    assert found(folder) == [("GIT001", SECRETS)]
    git(folder, "commit", "--quiet", "--message", "secrets")
    assert found(folder) == [("GIT001", SECRETS)]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_secrets_that_git_would_take_are_found(name: str, tmp_path: Path) -> None:
    folder = with_secrets(name, tmp_path)
    assert periplus(folder, "keep", "integration/.gitignore").code == 0
    edit(folder / "integration" / ".gitignore", ".env\n", "")
    assert [code for code, _ in found(folder)] == ["GIT002"]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_foreign_compose_file_is_found(name: str, tmp_path: Path) -> None:
    folder = with_secrets(name, tmp_path)
    (folder / "integration" / "compose.yaml").write_text("services: {}\n")
    assert found(folder) == [("GIT003", "integration/compose.yaml")]


def with_secrets(name: str, folder: Path) -> Path:
    """An example in a repository of its own, all of it committed but its secrets."""
    copy = commit_all(example(name, folder))
    (copy / SECRETS).write_text("PLANTED_PASSWORD=planted\n")
    assert found(copy) == []
    return copy


def found(folder: Path) -> list[tuple[str, str]]:
    """Code and path of what `lint` says."""
    said = json.loads(periplus(folder, "lint", "--format", "json").out)
    return [(each["code"], each["marks"][0]["path"]) for each in said["diagnostics"]]
