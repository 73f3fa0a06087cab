"""Git in a test: asked by nobody in particular, and deaf to the machine's configuration."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PERSON = {f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_CONFIGURATION = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}


def git(folder: Path, *words: str) -> str:
    """What git says in a folder; it must succeed."""
    done = _run(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tried(folder: Path, *words: str) -> int:
    """The exit code of git in a folder."""
    return _run(folder, *words).returncode


def commit_all(folder: Path, message: str = "all") -> Path:
    """The folder, whatever there is in it committed; it becomes a repository where it is none.

    The projects of the tests mark the top of a repository with an empty `.git`.
    """
    if (folder / ".git").is_dir() and not any((folder / ".git").iterdir()):
        (folder / ".git").rmdir()
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return folder


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**kept, **_PERSON, **_CONFIGURATION},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
