from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from compiler.rules import all_rules
from compiler.targets.plan_document import SCHEMA_VERSION, plan_document
from compiler.targets.plan_file import compact, expand, plan_file, read_plan
from tests.rules.examples import good
from tests.support import EXAMPLES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from compiler.model.plan import Compilation

FOLDERS = [
    *(ROOT / "examples" / name for name in EXAMPLES),
    *(ROOT / "tests/manifests" / name for name in ("everything", "host", "newer", "plain-host")),
]
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
"""Values that often have something in common, true and 1 among them."""
PLANS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


def compilation_of(folder: Path) -> Compilation:
    """What is decided of the manifest in a folder."""
    files = DiskFiles(folder, folder)
    found = plan_manifest(Request("integration.yaml", files, shipped_files(), lambda _output, _wanted: {})).compilation
    assert found is not None
    return found


def as_json(value: object) -> str:
    """What a reader gets, true and 1 told apart."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_written_is_read_back_whole(folder: Path) -> None:
    compilation = compilation_of(folder)
    written = plan_file(compilation)
    assert read_plan(written) == (json.loads(json.dumps(plan_document(compilation))), "")


def test_so_it_is_for_every_example_of_a_rule() -> None:
    for rule in all_rules():
        compilation = good(rule).planned.compilation
        assert compilation is not None
        whole = plan_document(compilation)
        assert as_json(expand(compact(whole))) == as_json(whole), rule.code


@given(PLANS, PLANS)
def test_an_environment_is_what_its_patch_makes_of_the_plan(plan: dict[str, Any], environment: dict[str, Any]) -> None:
    document = {"plan": {"gateway": None, **plan}, "environments": {"test": {"gateway": None, **environment}}}
    assert as_json(expand(compact(document))) == as_json(document)


@given(PLANS)
def test_what_is_the_same_is_not_said_again(plan: dict[str, Any]) -> None:
    assert compact({"plan": plan, "environments": {"dev": json.loads(json.dumps(plan))}})["environments"] == {"dev": {}}


@given(PLANS, PLANS)
def test_a_patch_is_one_that_others_apply(plan: dict[str, Any], environment: dict[str, Any]) -> None:
    """By the pseudo-code of RFC 7396."""

    def merge_patch(target: Any, patch: Any) -> Any:
        if not isinstance(patch, dict):
            return patch
        target = dict(target) if isinstance(target, dict) else {}
        for name, value in patch.items():
            if value is None:
                target.pop(name, None)
            else:
                target[name] = merge_patch(target.get(name), value)
        return target

    short = compact({"plan": plan, "environments": {"test": environment}})
    assert as_json(merge_patch(short["plan"], short["environments"]["test"])) == as_json(environment)


def test_how_a_patch_looks() -> None:
    health = {"liveness": "GET :80/", "readiness": None}
    plan = {"gateway": None, "units": {"web": {"health": health, "ports": {}}, "db": {"health": None}}, "variables": {}}
    test = {"gateway": None, "units": {"web": {"health": None, "ports": {"a": {"host": None}}}}, "variables": {}}
    short = compact({"plan": plan, "environments": {"dev": plan, "test": test}})
    assert short["plan"] == {
        "units": {"web": {"health": {"liveness": "GET :80/"}, "ports": {}}, "db": {}},
        "variables": {},
    }
    assert short["environments"] == {
        "dev": {},
        "test": {"units": {"web": {"ports": {"a": {}}, "health": None}, "db": None}},
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "is not there"),
        ("{", "is no JSON"),
        (b"\xff", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no plan"),
        ("{}", "is no plan"),
        ('{"schema_version": "3"}', "is no plan"),
        (f'{{"schema_version": {SCHEMA_VERSION}}}', "is no plan"),
        (f'{{"schema_version": {SCHEMA_VERSION}, "plan": {{}}, "environments": []}}', "is no plan"),
        (f'{{"schema_version": {SCHEMA_VERSION}, "plan": {{}}, "environments": {{"dev": 1}}}}', "is no plan"),
        ('{"schema_version": 2, "plan": {}}', f"has the layout 2, and this version reads {SCHEMA_VERSION}"),
    ],
)
def test_what_cannot_be_read_is_told(content: str | bytes | None, problem: str) -> None:
    assert read_plan(content) == (None, problem)


def test_a_plan_of_another_shape_is_read_as_far_as_it_goes() -> None:
    wild = {"units": [1], "variables": {"A": 2}, "gateway": 3}
    content = json.dumps({"schema_version": SCHEMA_VERSION, "plan": wild, "environments": {"dev": {"units": 4}}})
    document, _ = read_plan(content)
    assert document is not None
    assert document["environments"]["dev"] == {**wild, "units": 4}
