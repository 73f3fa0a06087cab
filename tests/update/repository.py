"""A real git repository with a project in it, and what a team does there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.git import git, tried

if TYPE_CHECKING:
    from pathlib import Path


class Repository(NamedTuple):
    """A folder under git."""

    folder: Path

    def git(self, *words: str) -> int:
        """Run git; gives back its exit code."""
        return tried(self.folder, *words)

    def done(self, *words: str) -> None:
        """Run git, which must end well."""
        git(self.folder, *words)

    def asked(self, *words: str) -> str:
        """What git answers."""
        return git(self.folder, *words)

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
