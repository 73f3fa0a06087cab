from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator

from compiler.model.plan import Asker, MountKind, UnitKind, Until
from compiler.model.tree import Action
from tests.commands.project import COMPOSE, MANIFEST, compiled, edit, everything, example, periplus, project, write
from tests.support import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "plan.schema.json").read_text())


def errors(document: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(SCHEMA).iter_errors(document)]


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema["properties"], dict):
            yield schema
        for inner in schema.values():
            yield from objects(inner)


def test_the_plan_shows_what_would_be_built_before_it_is(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "plan")
    assert (outcome.code, outcome.err) == (0, "")
    for words in (
        "## Integration plan: shop\n",
        "| api | - | 8000 | default |\n",
        "| cache | Redis | internal | default |\n",
        "1. api -> cache (Redis)\n",
        "### Start order\n\n1. cache\n2. api\n",
        "Least start time: 7s",
        f"| {COMPOSE} | Create |\n",
        "| integration.lock.json | Create |\n",
        "| api | `/health` |  | curl | 5s |\n",
    ):
        assert words in outcome.out
    assert everything(folder) == before


def test_it_tells_files_to_create_modify_and_delete(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    (folder / "integration/README.md").unlink()
    write(folder, {"integration/old.yml": (folder / COMPOSE).read_text()})
    out = periplus(folder, "plan").out
    assert f"| {COMPOSE} | Modify |\n" in out
    assert "| integration/README.md | Create |\n" in out
    assert "| integration/old.yml | Delete |\n" in out


def test_when_nothing_is_to_do_it_says_so(tmp_path: Path) -> None:
    assert "| none | everything is up to date |\n" in periplus(compiled(tmp_path / "shop"), "plan").out


def test_a_refusal_is_part_of_the_plan(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "\n", "\n# mine\n")
    outcome = periplus(folder, "plan")
    assert outcome.code == 0
    assert f"| {COMPOSE} | Refused: edited by hand |\n" in outcome.out


def test_an_error_leaves_no_plan(tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop", integration__yaml=MANIFEST.replace("cache.url", "x.url")), "plan")
    assert (outcome.code, outcome.out) == (2, "")


@pytest.mark.parametrize("name", EXAMPLES)
def test_plan_json_of_an_example_keeps_its_schema(name: str, tmp_path: Path) -> None:
    folder = example(name, tmp_path)
    committed = json.loads((folder / "integration/plan.json").read_text())
    printed = json.loads(periplus(folder, "plan", "--format", "json").out)
    assert errors(committed) == []
    assert errors(printed) == []
    assert {path: Action(action) for path, action in printed["files"].items()}


def test_the_schema_is_one(tmp_path: Path) -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert json.loads(periplus(tmp_path, "schema", "plan").out) == SCHEMA


def test_every_object_of_the_schema_is_closed_and_every_key_described() -> None:
    found = list(objects(SCHEMA))
    assert len(found) > 10
    for schema in found:
        assert schema["additionalProperties"] is False
        assert all("description" in inner for inner in schema["properties"].values())


def test_the_schema_knows_the_values_of_our_enums() -> None:
    definitions = SCHEMA["definitions"]
    unit = definitions["unit"]["properties"]
    assert unit["kind"]["enum"] == [kind.value for kind in UnitKind]
    assert unit["mounts"]["additionalProperties"]["properties"]["kind"]["enum"] == [kind.value for kind in MountKind]
    assert definitions["edge"]["properties"]["until"]["enum"] == [until.value for until in Until]
    assert definitions["health"]["properties"]["asker"]["enum"] == [asker.value for asker in Asker]
    actions = {action.value for action in Action} - {Action.IGNORE.value}
    assert set(SCHEMA["properties"]["files"]["additionalProperties"]["enum"]) == actions


@pytest.mark.parametrize(
    "damage",
    [
        {"project": None},
        {"schema_version": 1},
        {"more": 1},
        {"plan": {}},
        {"periplus-signature": "x"},
        {"files": {"a": "ignore"}},
    ],
)
def test_the_schema_refuses_what_is_no_plan(damage: dict[str, object]) -> None:
    committed = json.loads((ROOT / "examples" / EXAMPLES[0] / "integration/plan.json").read_text())
    assert errors({**committed, **damage})


def test_several_manifests_give_several_plans_and_json_a_list(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"b.integration.yaml": MANIFEST.replace("name: shop", "name: stock")})
    both = ("integration.yaml", "b.integration.yaml")
    assert periplus(folder, "plan", *both).out.count("## Integration plan: ") == 2
    documents = json.loads(periplus(folder, "plan", "--format", "json", *both).out)
    assert [document["project"] for document in documents] == ["shop", "stock"]
    assert [errors(document) for document in documents] == [[], []]


def test_a_secret_is_named_and_never_told(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("services:", "secrets:\n  TOKEN: generated\nservices:").replace(
        "GREETING: hello", "TOKEN: ${secrets.TOKEN}"
    )
    out = periplus(project(tmp_path / "shop", integration__yaml=manifest), "plan", "--format", "json").out
    assert json.loads(out)["plan"]["units"]["api"]["environment"]["TOKEN"] == "${secrets.TOKEN}"
