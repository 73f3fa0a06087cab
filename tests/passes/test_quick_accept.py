"""A quick yes is never wrong, and the common case gets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compiler.passes.parse import parse

quick_accept: Any = pytest.importorskip("compiler.passes.quick_accept")

ROOT = Path(__file__).parents[2]
PATH = ROOT / "schemas" / "integration.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text())
EXAMPLES = sorted((ROOT / "examples").glob("*/integration.yaml"))
WHOLE = [parse(path.read_bytes(), path.name).value for path in EXAMPLES]


def accepts(value: object, schema: dict[str, Any] = SCHEMA) -> bool:
    return bool(quick_accept.acceptor(schema.get("definitions", {})).accepts(value, schema))


@pytest.mark.parametrize("whole", WHOLE, ids=[path.parent.name for path in EXAMPLES])
def test_an_example_is_accepted_at_once(whole: object) -> None:
    assert accepts(whole)


def test_a_valid_manifest_does_not_import_jsonschema() -> None:
    program = (
        "import json, sys; from compiler.passes.validate import validate;"
        f"schema = json.load(open({str(PATH)!r}));"
        "assert validate({'version': '1', 'name': 'shop'}, schema, 'm') == ();"
        "assert 'jsonschema' not in sys.modules and 'difflib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


KEYWORDS = {
    "type": ({"type": ["object", "null"]}, ["", [], 1]),
    "a boolean is no number": ({"type": ["integer", "number"]}, [True, "1"]),
    "enum": ({"enum": ["a", "b"]}, ["c", "", None]),
    "pattern": ({"pattern": "^a$"}, ["a\n", "b"]),
    "minLength": ({"minLength": 1}, [""]),
    "maxLength": ({"maxLength": 0}, ["a"]),
    "minItems": ({"minItems": 1}, [[]]),
    "minProperties": ({"minProperties": 1}, [{}]),
    "required": ({"required": ["a"]}, [{}, {"b": "c"}]),
    "items": ({"items": {"type": "string"}}, [["a", {}]]),
    "propertyNames": ({"propertyNames": {"pattern": "^a$"}}, [{"b": "c"}]),
    "properties": ({"properties": {"a": {"type": "string"}}}, [{"a": []}]),
    "additionalProperties": ({"additionalProperties": {"type": "string"}}, [{"a": []}]),
    "no additionalProperties": ({"properties": {"a": {}}, "additionalProperties": False}, [{"b": ""}]),
    "allOf": ({"allOf": [{"type": "string"}, {"minLength": 2}]}, ["a", []]),
    "anyOf": ({"anyOf": [{"type": "string"}, {"type": "array"}]}, [{}]),
    "oneOf": ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, [{}, {"a": "", "b": ""}]),
    "if": ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, [{"a": ""}]),
    "$ref": ({"$ref": "#/definitions/x", "definitions": {"x": {"type": "string"}}}, [{}]),
}


@pytest.mark.parametrize(("schema", "refused"), KEYWORDS.values(), ids=KEYWORDS)
def test_each_keyword_refuses(schema: dict[str, Any], refused: list[object]) -> None:
    assert [value for value in refused if accepts(value, schema)] == []


def test_an_unknown_keyword_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        accepts({"a": ""}, {"properties": {"a": {"multipleOf": 2}}})
    with pytest.raises(KeyError):
        accepts({}, {"oneOf": [{"minProperties": 1}]})


def test_what_must_be_refused_to_accept_is_judged_exactly() -> None:
    """A needless no inside `oneOf` or `if` could turn into a wrong yes: `required` alone is never wrong."""
    definitions = SCHEMA["definitions"].values()
    judged = [branch for schema in definitions for branch in schema.get("oneOf", ())]
    judged += [schema["if"] for schema in definitions if "if" in schema]
    assert judged
    assert {keyword for schema in judged for keyword in schema} == {"required"}
    text = PATH.read_text()
    assert (text.count('"oneOf"'), text.count('"if"'), text.count('"not"')) == (1, 1, 0)


def test_the_tests_that_were_made_serve_again() -> None:
    definitions = {"x": {"type": "string"}}
    assert quick_accept.acceptor(definitions) is quick_accept.acceptor(definitions)
    assert quick_accept.acceptor({}) is not quick_accept.acceptor(definitions)
