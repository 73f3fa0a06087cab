"""Pairs of branches, merged and rebased with real git: one compilation makes everything right, and nothing is lost.

What a person does by hand: settles the manifest, if git could not; compiles; adds everything; commits.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.commands.project import COMPOSE, LOCK, MANIFEST, OUTPUT, periplus, write
from tests.update.person import generated, marks, marks_of
from tests.update.remember import remember
from tests.update.repository import Repository, repository
from tests.update.systems import change, first

if TYPE_CHECKING:
    from pathlib import Path

    from tests.update.systems import System

PAIRS = 20
MANIFEST_NAME = "integration.yaml"
ONCE = f"{OUTPUT}/docker-compose.local.yml"
KEPT = f"{OUTPUT}/README.md"
"""A file that people keep: each branch writes into it, and the manifest changes it, too."""
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
        if not _compiled(team, base.text()) or periplus(team.folder, "keep", KEPT).code:
            return False
        team.commit("base")
    team.done("checkout", "--quiet", "-b", name, "main")
    system = base
    for number, one in enumerate(changes):
        system = change(system, Random(one))[1]
        if not _compiled(team, system.text()):
            return False
        comment = f"# mine-{seed}-{ord(name[0])}{number}\n"
        for path in (ONCE, KEPT) if Random(one).random() < 0.5 else ():
            text = (team.folder / path).read_text()
            (team.folder / path).write_text(_first(text, comment) if name == "ours" else text + comment)
        team.commit(f"{name} {number}")
    return True


def _first(text: str, comment: str) -> str:
    """The text with a comment after its first line, which may be that of an interpreter."""
    first, rest = text.split("\n", 1)
    return f"{first}\n{comment}{rest}"


def _compiled(team: Repository, text: str) -> bool:
    (team.folder / MANIFEST_NAME).write_text(text)
    return periplus(team.folder, "compile").code == 0


def settle(team: Repository, merged: str, conflicts: list[str]) -> None:
    """What a person does where git stopped, or merged two manifests to one that means nothing."""
    generated_too = [path for path in conflicts if path.startswith(f"{OUTPUT}/") and path not in {ONCE, KEPT}]
    assert [path for path in generated_too if b"<<<<<<<" in _content(team.folder / path)] == []
    if MANIFEST_NAME in conflicts:
        outcome = periplus(team.folder, "compile")
        lines = (team.folder / MANIFEST_NAME).read_text().splitlines()
        mark = next(number for number, line in enumerate(lines, start=1) if line.startswith("<<<<<<<"))
        assert outcome.code == 2
        assert outcome.err.startswith("error[YAML007]: the marks of a merge conflict\n")
        assert f"--> {MANIFEST_NAME}:{mark}:1\n" in outcome.err
    (team.folder / MANIFEST_NAME).write_text(merged)
    _take_both(team.folder, ONCE, KEPT)
    outcome = periplus(team.folder, "compile")
    if outcome.code == 3:
        assert "error[OWN" in outcome.err
        _take_both(team.folder, KEPT)
        outcome = periplus(team.folder, "compile")
    assert outcome.code == 0, outcome.err
    assert periplus(team.folder, "compile", "--check").code == 0
    team.done("add", "--all")


def _take_both(folder: Path, *paths: str) -> None:
    """A person settles a text with marks in it: both sides count."""
    for path in paths:
        lines = (folder / path).read_text().splitlines(keepends=True)
        (folder / path).write_text("".join(line for line in lines if line[:7] not in MARKS))


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def merge(team: Repository, merged: str, into: str, other: str, *words: str) -> dict[str, bytes]:
    """Merge with what a person must do; gives back the tree."""
    team.done("checkout", "--quiet", "-B", f"{into}-with-{other}", into)
    team.git("merge", "--quiet", "--no-edit", *words, other)
    settle(team, merged, team.conflicts())
    team.commit("merged")
    assert _written(team) <= marks(team.folder)
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
    assert _written(team) <= marks(team.folder)
    return tree(team.folder)


def _written(team: Repository) -> frozenset[bytes]:
    """Everything that people wrote on either branch."""
    texts = (team.asked("show", f"{branch}:{path}").encode() for branch in ("ours", "theirs") for path in (ONCE, KEPT))
    return marks_of(texts)


def tree(folder: Path) -> dict[str, bytes]:
    """Every generated file, and the lock; what people wrote may stand in another order the other way round."""
    paths = (*(path for path in generated(folder) if path != folder / KEPT), folder / LOCK)
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
    assert rebased == one_way


@pytest.mark.parametrize("how", ["merge", "rebase"])
def test_a_change_in_one_branch_needs_no_help(how: str, tmp_path: Path) -> None:
    team = repository(tmp_path / "shop")
    assert _compiled(team, MANIFEST)
    team.commit("base")
    team.done("checkout", "--quiet", "-b", "theirs")
    assert _compiled(team, MANIFEST.replace("GREETING: hello", "GREETING: good day"))
    team.commit("theirs")
    team.done("checkout", "--quiet", "main")
    write(team.folder, {"api/main.py": "print()\n", ONCE: "services: {}\n# mine\n"})
    team.commit("ours")
    team.done(*({"merge": ("merge", "--quiet", "--no-edit"), "rebase": ("rebase", "--quiet")}[how]), "theirs")
    assert periplus(team.folder, "compile", "--check").code == 0
    assert team.asked("status", "--porcelain") == ""
    assert (team.folder / ONCE).read_text() == "services: {}\n# mine\n"


def test_the_least_a_person_does_is_to_compile_add_and_commit(tmp_path: Path) -> None:
    team = repository(tmp_path / "shop")
    assert _compiled(team, MANIFEST)
    team.commit("base")
    for name, old, new in (
        ("ours", "version: 1\n", "version: 1\n# ours\nports:\n  range: 8000-8050\n"),
        ("theirs", "hello", "good day"),
    ):
        team.done("checkout", "--quiet", "-b", name, "main")
        service = f"services:\n  {name}:\n    image: example/{name}:1\n    port: 8000\n"
        text = MANIFEST.replace(old, new)
        assert _compiled(team, text.replace("services:\n", service) if name == "ours" else f"{text}{service[10:]}")
        team.commit(name)
    assert team.git("merge", "ours") == 1
    assert MANIFEST_NAME not in team.conflicts()
    assert LOCK in team.conflicts()
    outcome = periplus(team.folder, "compile")
    assert outcome.code == 0
    assert "note[LOCK003]" in outcome.err
    team.commit("merged")
    assert periplus(team.folder, "compile", "--check").code == 0
    assert ports(tree(team.folder)) == {"api": 8000, "ours": 8001, "theirs": 8002}


@pytest.mark.parametrize("is_resolved", [True, False])
def test_marks_in_a_generated_file_are_seen_and_the_way_out_works(tmp_path: Path, *, is_resolved: bool) -> None:
    """Git never writes them, because of `.gitattributes`; another tool may."""
    team = repository(tmp_path / "shop")
    assert _compiled(team, MANIFEST)
    text = (team.folder / COMPOSE).read_text()
    line = next(line for line in text.splitlines(keepends=True) if "GREETING" in line)
    (team.folder / COMPOSE).write_text(text.replace(line, f"<<<<<<< HEAD\n{line}=======\n{line}>>>>>>> theirs\n"))
    assert periplus(team.folder, "compile", "--check").code == 1
    outcome = periplus(team.folder, "compile")
    assert (outcome.code, outcome.out) == (3, "")
    assert f"`periplus compile --overwrite {COMPOSE}`" in outcome.err
    if is_resolved:
        (team.folder / COMPOSE).write_text(text)
        assert periplus(team.folder, "compile").code == 0
    else:
        assert periplus(team.folder, "compile", "--overwrite", COMPOSE).code == 0
    assert (team.folder / COMPOSE).read_text() == text
    assert periplus(team.folder, "compile", "--check").code == 0
