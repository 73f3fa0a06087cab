from __future__ import annotations

import copy
import itertools
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.changes import Weight, tell_changes
from compiler.changes.difference import find_differences, raw_difference
from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from compiler.targets.plan_document import plan_document
from tests.changes.cases import BASE, CASES, document
from tests.support import EXAMPLES, ROOT, MappingFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]


def everything() -> dict[str, Any]:
    """The plan of a manifest with every key of the language."""
    folder = ROOT / "tests" / "manifests" / "everything"
    request = Request("integration.yaml", DiskFiles(folder, folder), shipped_files(), lambda _output, _wanted: {})
    compilation = plan_manifest(request).compilation
    assert compilation
    found: dict[str, Any] = json.loads(json.dumps(plan_document(compilation)))
    return found


WHOLE = everything()


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of every value of a document."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value: object) -> object:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, list):
        return [*value, "x"]
    return {**value, "x": "y"} if isinstance(value, dict) else "x"


def mutated(path: Path, value: object = None, *, is_removed: bool = False) -> dict[str, Any]:
    """The whole plan with one value replaced or removed."""
    found: Any = copy.deepcopy(WHOLE)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    if is_removed:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    document: dict[str, Any] = found
    return document


def at(path: Path) -> object:
    """What stands at a path of the whole plan."""
    value: Any = WHOLE
    for key in path:
        value = value[key]
    return value


PLACES = [path for path in places(WHOLE) if path != ("schema_version",)]


def test_equal_documents_differ_in_nothing() -> None:
    assert tell_changes(WHOLE, copy.deepcopy(WHOLE)) == ()


def test_what_a_file_says_of_itself_is_no_change() -> None:
    assert (
        tell_changes(WHOLE, {**WHOLE, "generated": "by", "periplus-signature": "0" * 32, "files": {"a": "create"}})
        == ()
    )


@given(st.sampled_from(PLACES))
@settings(max_examples=60)
def test_no_single_other_value_stays_silent(path: Path) -> None:
    assert tell_changes(WHOLE, mutated(path, changed(at(path))))
    assert tell_changes(mutated(path, changed(at(path))), WHOLE)


@given(st.sampled_from(PLACES))
@settings(max_examples=60)
def test_nothing_that_is_taken_out_stays_silent(path: Path) -> None:
    assert tell_changes(WHOLE, mutated(path, is_removed=True))
    assert tell_changes(mutated(path, is_removed=True), WHOLE)


@given(st.sampled_from(PLACES), st.sampled_from([None, 7, "text", [], ["a"], {}, {"a": 1}, True]))
@settings(max_examples=60)
def test_a_plan_of_any_shape_is_told_without_failing(path: Path, value: object) -> None:
    damaged = mutated(path, value)
    assert bool(tell_changes(WHOLE, damaged)) == bool(tell_changes(damaged, WHOLE)) == (damaged != WHOLE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("plan", "volumes", "mail-data", "owner"), None),
        (("plan", "gateway", "routes", "/api/", "service"), None),
        (("plan", "units", "api", "replicas"), ["a"]),
        (("plan", "units", "reporter", "profiles", 0), 7),
    ],
)
def test_what_once_stayed_silent_or_failed(path: Path, value: object) -> None:
    assert tell_changes(WHOLE, mutated(path, value))
    assert tell_changes(mutated(path, value), WHOLE)


def test_gravest_first_and_each_by_place() -> None:
    told = tell_changes(
        document(CASES["database-owner-changed"].before), document(CASES["database-owner-changed"].after)
    )
    ranks = [list(Weight).index(one.weight) for one in told]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3
    assert all(one.place < two.place for one, two in itertools.pairwise(told) if one.weight is two.weight)


def test_a_change_of_every_environment_is_told_once() -> None:
    (one,) = tell_changes(document(BASE), document(BASE.replace("PLAIN: one", "PLAIN: two")))
    assert one.environments == ()
    assert one.place == "/plan/units/api/environment/PLAIN"
    assert (one.before, one.after) == ("one", "two")


def test_a_change_of_some_environments_names_them() -> None:
    inner = "    services:\n      api:\n        environment:\n          PLAIN: {}\n"
    text = f"{BASE}environments:\n  test:\n{inner}  staging:\n{inner}"
    (one,) = tell_changes(document(text.replace("{}", "a")), document(text.replace("{}", "b")))
    assert (one.kind, one.environments) == ("environment-variable-changed", ("staging", "test"))
    assert one.place == "/environments/staging/units/api/environment/PLAIN"
    told = tell_changes(document(text.replace("{}", "a")), document(text.replace("{}", "b", 1).replace("{}", "a")))
    assert [one.environments for one in told] == [("test",)]


def test_another_value_in_an_environment_is_told_beside_that_of_the_manifest() -> None:
    text = f"{BASE}environments:\n  test:\n    services:\n      api:\n        environment:\n          PLAIN: mine\n"
    after = text.replace("PLAIN: one", "PLAIN: two").replace("PLAIN: mine", "PLAIN: yours")
    told = tell_changes(document(text), document(after))
    assert [(one.after, one.environments) for one in told] == [("two", ()), ("yours", ("test",))]


def test_an_environment_is_named_once() -> None:
    before = copy.deepcopy(document(f"{BASE}environments:\n  test:\n"))
    units = before["environments"]["test"]["units"]
    units["db-orders-seed"] = copy.deepcopy(units["db-orders"])
    after = copy.deepcopy(before)
    for name in ("db-orders", "db-orders-seed"):
        after["environments"]["test"]["units"][name]["command"] = ["psql"]
    assert [(one.subject, one.environments) for one in tell_changes(before, after)] == [("db.orders", ("test",))]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('""', "one", "`api` gets `PLAIN=one`, which was empty"),
        ("one", '""', "`api` gets an empty `PLAIN`, no longer `one`"),
        ("${P}", "${P:-x}", "variable `P` is `x` where it is not set, so far it had no default"),
        ("${P:-x}", "${P}", "variable `P` has no default any more, which was `x`"),
    ],
)
def test_an_empty_text_and_no_default_are_said_in_words(before: str, after: str, told: str) -> None:
    texts = [BASE.replace("PLAIN: one", f"PLAIN: {value}") for value in (before, after)]
    assert told in [one.told for one in tell_changes(*map(document, texts))]


def test_units_that_move_together_are_told_as_one() -> None:
    users = "".join(
        f"  user{n}:\n    image: x:1\n    healthcheck:\n      probe: none\n    environment:\n      A: ${{web.url}}\n"
        for n in range(8)
    )
    text = BASE.replace("  bank:\n", users + "  bank:\n")
    told = tell_changes(
        document(text), document(text.replace("        condition: healthy\n", "        condition: none\n"))
    )
    moved = [one for one in told if one.kind == "layer-changed"]
    assert [one.told for one in moved] == [
        "`user0`, `user1`, `user2`, `user3`, `user4` and 3 more start in layer `2`, no longer `5`",
        "`web` starts in layer `1`, no longer `4`",
    ]
    assert moved[0].subject == ", ".join(f"user{n}" for n in range(8))


def test_a_private_looking_variable_is_no_secret_to_it() -> None:
    """deepdiff leaves out what starts with two underlines, unless told."""
    (one,) = tell_changes(document(BASE), document(BASE.replace("PLAIN: one", "PLAIN: one\n      __HIDDEN: x")))
    assert one.kind == "environment-variable-added"


def test_a_mapping_without_a_key_in_common_is_told_key_by_key() -> None:
    told = tell_changes(
        document(
            BASE.replace(
                "    image: registry.example/web:1\n",
                "    image: registry.example/web:1\n    compose:\n      tty: true\n",
            )
        ),
        document(
            BASE.replace(
                "    image: registry.example/web:1\n",
                "    image: registry.example/web:1\n    compose:\n      shm_size: 1m\n",
            )
        ),
    )
    assert {one.told for one in told} == {
        "`web` has `tty` no longer set, which was `true`",
        "`web` has `shm_size` set to `1m`",
    }


def test_no_value_of_a_secret_is_told() -> None:
    told = [*tell_changes(document(CASES["secret-required"].before), document(CASES["secret-required"].after))]
    assert any("${secrets.KEY}" in one.told for one in told)


def test_text_of_a_person_cannot_leave_its_ticks() -> None:
    nasty = "a`b``c @all \\u202e"
    (one,) = tell_changes(document(BASE), document(BASE.replace("PLAIN: one", f"PLAIN: {nasty}")))
    assert one.told.count("`") == 6
    assert one.after == nasty


def test_a_long_text_is_cut() -> None:
    (one,) = tell_changes(document(BASE), document(BASE.replace("PLAIN: one", f"PLAIN: {'x' * 5000}")))
    assert len(one.told) < 300
    assert len(one.after) == 5000


@pytest.mark.parametrize("name", ["database-owner-changed", "infrastructure-added", "service-renamed"])
def test_raw_is_what_deepdiff_says_with_sorted_keys(name: str) -> None:
    before, after = document(CASES[name].before), document(CASES[name].after)
    text = raw_difference(before, after)
    assert json.loads(text)
    assert json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n" == text
    assert raw_difference(before, before) == "{}\n"


def test_the_same_whatever_the_hash_seed(tmp_path: Any) -> None:
    case = CASES["infrastructure-type-changed"]
    for name, text in (("before", case.before), ("after", case.after)):
        (tmp_path / name).write_text(json.dumps(document(text)))
    program = (
        "import json, sys; from compiler.changes import tell_changes; from compiler.changes.difference import raw_difference;"
        "a, b = (json.load(open(p)) for p in sys.argv[1:]); print(tell_changes(a, b), raw_difference(a, b))"
    )
    words = [sys.executable, "-c", program, str(tmp_path / "before"), str(tmp_path / "after")]
    said = {
        subprocess.run(
            words, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(said) == 1


def test_deepdiff_is_given_what_differs_and_no_more() -> None:
    """One change among a thousand services: deepdiff needs most of a second for the whole of both plans."""
    from compiler.changes.difference import _apart  # noqa: PLC0415

    unit = document(BASE)["plan"]["units"]["api"]
    plan = {"units": {f"s{n}": unit for n in range(1000)}, "volumes": {}}
    before = {"project": "shop", "plan": plan, "environments": {"dev": plan, "test": plan}}
    after = json.loads(json.dumps(before))
    after["plan"]["units"]["s500"]["environment"]["PLAIN"] = "two"
    for side in _apart(before, after):
        assert list(side) == ["plan"]
        assert list(side["plan"]) == ["units"]
        assert list(side["plan"]["units"]) == ["s500"]
    assert [one.path for one in find_differences(before, after)] == [("plan", "units", "s500", "environment", "PLAIN")]


def blocks(lines: list[str]) -> list[list[str]]:
    """The entries of a mapping, each with what is indented below it; comments belong to what follows."""
    depth = min((len(line) - len(line.lstrip()) for line in lines if _is_content(line)), default=0)
    found: list[list[str]] = []
    pending: list[str] = []
    for line in lines:
        starts = _is_content(line) and len(line) - len(line.lstrip()) == depth
        if starts or not found:
            found.append([*pending, line])
            pending = []
        else:
            found[-1].append(line)
    return found


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def shuffled(lines: list[str], data: st.DataObject, key: str = "") -> list[str]:
    """The same mapping with its entries in another order, at every depth, and comments of its own."""
    entries = blocks([line for line in lines if _is_content(line)])
    if any(entry[0].lstrip().startswith("- ") for entry in entries) or key in {"tests:", "routes:", "include:"}:
        return lines
    order = data.draw(st.permutations(entries))
    found: list[str] = []
    for head, *rest in order:
        indent = " " * (len(head) - len(head.lstrip()))
        found += [f"{indent}# a comment", head, *(shuffled(rest, data, head.strip()) if rest else [])]
    return found


@pytest.mark.parametrize("name", EXAMPLES)
@given(data=st.data())
@settings(max_examples=8)
def test_another_order_and_comments_change_nothing(name: str, data: st.DataObject) -> None:
    folder = ROOT / "examples" / name
    text = (folder / "integration.yaml").read_text()
    assert (
        tell_changes(example_plan(name, text), example_plan(name, "\n".join(shuffled(text.split("\n"), data)) + "\n"))
        == ()
    )


def example_plan(name: str, text: str) -> dict[str, Any]:
    """The plan of an example with another text as its manifest; its lock counts."""
    folder = ROOT / "examples" / name
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "integration" not in path.relative_to(folder).parts[:1]
    }
    request = Request(
        "integration.yaml",
        MappingFiles({**files, "integration.yaml": text.encode()}),
        shipped_files(),
        lambda _output, _wanted: {},
    )
    planned = plan_manifest(request)
    assert planned.compilation, [one.message for one in planned.diagnostics]
    found: dict[str, Any] = json.loads(json.dumps(plan_document(planned.compilation)))
    return found
