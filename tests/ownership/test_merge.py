"""The merge by lines: its laws, and git as the oracle."""

from __future__ import annotations

import subprocess
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.ownership.merge import merge_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MANIFEST = "integration.yaml"
BASE = "one\ntwo\nthree\nfour\nfive\n"
ROUNDS = 600

lines = st.sampled_from(["a", "b", "c", "d", "e", "", "    x: 1", "}", "=======", "<<<<<<<"])
texts = st.lists(lines, max_size=14).map(lambda found: "".join(f"{line}\n" for line in found))


def merged(yours: str, theirs: str, base: str = BASE) -> str:
    """The text of a merge that is clean."""
    found = merge_texts(base, yours, theirs, MANIFEST)
    assert not found.conflicts
    return found.text


def test_changes_in_different_places_are_both_in_it() -> None:
    assert merged(BASE.replace("one", "1"), BASE.replace("five", "5")) == "1\ntwo\nthree\nfour\n5\n"
    assert merged("zero\n" + BASE, BASE + "six\n") == f"zero\n{BASE}six\n"
    assert merged(BASE.replace("two\n", ""), BASE.replace("four\n", "")) == "one\nthree\nfive\n"


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    both = BASE.replace("three", "3")
    assert merged(both, both) == both
    assert merged(both.replace("one", "1"), both) == both.replace("one", "1")


def test_an_overlap_stands_between_marks_and_its_line_is_told() -> None:
    found = merge_texts(BASE, BASE.replace("three", "drei"), BASE.replace("three", "trois"), MANIFEST)
    assert found == (
        "one\ntwo\n<<<<<<< yours\ndrei\n=======\ntrois\n>>>>>>> integration.yaml\nfour\nfive\n",
        (3,),
    )


def test_what_both_sides_share_stays_outside_the_marks() -> None:
    found = merge_texts(BASE, BASE.replace("three", "a\nx\nz"), BASE.replace("three", "a\ny\nz"), MANIFEST)
    assert found.text.split("\n")[2:9] == ["a", "<<<<<<< yours", "x", "=======", "y", ">>>>>>> integration.yaml", "z"]
    assert found.conflicts == (4,)


def test_a_line_deleted_here_and_changed_there_is_an_overlap() -> None:
    found = merge_texts(BASE, BASE.replace("three\n", ""), BASE.replace("three", "3"), MANIFEST)
    assert "<<<<<<< yours\n=======\n3\n>>>>>>> integration.yaml\n" in found.text


def test_line_ends_are_the_persons() -> None:
    yours = BASE.replace("one", "1").replace("\n", "\r\n")
    assert merged(yours, BASE + "six\n") == (BASE.replace("one", "1") + "six\n").replace("\n", "\r\n")
    assert merged(BASE.replace("\n", "\r\n"), BASE) == BASE.replace("\n", "\r\n")
    conflict = merge_texts(BASE, yours, BASE.replace("one", "I"), MANIFEST)
    assert conflict.text.replace("\r\n", "").count("\n") == 0


def test_a_last_line_without_end_stays_so_unless_something_follows() -> None:
    assert merged(BASE[:-1], BASE.replace("one", "1")) == BASE.replace("one", "1")[:-1]
    assert merged(BASE[:-1], BASE + "six\n") == BASE + "six\n"


@given(texts, texts)
def test_with_one_side_unchanged_the_other_counts(base: str, other: str) -> None:
    assert merge_texts(base, other, base, MANIFEST) == (other, ())
    assert merge_texts(base, base, other, MANIFEST) == (other, ())
    assert merge_texts(base, other, other, MANIFEST) == (other, ())


@given(texts, texts, texts)
def test_no_line_that_a_person_added_is_ever_lost(base: str, yours: str, theirs: str) -> None:
    found = merge_texts(base, yours, theirs, MANIFEST).text
    added = Counter(yours.split("\n")) - Counter(base.split("\n"))
    assert not added - Counter(found.split("\n"))


@given(texts, texts, texts)
def test_the_lines_told_are_those_where_conflicts_open(base: str, yours: str, theirs: str) -> None:
    found = merge_texts(base, yours, theirs, MANIFEST)
    opened = [number for number, line in enumerate(found.text.split("\n"), 1) if line == "<<<<<<< yours"]
    assert list(found.conflicts) == opened


def edits(pick: Random, words: Sequence[str]) -> Callable[[list[str]], list[str]]:
    def edit(base: list[str]) -> list[str]:
        found = list(base)
        for _ in range(pick.randint(1, 3)):
            at, size = pick.randint(0, len(found)), pick.randint(0, 2)
            found[at : at + size] = [pick.choice(words) for _ in range(pick.randint(0 if size else 1, 3))]
        return found

    return edit


WORDS = {"few": ["a", "b", "c", "{", "}", ""], "many": [str(number) for number in range(200)]}


@pytest.mark.parametrize("kind", WORDS)
def test_where_git_merges_cleanly_so_do_we_and_to_the_same_text(kind: str, tmp_path: Path) -> None:
    """At most one in a hundred differs, where changes touch, or where lines are so alike that both are right."""
    pick = Random(f"{kind} 20")
    outcomes: Counter[str] = Counter()
    for _ in range(ROUNDS // len(WORDS)):
        base = [pick.choice(WORDS[kind]) for _ in range(pick.randint(0, 30))]
        edit = edits(pick, WORDS[kind])
        yours, before, theirs = ("".join(f"{line}\n" for line in one) for one in (edit(base), base, edit(base)))
        clean, text = by_git(tmp_path, yours, before, theirs)
        found = merge_texts(before, yours, theirs, MANIFEST)
        if clean and not found.conflicts:
            outcomes["same" if found.text == text else "other text"] += 1
        else:
            outcomes["overlap" if found.conflicts and not clean else "one side only"] += 1
    rounds = outcomes.total()
    assert min(outcomes["same"], outcomes["overlap"]) > rounds / 4
    assert outcomes["other text"] <= (rounds / 100 if kind == "few" else 0), outcomes
    assert outcomes["one side only"] <= rounds * (0.05 if kind == "few" else 0.01), outcomes


def by_git(folder: Path, yours: str, base: str, theirs: str) -> tuple[bool, str]:
    """Whether git merges cleanly, and to what."""
    for name, text in (("yours", yours), ("base", base), ("theirs", theirs)):
        (folder / name).write_text(text)
    done = subprocess.run(
        ["git", "merge-file", "-p", "yours", "base", "theirs"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout


def test_merged_again_before_the_base_moved_on_nothing_changes() -> None:
    """A run killed between the file and its base: the next one merges the same emission into what is merged already."""
    pick = Random(21)
    for _ in range(ROUNDS):
        base = [pick.choice(WORDS["many"]) for _ in range(30)]
        edit = edits(pick, WORDS["many"])
        yours, before, theirs = ("".join(f"{line}\n" for line in one) for one in (edit(base), base, edit(base)))
        found = merge_texts(before, yours, theirs, MANIFEST)
        if not found.conflicts:
            assert merge_texts(before, found.text, theirs, MANIFEST) == (found.text, ())
