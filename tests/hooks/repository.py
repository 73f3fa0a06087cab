"""A scratch repository whose commits run the hooks of this checkout, with the real pre-commit."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tests.commands.project import compiled
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIGURATION = """\
repos:
- repo: {repo}
  rev: {rev}
  hooks:
  - id: {hook}
{more}"""
_SHIPPED = (
    "compiler",
    "schemas",
    "templates",
    "hatch_build.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)


class Done(NamedTuple):
    """How a command ended, and all it said."""

    code: int
    said: str


class Hooks(NamedTuple):
    """This checkout, uncommitted changes included, as a repository that pre-commit can clone."""

    repo: Path
    rev: str
    environment: Mapping[str, str]

    def configuration(self, hook: str, more: str = "") -> str:
        """A .pre-commit-config.yaml with one of the hooks."""
        return CONFIGURATION.format(repo=self.repo, rev=self.rev, hook=hook, more=more)


class Repository(NamedTuple):
    """A project in git."""

    folder: Path
    environment: Mapping[str, str]

    def git(self, *words: str) -> str:
        """What git says; it must succeed."""
        done = self.run("git", *words)
        assert done.code == 0, done.said
        return done.said

    def commit(self, message: str = "change") -> Done:
        """Commit what is staged, the hooks willing."""
        return self.run("git", "commit", "--quiet", "-m", message)

    def pre_commit(self, *words: str) -> Done:
        """Run pre-commit itself."""
        return self.run(sys.executable, "-m", "pre_commit", *words)

    def run(self, *words: str) -> Done:
        """Run anything in the project's folder."""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def changed(self) -> list[str]:
        """What `git status` tells, a file a line."""
        return self.git("status", "--porcelain", "--untracked-files=all").splitlines()

    def committed(self, path: str) -> str:
        """The text of a file of the last commit."""
        return self.git("show", f"HEAD:{path}")


def hooks_of_this_checkout(folder: Path) -> Hooks:
    """The repository and pre-commit's store below a folder, made once however many processes ask."""
    environment = alone(PRE_COMMIT_HOME=str(folder / "store"))
    source = Repository(folder / "periplus", environment)
    with (folder / "periplus.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not source.folder.exists():
            _copy(folder / "copy")
            copied = source._replace(folder=folder / "copy")
            copied.git("init", "--quiet", "-b", "main")
            copied.git("add", "-A")
            copied.git("commit", "--quiet", "-m", "this checkout")
            copied.folder.rename(source.folder)
    return Hooks(source.folder, source.git("rev-parse", "HEAD").strip(), environment)


def repository(
    folder: Path, hooks: Hooks, hook: str, more: str = "", texts: Mapping[str, str] = MappingProxyType({})
) -> Repository:
    """The project of `tests.commands.project`, compiled and committed, with a hook installed; texts by path."""
    made = Repository(compiled(folder, **texts), hooks.environment)
    (folder / ".pre-commit-config.yaml").write_text(hooks.configuration(hook, more))
    made.git("init", "--quiet", "-b", "main")
    made.git("add", "-A")
    assert made.commit("begin").code == 0
    assert made.pre_commit("install").code == 0
    return made


def alone(**environment: str) -> dict[str, str]:
    """The environment without what a person, or a surrounding hook, has told git and pre-commit."""
    names = ("GIT_", "PRE_COMMIT", "SKIP")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(names)}
    person = {
        f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return {
        **kept,
        **person,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
        **environment,
    }


def _copy(folder: Path) -> None:
    folder.mkdir()
    for name in _SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
