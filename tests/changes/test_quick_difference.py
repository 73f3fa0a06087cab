"""The fast twin finds exactly the paths that deepdiff does."""

from __future__ import annotations

import copy
import json
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.changes.difference import differing_paths
from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from compiler.targets.plan_document import plan_document
from compiler.targets.plan_file import plan_file, read_plan
from tests.changes.cases import CASES, document
from tests.support import EXAMPLES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from compiler.model.plan import Compilation

quick: Any = pytest.importorskip("compiler.changes.quick_difference")
FOLDERS = [
    *(ROOT / "examples" / name for name in EXAMPLES),
    *(ROOT / "tests/manifests" / name for name in ("everything", "host", "newer", "plain-host")),
]
KEYS = st.sampled_from(["a", "b", "units", "", "__hidden", "a'b\"c", "x[0]", "y.z", "root['a']", "ä\n"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2)
    | st.sampled_from([0.0, -0.0, 1.0, 0.5, 300, 10**30])
    | st.sampled_from(["", "a", "1", "true", "a\nb", "a\nb\n", "ä", "\ud800"])
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)
DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(KEYS, VALUES, max_size=5)


def insist_on_the_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Both ways find the same paths; their order is `sorted` for both."""
    assert quick.differing_paths(before, after) == differing_paths(before, after)


def compilation_of(folder: Path) -> Compilation:
    """What is decided of the manifest in a folder."""
    files = DiskFiles(folder, folder)
    found = plan_manifest(Request("integration.yaml", files, shipped_files(), lambda _output, _wanted: {})).compilation
    assert found is not None
    return found


def altered(data: st.DataObject, value: Any) -> Any:
    """Mostly the same, with other leaves, keys and items here and there."""
    if data.draw(st.integers(0, 9)) == 0:
        return data.draw(VALUES)
    if isinstance(value, dict):
        entries = data.draw(st.permutations(list(value.items())))
        return {key: altered(data, inner) for key, inner in entries}
    if isinstance(value, list):
        return [altered(data, inner) for inner in value]
    return value


@given(DOCUMENTS, DOCUMENTS)
@settings(max_examples=100)
def test_any_two_documents(before: dict[str, Any], after: dict[str, Any]) -> None:
    insist_on_the_same(before, after)


@given(DOCUMENTS, st.data())
@settings(max_examples=100)
def test_two_documents_that_are_nearly_the_same(before: dict[str, Any], data: st.DataObject) -> None:
    shared = {"plan": before, "environments": {"dev": before, "test": before}}
    insist_on_the_same({"all": shared}, {"all": altered(data, shared)})


@pytest.mark.parametrize(("one", "other"), [*product([1, True, 1.0, "1", None, 0, False, -0.0, [], {}], repeat=2)])
@pytest.mark.parametrize("shape", ["{}", '{"a": [[{}]]}'])
def test_what_python_takes_for_the_same(one: object, other: object, shape: str) -> None:
    before, after = (json.loads(shape.replace("{}", json.dumps(value))) for value in (one, other))
    insist_on_the_same({"a": before}, {"a": after})
    insist_on_the_same({"a": {"b": {"c": {"d": {"e": before}}}}}, {"a": {"b": {"c": {"d": {"e": after}}}}})


def test_every_kind_of_change() -> None:
    for case in CASES.values():
        insist_on_the_same(document(case.before), document(case.after))


def test_every_pair_of_plans_as_made_and_as_read() -> None:
    compilations = [compilation_of(folder) for folder in FOLDERS]
    made = [plan_document(one) for one in compilations]
    read = [read_plan(plan_file(one))[0] or {} for one in compilations]
    for before, after in (*zip(read, made, strict=True), *pairwise(made), *zip(read[1:], made, strict=False)):
        insist_on_the_same(before, after)
    for before, after in zip(read, made, strict=True):
        assert quick.differing_paths({**before}, {**after}) == set()


def test_what_environments_share_is_not_taken_for_what_they_do_not() -> None:
    unit = {"environment": {"A": "1"}, "layer": 1, "command": ["a", 1]}
    other = copy.deepcopy(unit) | {"layer": True}
    before = {"plan": {"units": {"a": unit}}, "environments": {"dev": {"units": {"a": unit, "b": unit}}}}
    after = {"plan": {"units": {"a": unit}}, "environments": {"dev": {"units": {"a": other, "b": unit}}}}
    insist_on_the_same(before, after)
    assert quick.differing_paths(before, after) == {("environments", "dev", "units", "a", "layer")}


def plain_types(value: object) -> set[type]:
    """The types of all that a document holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    kind = dict if isinstance(value, dict) else type(value)
    return {kind}.union(*map(plain_types, inner))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_plan_is_json_as_it_is_made(folder: Path) -> None:
    assert plain_types(plan_document(compilation_of(folder))) <= {dict, list, str, int, float, bool, type(None)}
