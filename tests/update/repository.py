"""A real git repository with a project in it, and what a team does there."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_CONFIGURATION = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_EDITOR": "true",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "t"), ("EMAIL", "t@t"))
    },
}


class Repository(NamedTuple):
    """A folder under git."""

    folder: Path

    def git(self, *words: str) -> int:
        """Run git; gives back its exit code."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env={**kept, **_CONFIGURATION},
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        ).returncode

    def done(self, *words: str) -> None:
        """Run git, which must end well."""
        assert self.git(*words) == 0, words

    def asked(self, *words: str) -> str:
        """What git answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            ["git", *words], cwd=self.folder, env={**kept, **_CONFIGURATION}, check=True, capture_output=True, text=True
        ).stdout

    def commit(self, message: str) -> None:
        """Commit whatever there is."""
        self.done("add", "--all")
        self.done("commit", "--quiet", "--allow-empty", "--message", message)

    def conflicts(self) -> list[str]:
        """The paths that git could not merge."""
        return sorted(set(self.asked("diff", "--name-only", "--diff-filter=U").split("\n")) - {""})


def repository(folder: Path) -> Repository:
    """An empty one, on the branch `main`."""
    folder.mkdir(parents=True)
    made = Repository(folder)
    made.done("init", "--quiet", "--initial-branch=main")
    return made
