"""The table of `decide`: the product of its enums. A star stands for every value; each combination has one row."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.model.tree import Action, Artifact, Decision, OnDisk, Owner, Standing
from compiler.ownership.decide import REFUSED, decide, decide_all, on_disk
from compiler.ownership.signature import sign

# `mode` is whether the file is executable where it ought to be; a bang is the person's `--overwrite`.
TABLE = """\
kind      signature same  mode  merging  | unwanted unwanted! | generated generated! | base      base!     | once      once!
absent    *         *     *     *        | ignore   ignore    | create    create     | create    create    | create    create
file      none      same  right *        | ignore   ignore    | unchanged unchanged  | unchanged unchanged | unchanged unchanged
file      none      same  wrong *        | ignore   ignore    | update    update     | update    update    | unchanged unchanged
file      none      other *     *        | ignore   ignore    | foreign   replace    | replace   replace   | unchanged unchanged
file      valid     same  right *        | delete   delete    | unchanged unchanged  | unchanged unchanged | unchanged unchanged
file      valid     same  wrong *        | delete   delete    | update    update     | update    update    | unchanged unchanged
file      valid     other *     *        | delete   delete    | update    update     | update    update    | unchanged unchanged
file      broken    same  right *        | edited   delete    | unchanged unchanged  | unchanged unchanged | unchanged unchanged
file      broken    same  wrong *        | edited   delete    | update    update     | update    update    | unchanged unchanged
file      broken    other *     *        | edited   delete    | edited    replace    | replace   replace   | unchanged unchanged
file      other     same  right *        | ignore   ignore    | unchanged unchanged  | unchanged unchanged | unchanged unchanged
file      other     same  wrong *        | ignore   ignore    | update    update     | update    update    | unchanged unchanged
file      other     other *     *        | ignore   ignore    | others    others     | others    others    | unchanged unchanged
directory *         *     *     *        | ignore   ignore    | foreign   foreign    | foreign   foreign   | foreign   foreign
symlink   *         *     *     *        | ignore   ignore    | foreign   foreign    | foreign   foreign   | foreign   foreign
special   *         *     *     *        | ignore   ignore    | foreign   foreign    | foreign   foreign   | foreign   foreign
"""
KEPT = """\
kind      signature same  mode  merging  | kept      kept!
absent    *         *     *     none     | create    create
absent    *         *     *     clean    | create    create
absent    *         *     *     conflict | create    create
absent    *         *     *     marked   | create    create
absent    *         *     *     baseless | baseless  create
file      *         same  right none     | foreign   unchanged
file      *         same  wrong none     | foreign   update
file      *         other *     none     | foreign   replace
file      *         same  right clean    | unchanged unchanged
file      *         same  wrong clean    | update    update
file      *         other *     clean    | merge     replace
file      *         same  right conflict | conflict  unchanged
file      *         same  wrong conflict | conflict  update
file      *         other *     conflict | conflict  replace
file      *         same  right marked   | marked    unchanged
file      *         same  wrong marked   | marked    update
file      *         other *     marked   | marked    replace
file      *         same  right baseless | baseless  unchanged
file      *         same  wrong baseless | baseless  update
file      *         other *     baseless | baseless  replace
directory *         *     *     *        | foreign   foreign
symlink   *         *     *     *        | foreign   foreign
special   *         *     *     *        | foreign   foreign
"""
TABLES = [[line.replace("|", " ").split() for line in table.splitlines()] for table in (TABLE, KEPT)]
SEEN = 5
HINTS = get_type_hints(OnDisk)
KINDS, SIGNATURES, MERGINGS = (get_args(HINTS[name]) for name in ("kind", "signature", "merging"))
OWNERS: dict[str, Owner | None] = {"unwanted": None, **{owner.value: owner for owner in Owner}}


class Case(NamedTuple):
    disk: OnDisk
    executable: bool
    owner: str
    overwrite: bool


CASES = [
    Case(OnDisk(kind, signature, same, is_executable, merging), wanted_executable, owner, overwrite)
    for kind, signature, same, is_executable, merging, wanted_executable, owner, overwrite in product(
        KINDS, SIGNATURES, (True, False), (True, False), MERGINGS, (True, False), OWNERS, (True, False)
    )
]


def rows_of(case: Case) -> list[list[str]]:
    seen = (
        case.disk.kind,
        case.disk.signature,
        "same" if case.disk.same else "other",
        "wrong" if case.executable and not case.disk.executable else "right",
        case.disk.merging,
    )
    rows = TABLES[case.owner == "kept"][1:]
    return [row for row in rows if all(cell in {"*", value} for cell, value in zip(row, seen, strict=False))]


def expected(case: Case) -> Action:
    column = TABLES[case.owner == "kept"][0].index(case.owner + ("!" if case.overwrite else ""))
    return Action(rows_of(case)[0][column])


def test_the_tables_name_every_value_of_every_enum() -> None:
    assert {name for head, *_ in TABLES for name in head[SEEN:]} == {
        name + bang for name in OWNERS for bang in ("", "!")
    }
    rows = [row for _, *rows in TABLES for row in rows]
    for column, values in ((0, KINDS), (1, SIGNATURES), (4, MERGINGS)):
        assert {row[column] for row in rows} - {"*"} == set(values)
    assert {cell for row in rows for cell in row[SEEN:]} == {action.value for action in Action} - {"lost"}


def test_every_combination_has_exactly_one_row() -> None:
    assert {len(rows_of(case)) for case in CASES} == {1}


def test_decide_is_the_table() -> None:
    assert [(case, decided(case)) for case in CASES] == [(case, expected(case)) for case in CASES]


def decided(case: Case, *, lost: bool = False) -> Action:
    owner = OWNERS[case.owner]
    wanted = None if owner is None else Artifact("text", case.executable, owner)
    return decide(case.disk._replace(lost=lost), wanted, overwrite=case.overwrite)


def test_what_a_merge_would_lose_is_refused_whatever_else_would_be_done() -> None:
    """But for the person's own files, what is refused anyway, and the person's word."""
    for case in CASES:
        action = decided(case)
        is_ours = case.owner not in {"once", "base"} and action not in {*REFUSED - {Action.EDITED}, Action.IGNORE}
        wanted = Action.LOST if is_ours and not case.overwrite else action
        assert decided(case, lost=True) is wanted


def test_without_a_word_no_text_of_a_person_is_ever_replaced_or_removed() -> None:
    persons = [case for case in CASES if case.disk.kind != "absent" and case.disk.signature != "valid"]
    edited = [case for case in persons if not case.disk.same and not case.overwrite and case.owner != "base"]
    assert not {decided(case) for case in edited} & {Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE}


def test_a_base_that_was_edited_is_saved_before_it_is_written_anew() -> None:
    bases = [case for case in CASES if case.owner == "base" and case.disk.kind == "file" and not case.disk.same]
    edited = [case for case in bases if case.disk.signature in {"none", "broken"}]
    assert {decided(case) for case in edited} == {Action.REPLACE}


def test_a_kept_file_is_only_merged_where_the_merge_is_known() -> None:
    kept = [case for case in CASES if case.owner == "kept" and case.disk.kind == "file" and not case.overwrite]
    for case in kept:
        if decided(case) in {Action.MERGE, Action.UPDATE, Action.UNCHANGED}:
            assert case.disk.merging == "clean"


def standing(text: str | None, *, executable: bool = False) -> Standing:
    return Standing("file", text, executable)


WANTED = Artifact(sign("a.yml", "a: 1\n", "integration.yaml"))


@pytest.mark.parametrize(
    ("stands", "disk"),
    [
        (Standing("absent"), OnDisk("absent")),
        (Standing("symlink"), OnDisk("symlink")),
        (Standing("directory"), OnDisk("directory")),
        (standing(None, executable=True), OnDisk("file", executable=True)),
        (standing("mine\n"), OnDisk("file", "none")),
        (standing(WANTED.text), OnDisk("file", "valid", same=True)),
        (standing(WANTED.text.replace("1", "2")), OnDisk("file", "broken")),
        (standing(sign("a.yml", "a: 0\n", "integration.yaml")), OnDisk("file", "valid")),
        (standing(WANTED.text.replace("\n", "\r\n")), OnDisk("file", "valid")),
    ],
)
def test_what_stands_is_judged_by_its_own_text(stands: Standing, disk: OnDisk) -> None:
    assert on_disk(stands, WANTED) == disk


def test_what_another_manifest_signed_is_known_by_its_header() -> None:
    others = frozenset({"bank.integration.yaml"})
    bank = sign("a.yml", "a: 1\n", "bank.integration.yaml")
    assert on_disk(standing(bank), WANTED, others) == OnDisk("file", "other")
    assert on_disk(standing(bank + "edited\n"), WANTED, others) == OnDisk("file", "other")
    assert on_disk(standing(bank), WANTED) == OnDisk("file", "valid")
    assert on_disk(standing(WANTED.text), WANTED, others) == OnDisk("file", "valid", same=True)


def test_a_file_that_is_not_wanted_is_never_the_same() -> None:
    assert on_disk(standing(WANTED.text), None) == OnDisk("file", "valid", same=False)


def test_the_tree_comes_first_in_its_order_then_what_else_stands_sorted() -> None:
    stands = {
        "z.yml": standing(WANTED.text),
        "b.yml": standing("mine\n"),
        "y.yml": standing(WANTED.text + "edited\n"),
        "c.yml": standing("mine\n"),
    }
    decisions = decide_all(stands, {"d.yml": WANTED, "c.yml": WANTED}, frozenset())
    assert decisions == (
        Decision("d.yml", Action.CREATE),
        Decision("c.yml", Action.FOREIGN),
        Decision("y.yml", Action.EDITED),
        Decision("z.yml", Action.DELETE),
    )


def test_the_word_to_overwrite_counts_for_the_paths_named_and_no_other() -> None:
    stands = {path: standing("mine\n") for path in ("a.yml", "b.yml")}
    decisions = decide_all(stands, {"a.yml": WANTED, "b.yml": WANTED}, frozenset({"b.yml", "c.yml"}))
    assert decisions == (Decision("a.yml", Action.FOREIGN), Decision("b.yml", Action.REPLACE))


paths = st.sampled_from(["a.yml", "b.yml", "c/d.yml"])
standings = st.builds(
    Standing,
    st.sampled_from(["absent", "file", "directory", "symlink", "special"]),
    st.sampled_from([None, "mine\n", WANTED.text, WANTED.text + "edited\n"]),
    st.booleans(),
)


@given(st.dictionaries(paths, standings), st.dictionaries(paths, st.just(WANTED)), st.frozensets(paths))
def test_every_path_of_the_tree_is_decided_once_and_none_ignored(
    stands: dict[str, Standing], tree: dict[str, Artifact], overwrite: frozenset[str]
) -> None:
    decisions = decide_all(stands, tree, overwrite)
    found = [decision.path for decision in decisions]
    assert len(found) == len(set(found))
    assert set(tree) <= set(found) <= {*tree, *stands}
    assert all(decision.action is not Action.IGNORE for decision in decisions)
