"""Pairs of branches, merged and rebased with real git: one compilation makes everything right, and nothing is lost.

What a person does by hand: settles the manifest, if git could not; compiles; adds everything; commits.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.commands.project import LOCK, OUTPUT, periplus, write
from tests.update.person import generated, marks
from tests.update.remember import remember
from tests.update.repository import Repository, repository
from tests.update.systems import change, first

if TYPE_CHECKING:
    from pathlib import Path

    from tests.update.systems import System

PAIRS = 20
MANIFEST_NAME = "integration.yaml"
ONCE = f"{OUTPUT}/docker-compose.local.yml"
MARKS = {"<" * 7, "=" * 7, ">" * 7, "|" * 7}


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch.setattr)


class Pair(NamedTuple):
    """Two branches of one system, `ours` and `theirs`, and the manifest in which a person brings them together."""

    team: Repository
    merged: str


def pair(folder: Path, seed: int) -> Pair:
    """Two branches of one to three commits each; where their sum is no sound manifest, the next seed's."""
    random = Random(seed)
    base = first(random)
    changes = [[random.random() for _ in range(random.randint(1, 3))] for _ in range(2)]
    team = repository(folder / str(seed))
    ours = _branch(team, "ours", base, changes[0], seed)
    theirs = ours and _branch(team, "theirs", base, changes[1], seed)
    if not ours or not theirs:
        return pair(folder, seed + 1000)
    merged = base
    for one in (*changes[0], *changes[1]):
        merged = change(merged, Random(one))[1]
    trial = folder / f"{seed}-trial"
    write(trial, {".git/HEAD": "", MANIFEST_NAME: merged.text()})
    return Pair(team, merged.text()) if periplus(trial, "compile").code == 0 else pair(folder, seed + 1000)


def _branch(team: Repository, name: str, base: System, changes: list[float], seed: int) -> bool:
    """A branch with its commits; whether every manifest on the way was sound."""
    if not team.asked("branch", "--list", "main").strip():
        if not _compiled(team, base.text()):
            return False
        team.commit("base")
    team.done("checkout", "--quiet", "-b", name, "main")
    system = base
    for number, one in enumerate(changes):
        system = change(system, Random(one))[1]
        if not _compiled(team, system.text()):
            return False
        if Random(one).random() < 0.5:
            once = team.folder / ONCE
            comment = f"# mine-{seed}-{ord(name[0])}{number}\n"
            once.write_text(comment + once.read_text() if name == "ours" else once.read_text() + comment)
        team.commit(f"{name} {number}")
    return True


def _compiled(team: Repository, text: str) -> bool:
    (team.folder / MANIFEST_NAME).write_text(text)
    return periplus(team.folder, "compile").code == 0


def settle(team: Repository, merged: str, conflicts: list[str]) -> None:
    """What a person does where git stopped, or merged two manifests to one that means nothing."""
    generated_too = [path for path in conflicts if path.startswith(f"{OUTPUT}/") and path != ONCE]
    assert [path for path in generated_too if b"<<<<<<<" in _content(team.folder / path)] == []
    if MANIFEST_NAME in conflicts:
        outcome = periplus(team.folder, "compile")
        lines = (team.folder / MANIFEST_NAME).read_text().splitlines()
        mark = next(number for number, line in enumerate(lines, start=1) if line.startswith("<<<<<<<"))
        assert outcome.code == 2
        assert outcome.err.startswith("error[YAML007]: the marks of a merge conflict\n")
        assert f"--> {MANIFEST_NAME}:{mark}:1\n" in outcome.err
    if ONCE in conflicts:
        lines = (team.folder / ONCE).read_text().splitlines(keepends=True)
        (team.folder / ONCE).write_text("".join(line for line in lines if line[:7] not in MARKS))
    (team.folder / MANIFEST_NAME).write_text(merged)
    outcome = periplus(team.folder, "compile")
    assert outcome.code == 0, outcome.err
    assert periplus(team.folder, "compile", "--check").code == 0
    team.done("add", "--all")


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def merge(team: Repository, merged: str, into: str, other: str, *words: str) -> dict[str, bytes]:
    """Merge with what a person must do; gives back the tree."""
    team.done("checkout", "--quiet", "-B", f"{into}-with-{other}", into)
    before = marks(team.folder)
    team.git("merge", "--quiet", "--no-edit", *words, other)
    settle(team, merged, team.conflicts())
    team.commit("merged")
    assert before <= marks(team.folder)
    assert team.asked("status", "--porcelain") == ""
    return tree(team.folder)


def rebase(team: Repository, merged: str, branch: str, onto: str) -> dict[str, bytes]:
    """Rebase, settling the manifest wherever it stops; gives back the tree."""
    team.done("checkout", "--quiet", "-B", f"{branch}-onto-{onto}", branch)
    code = team.git("rebase", "--quiet", onto)
    while code:
        settle(team, merged, team.conflicts())
        code = team.git("rebase", "--continue")
    settle(team, merged, [])
    team.commit("rebased")
    return tree(team.folder)


def tree(folder: Path) -> dict[str, bytes]:
    """Every generated file, and the lock."""
    paths = (*generated(folder), folder / LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def ports(files: dict[str, bytes]) -> dict[str, int]:
    """Who has which host port."""
    chosen: dict[str, int] = json.loads(files[LOCK])["ports"]
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_branches_merged_by_one_compilation(seed: int, tmp_path: Path) -> None:
    team, merged = pair(tmp_path, seed)
    one_way = merge(team, merged, "ours", "theirs")
    assert ports(merge(team, merged, "theirs", "ours")) == ports(one_way)
    assert tree(team.folder) == one_way
    assert merge(team, merged, "ours", "theirs") == one_way
    assert merge(team, merged, "ours", "theirs", "-Xtheirs") == one_way
    rebased = rebase(team, merged, "theirs", "ours")
    assert periplus(team.folder, "compile", "--check").code == 0
    assert rebased.keys() == one_way.keys()
