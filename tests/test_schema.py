"""The schema itself: valid draft-07, true for editors and for the compiler alike, and complete in what it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator
from jsonschema.validators import validator_for

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PATH = ROOT / "schemas" / "integration.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text())
EXAMPLES = sorted((ROOT / "examples").glob("*/integration.yaml"))


def schemas(value: Any, at: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema with its pointer."""
    if not isinstance(value, dict):
        return
    yield at, value
    for keyword in ("properties", "definitions"):
        for name, inner in value.get(keyword, {}).items():
            yield from schemas(inner, f"{at}/{keyword}/{name}")
    for keyword in ("items", "additionalProperties", "propertyNames", "if", "then"):
        yield from schemas(value.get(keyword), f"{at}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, inner in enumerate(value.get(keyword, ())):
            yield from schemas(inner, f"{at}/{keyword}/{index}")


ALL = dict(schemas(SCHEMA))
KEYS = {
    f"{pointer}/{key}": inner
    for pointer, schema in ALL.items()
    for key, inner in schema.get("properties", {}).items()
    if "additionalProperties" in schema
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    return schema


def judge(schema: dict[str, Any]) -> Draft7Validator:
    return Draft7Validator({"allOf": [schema], "definitions": SCHEMA["definitions"]})


def test_it_is_valid_draft_7() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_editors_accept_the_examples() -> None:
    """With YAML's own types, by an independent program."""
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(PATH), *map(str, EXAMPLES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("pointer", KEYS)
def test_each_key_says_what_it_is(pointer: str) -> None:
    schema = resolved(KEYS[pointer])
    assert schema["title"]
    assert schema["description"].endswith(".")


@pytest.mark.parametrize("pointer", KEYS)
def test_each_key_has_an_example_that_is_valid(pointer: str) -> None:
    schema = resolved(KEYS[pointer])
    overlay = "overlay" in str(KEYS[pointer]) and "examples" not in schema
    examples = [*schema.get("examples", ()), *([schema["default"]] if "default" in schema else ())]
    assert examples or overlay
    for example in examples:
        assert [error.message for error in judge(schema).iter_errors(example)] == []


def test_mappings_are_closed_or_maps() -> None:
    """Nothing is accepted that the compiler does not know."""
    open_ones = [
        pointer
        for pointer, schema in ALL.items()
        if "object" in schema.get("type", ()) and "required" not in schema and "additionalProperties" not in schema
    ]
    assert open_ones == []


def test_patterns_are_anchored_portable_and_worded() -> None:
    for pointer, schema in ALL.items():
        if "pattern" in schema:
            assert schema["pattern"].startswith("^"), pointer
            assert schema["pattern"].endswith("$"), pointer
            assert not re.search(r"\(\?|\\[dwbAZ]", schema["pattern"]), pointer
            assert schema["patternErrorMessage"].startswith("expected "), pointer


def test_the_branches_of_a_union_differ_in_type() -> None:
    """So the branch that was meant is always known."""
    for pointer, schema in ALL.items():
        branches = [types_of(branch) for branch in schema.get("anyOf", ())]
        assert sum(map(len, branches)) == len(set().union(*branches)), pointer


def types_of(schema: dict[str, Any]) -> set[str]:
    types = resolved(schema)["type"]
    groups = {"string": "text", "number": "text", "integer": "text", "boolean": "text", "null": "text"}
    named = {types} if isinstance(types, str) else set(types)
    return named & {"object", "array"} or {groups[name] for name in named}


def test_scalars_are_typed_for_text_too() -> None:
    """What the compiler sees is always text."""
    for pointer, schema in ALL.items():
        types = schema.get("type", ())
        types = {types} if isinstance(types, str) else set(types)
        assert not types & {"integer", "number", "boolean", "null"} or "string" in types, pointer
        assert not {True, False} & {choice for choice in schema.get("enum", ()) if isinstance(choice, bool)} or (
            {"true", "false"} <= {choice for choice in schema["enum"] if isinstance(choice, str)}
        )


def test_every_definition_is_used() -> None:
    used = set(re.findall(r'"#/definitions/(\w+)"', PATH.read_text())) | {"fragment"}
    assert used == set(SCHEMA["definitions"])


def test_the_compose_keys_are_keys_of_compose() -> None:
    """Beside those that the manifest decides itself."""
    text = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
    known = {key for inner in json.loads(text)["$defs"].values() for key in inner.get("properties", ())}
    ours = SCHEMA["definitions"]["compose"]["properties"].keys()
    assert sorted(ours - known) == []
    decided = {"build", "image", "ports", "healthcheck", "environment", "depends_on", "networks", "container_name"}
    assert sorted(ours & decided) == []


def test_compose_takes_the_compose_keys_as_text() -> None:
    """The compiler hands them on as it read them: every scalar a text."""
    text = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
    keys = SCHEMA["definitions"]["compose"]["properties"]
    service = {key: resolved(schema)["examples"][0] for key, schema in keys.items()}
    errors = validator_for(json.loads(text))(json.loads(text)).iter_errors({"services": {"web": service}})
    assert [error.message for error in errors] == []


def test_it_is_written_as_json_writes_it() -> None:
    assert PATH.read_text() == json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
