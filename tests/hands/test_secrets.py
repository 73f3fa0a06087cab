from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.hands.secrets import tracked_secrets
from tests.checkouts.checkout import QUOTED
from tests.commands.project import write
from tests.git import git

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (".env", ".env.staging", ".env.example", "env", "sub/.env", "a.env")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output directory in a repository, with all that could be mistaken for secrets."""
    folder = tmp_path / "repository" / QUOTED
    write(folder, dict.fromkeys(NAMES, "KEY=1\n"))
    git(tmp_path / "repository", "init", "--quiet")
    return folder


def test_nothing_is_tracked_before_it_is_added(output: Path) -> None:
    assert tracked_secrets(output) == ()


def test_what_is_in_the_index_is_tracked_whether_ignored_or_gone(output: Path) -> None:
    write(output, {".gitignore": ".env\n"})
    git(output, "add", "--all", "--force")
    assert tracked_secrets(output) == (".env", ".env.staging")
    (output / ".env").unlink()
    assert tracked_secrets(output) == (".env", ".env.staging")
    git(output, "rm", "--quiet", "--cached", ".env.staging", ".env")
    assert tracked_secrets(output) == ()


def test_without_a_repository_or_a_directory_there_is_nothing(output: Path, tmp_path: Path) -> None:
    assert tracked_secrets(output / "absent") == ()
    write(tmp_path / "plain", {".env": "KEY=1\n"})
    assert tracked_secrets(tmp_path / "plain") == ()
    write(tmp_path / "broken", {".env": "KEY=1\n", ".git/config": "no\n"})
    assert tracked_secrets(tmp_path / "broken") == ()
