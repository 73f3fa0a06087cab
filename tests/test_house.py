"""The house is as ARCHITECTURE.md says, starts fast, and names nothing that is only true on one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.project import surroundings
from tests.support import ROOT

HEAVY = ("click", "difflib", "hypothesis", "jinja2", "jsonschema", "strictyaml")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SUFFIXES = (".py", ".md", ".json", ".yaml", ".toml", ".j2", ".sh")
QUOTED = [
    path
    for path in re.findall(r"`([\w./<> *-]+)`", ARCHITECTURE)
    if "/" in path or (path.endswith(SUFFIXES) and path[0] != ".")
]
DRAWN = re.findall(r"(?<![\w/`.])compiler/[\w./]*", ARCHITECTURE)
MACHINE = re.compile(r"(?<![\w.$}-])/(?:home|Users|work|workspace|workspaces|root)/[\w.-]+")
IN_IMAGES = {"/home/node", "/root/.erlang.cookie"}
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|artifactory|jfrog|nexus|proxy\.golang",
    re.IGNORECASE,
)


def imported_by(statement: str) -> set[str]:
    """All modules that a fresh interpreter holds after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{statement}\nprint(*sys.modules)"],
        env=surroundings(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["compiler.pipeline", "compiler.cli", "compiler.hands.disk", "compiler.rules"])
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    found = imported_by(f"import {module}")
    assert module in found
    assert not found & set(HEAVY)


def test_a_path_in_the_architecture_exists_is_a_test_that_can_fail() -> None:
    assert len(QUOTED) > 20
    assert not stands("compiler/none.py")
    assert not stands("none.py")


@pytest.mark.parametrize("path", sorted({*QUOTED, *DRAWN}))
def test_a_path_in_the_architecture_exists(path: str) -> None:
    assert stands(path)


def stands(path: str) -> bool:
    """Whether a path exists; up to its first placeholder, and for a bare name anywhere, be it as a template."""
    if "/" not in path:
        names = {path, f"{path}.j2"}
        rooms = (ROOT / room for room in ("compiler", "templates", "tests"))
        return (ROOT / path).exists() or any(each.name in names for room in rooms for each in room.rglob("*"))
    known = path.partition("<")[0]
    return (ROOT / (known if known == path else known.rpartition("/")[0])).exists()


def tracked() -> list[Path]:
    """Every file in version control but this one; none where this is no checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    files = tracked()
    if not files:
        pytest.skip("this is no git checkout")
    found: list[str] = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        words = [word for word in MACHINE.findall(text) if word not in IN_IMAGES]
        found.extend(f"{path.relative_to(ROOT)}: {word}" for word in [*words, *REGISTRY.findall(text)])
    assert found == []


@pytest.mark.parametrize("word", ["/home" + "/ada/x", "in /root" + "/.config", "https://pypi" + ".org/simple"])
def test_such_a_name_would_be_found(word: str) -> None:
    assert MACHINE.search(word) or REGISTRY.search(word)
