"""What a command does not need it does not import: the start is most of what a person waits for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compiler.commands.group import COMMANDS
from compiler.text.twin import twin
from tests.commands.project import surroundings
from tests.support import ROOT

SLOW = {
    "asyncio": "deepdiff's caches bring it",
    "click": "the plainest command lines are understood without it",
    "dataclasses": "values are named tuples: it brings inspect",
    "datetime": "nothing here knows the time",
    "deepdiff": "only `diff --raw` tells the structural difference",
    "difflib": "only a mistake asks what was probably meant, and only a kept file is merged",
    "email": "brought by importlib.metadata, and asked by nobody",
    "hashlib": "OpenSSL takes longer to load than to digest with Python's own",
    "importlib.metadata": "the version stands in the package",
    "inspect": "only the manual page of a rule needs it",
    "jinja2": "templates are compiled when the package is built",
    "jsonschema": "the schema is narrowed to what a manifest is asked; jsonschema words its mistakes",
    "logging": "nothing is logged",
    "pkgutil": "a directory is listed without it",
    "platform": "only a bug is reported with the machine's name",
    "random": "tempfile brings it",
    "ruamel": "strictyaml has its own",
    "shutil": "brings every compression there is",
    "socket": "only `ports` looks who listens",
    "strictyaml": "the authority for what is refused; what it surely accepts is read without it",
    "subprocess": "only git and Docker are called",
    "tempfile": "brings random and shutil, and is asked only where the usual directory is none",
    "threading": "one thing at a time",
    "traceback": "only a bug has one",
    "uuid": "nothing is made unique by chance",
    "yaml": "a quick reading of lines comes first, and needs no parser",
}
"""Modules that take milliseconds, each with why `compile` does without."""
DOOR = {*SLOW, "compiler.cli", "compiler.pipeline", "json", "pathlib", "re", "typing"} - {"hashlib"}
"""What even the unchanged does without."""
HELP = {*SLOW} - {"click", "datetime", "inspect", "logging", "platform", "shutil", "threading", "uuid"}
"""What help does without: click brings the rest."""


pytestmark = pytest.mark.skipif(twin("compiler.quick_door") is None, reason="the fast paths are left out")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The first example before its first compile."""
    without = shutil.ignore_patterns("integration", "*.lock.json")
    return Path(shutil.copytree(ROOT / "examples" / "01-gateway", tmp_path / "project", ignore=without))


@pytest.mark.parametrize("words", [("compile",), ("compile", "--check"), ("-q", "compile", "integration.yaml")])
def test_a_first_compile_imports_nothing_that_it_does_not_need(words: tuple[str, ...], project: Path) -> None:
    found = imported(project, *words)
    assert "compiler.pipeline" in found
    assert not found & SLOW.keys()


def test_a_compile_that_changes_something_does_neither(project: Path) -> None:
    imported(project, "compile")
    manifest = project / "integration.yaml"
    manifest.write_text(f"{manifest.read_text()}# a remark\n")
    assert not imported(project, "compile") & SLOW.keys()


def test_a_diff_tells_one_changed_value_without_deepdiff(project: Path) -> None:
    imported(project, "compile")
    manifest = project / "integration.yaml"
    text = manifest.read_text()
    manifest.write_text(text.replace("role: User management", "role: Users"))
    assert manifest.read_text() != text
    found = imported(project, "diff")
    assert "compiler.changes.quick_difference" in found
    assert not found & SLOW.keys() - ASKING_GIT


ASKING_GIT = {"subprocess", "threading"}
"""What asking git brings."""


@pytest.mark.parametrize("words", [("compile",), ("compile", "--check"), ("-q", "compile", "--check")])
def test_where_nothing_changed_the_door_imports_almost_nothing(words: tuple[str, ...], project: Path) -> None:
    imported(project, "compile")
    found = imported(project, *words)
    assert not found & DOOR
    assert len(found) < 40


@pytest.mark.parametrize(
    "words", [["--help"], *([*command.split(), "--help"] for command in (*COMMANDS, "ports claim"))]
)
def test_help_imports_the_command_line_and_no_command(words: list[str], project: Path) -> None:
    found = imported(project, *words)
    assert "click" in found
    assert not found & HELP
    assert not found & {*(function.rpartition(".")[0] for function in COMMANDS.values()), "compiler.pipeline"}


@pytest.mark.parametrize("typed", ["c", "compile --", "lint --format ", "ports "])
def test_completion_imports_the_command_line_and_no_command(typed: str, project: Path) -> None:
    words = {"COMP_WORDS": f"periplus {typed}", "COMP_CWORD": str(len(typed.split(" ")))}
    found = imported(project, _PERIPLUS_COMPLETE="bash_complete", **words)
    assert "click.shell_completion" in found
    assert not found & HELP
    assert "compiler.pipeline" not in found


def test_the_version_imports_nothing(project: Path) -> None:
    found = imported(project, "--version")
    assert {name for name in found if "compiler" in name} <= {"compiler", "compiler.__main__", *LIGHT}
    assert len(found) < 10


LIGHT = ("compiler.text", "compiler.text.twin")
"""What the door of the program itself imports."""


def imported(folder: Path, *words: str, **environment: str) -> set[str]:
    """The modules that `periplus` with these words has brought by its end."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=folder,
        env={**surroundings(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return set((folder / "modules").read_text().split())


_PROGRAM = """\
import sys
before = set(sys.modules)
from compiler.__main__ import main
try:
    main()
finally:
    with open("modules", "w") as stream:
        print(*set(sys.modules) - before, file=stream)
"""
