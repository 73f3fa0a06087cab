"""A compiled, committed project, and the ways in which people check it out."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands.project import periplus
from tests.git import git
from tests.support import ROOT

PROJECTS = {"example": ROOT / "examples" / "01-gateway", "fragments": ROOT / "tests" / "manifests" / "everything"}
QUOTED = "ein \"Ordner\" mit 'Zitaten', $HOME `x` und Ümläuten; 日本"


def origin(name: str, folder: Path) -> Path:
    """A repository with a project and the tree that today's compiler makes of it, committed twice."""
    shutil.copytree(PROJECTS[name], folder)
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "config", "core.autocrlf", "false")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "nothing yet")
    compiled = periplus(folder, "compile")
    assert compiled.code == 0, compiled.err
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "the environment")
    return folder


def line_ends(source: Path, folder: Path) -> Path:
    """As git for Windows sets it up: whatever is text has CRLF in the working tree."""
    return clone(source, folder / "clone", "-c", "core.autocrlf=true")


def no_file_modes(source: Path, folder: Path) -> Path:
    """Where git does not look at the executable bit."""
    return clone(source, folder / "clone", "-c", "core.fileMode=false")


def worktree(source: Path, folder: Path) -> Path:
    """A linked worktree, in which `.git` is a file."""
    made = clone(source, folder / "clone")
    git(made, "worktree", "add", "--quiet", str(folder / "linked"), "-b", "linked")
    return folder / "linked"


def submodule(source: Path, folder: Path) -> Path:
    """A submodule of another repository, that has a manifest of its own above."""
    (folder / "above").mkdir()
    git(folder / "above", "init", "--quiet", "-b", "main")
    git(folder / "above", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(source), "part")
    (folder / "above" / "integration.yaml").write_text("version: 1\nname: above\n")
    return folder / "above" / "part"


def shallow(source: Path, folder: Path) -> Path:
    """The last commit, and none of those before."""
    made = clone(source, folder / "clone", "--depth=1", url=source.as_uri())
    assert git(made, "rev-parse", "--is-shallow-repository") == "true\n"
    return made


def quoted(source: Path, folder: Path) -> Path:
    """A path with spaces, quotes and letters that are not ASCII."""
    return clone(source, folder / QUOTED / "clone")


def export(source: Path, folder: Path) -> Path:
    """The files alone, in no repository."""
    archive = folder / "export.tar"
    git(source, "archive", "--output", str(archive), "HEAD")
    shutil.unpack_archive(archive, folder / "export", filter="data")
    return folder / "export"


WAYS = (line_ends, no_file_modes, worktree, submodule, shallow, quoted, export)


def clone(source: Path, folder: Path, *words: str, url: str = "") -> Path:
    """A clone of a repository."""
    git(source, "clone", "--quiet", *words, url or str(source), str(folder))
    return folder
