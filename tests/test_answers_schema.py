"""The schema of the answers: valid draft-07, each key explained, and every example what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator

from tests.support import ROOT
from tests.test_schema import schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = ROOT / "schemas" / "answers.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
MANIFEST: dict[str, Any] = json.loads((ROOT / "schemas" / "integration.schema.json").read_text(encoding="utf-8"))
KEYS = {
    f"{pointer}/{key}": inner
    for pointer, schema in schemas(SCHEMA)
    for key, inner in schema.get("properties", {}).items()
}


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    return schema


def test_it_is_valid_draft_7_and_written_as_json_writes_it() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert PATH.read_text(encoding="utf-8") == json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("pointer", KEYS)
def test_each_key_says_what_it_is_with_an_example_that_is_valid(pointer: str) -> None:
    schema = resolved(KEYS[pointer])
    assert schema["title"]
    assert schema["description"].endswith(".")
    judge = Draft7Validator({"allOf": [schema], "definitions": SCHEMA["definitions"]})
    assert schema["examples"]
    assert [error.message for example in schema["examples"] for error in judge.iter_errors(example)] == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("definitions", "duration"), ("definitions", "duration")),
        (("definitions", "path"), ("definitions", "url_path")),
        (("definitions", "environment_name"), ("definitions", "name")),
        (("properties", "port_range"), ("definitions", "ports", "properties", "range")),
        (("definitions", "retries"), ("definitions", "whole_number")),
    ],
)
def test_what_the_manifest_accepts_the_answers_accept(ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    assert at(SCHEMA, ours)["pattern"] == at(MANIFEST, theirs)["pattern"]


def test_a_version_is_the_manifests_or_left_to_us() -> None:
    version = MANIFEST["definitions"]["instance_keys"]["properties"]["version"]["pattern"]
    assert SCHEMA["definitions"]["version"]["pattern"] == f"^(auto|{version.removeprefix('^').removesuffix('$')})$"


def at(schema: Any, way: tuple[str, ...]) -> Any:
    for step in way:
        schema = schema[step]
    return schema
