"""A quick yes is never wrong, and the common case gets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from compiler.passes.accept import acceptor
from compiler.passes.mistakes import mistakes_in
from compiler.passes.parse import parse

ROOT = Path(__file__).parents[2]
PATH = ROOT / "schemas" / "integration.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text())
EXAMPLES = sorted((ROOT / "examples").glob("*/integration.yaml"))
WHOLE = [parse(path.read_bytes(), path.name).value for path in EXAMPLES]
ACCEPTS = acceptor(SCHEMA)


@pytest.mark.parametrize("whole", WHOLE, ids=[path.parent.name for path in EXAMPLES])
def test_an_example_is_accepted_at_once(whole: object) -> None:
    assert ACCEPTS(whole)


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
    assert [value for value in refused if acceptor(schema)(value)] == []


def test_an_unknown_keyword_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        acceptor({"properties": {"a": {"multipleOf": 2}}})


def test_what_must_be_refused_to_accept_is_judged_exactly() -> None:
    """A needless no inside `oneOf` or `if` could turn into a wrong yes: `required` alone is never wrong."""
    definitions = SCHEMA["definitions"].values()
    judged = [branch for schema in definitions for branch in schema.get("oneOf", ())]
    judged += [schema["if"] for schema in definitions if "if" in schema]
    assert judged
    assert {keyword for schema in judged for keyword in schema} == {"required"}
    text = PATH.read_text()
    assert (text.count('"oneOf"'), text.count('"if"'), text.count('"not"')) == (1, 1, 0)


SCALARS = st.sampled_from(["", "x", "1", "true", "8091:8000", "/a", "5s", "a\n", "none", "generated", "٣"])
KEYS = st.sampled_from(["image", "build", "url", "path", "context", "value", "command", "a", "A", "type"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=5
)


def spots(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(spot for key, item in inner for spot in spots(item, (*at, key)))]


def replaced(value: Any, at: tuple[Any, ...], new: object) -> Any:
    if not at:
        return new
    result = value.copy()
    result[at[0]] = replaced(value[at[0]], at[1:], new)
    return result


@st.composite
def mutants(draw: st.DrawFn) -> object:
    """An example with one value replaced."""
    whole = draw(st.sampled_from(WHOLE))
    return replaced(whole, draw(st.sampled_from(spots(whole))), draw(VALUES))


@settings(max_examples=150, deadline=None)
@given(mutants())
def test_a_yes_is_never_wrong_and_text_gets_it_whenever_it_is_right(value: object) -> None:
    valid = not list(mistakes_in(value, SCHEMA))
    assert ACCEPTS(value) == valid
    assert valid <= Draft7Validator(SCHEMA).is_valid(value)
