"""A quick yes: whether a value surely satisfies a schema.

Almost every manifest that is compiled is valid, and importing jsonschema costs more than compiling a small one.
Whatever is not surely valid goes to jsonschema, which alone decides what is wrong: a needless no costs time only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = Callable[[Any], bool]

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}
_ANNOTATIONS = frozenset(
    {"$id", "$schema", "default", "definitions", "description", "examples", "patternErrorMessage", "then", "title"}
)


def acceptor(schema: Mapping[str, Any]) -> Callable[[object], bool]:
    """A test that is true only for values that satisfy the schema.

    Raises KeyError for a schema with a keyword that is not known here: nothing is passed over.
    """
    return _Maker(schema.get("definitions", {})).test(schema)


class _Maker:
    """Makes tests, each definition's once."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._made: dict[str, Test] = {}

    def test(self, schema: Mapping[str, Any]) -> Test:
        """All keywords of one schema. Beside `$ref` nothing counts (draft 7)."""
        if "$ref" in schema:
            return self._reference(schema["$ref"].removeprefix("#/definitions/"))
        tests = [_MAKERS[keyword](self, schema) for keyword in schema if keyword not in _ANNOTATIONS]
        if len(tests) == 1:
            return tests[0]
        return lambda value: all(test(value) for test in tests)

    def tests(self, schemas: list[Mapping[str, Any]]) -> list[Test]:
        """One test a schema."""
        return [self.test(schema) for schema in schemas]

    def _reference(self, name: str) -> Test:
        if name not in self._made:
            self._made[name] = self.test(self._definitions[name])
        return self._made[name]


def _type(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    classes = tuple(_TYPES[name] for name in names if name != "boolean")
    boolean = "boolean" in names
    return lambda value: boolean if isinstance(value, bool) else isinstance(value, classes)


def _enum(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    texts = frozenset(choice for choice in schema["enum"] if isinstance(choice, str))
    return lambda value: isinstance(value, str) and value in texts


def _pattern(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    pattern = re.compile(schema["pattern"], re.ASCII)
    return lambda value: not isinstance(value, str) or pattern.fullmatch(value) is not None


def _least_length(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    least = schema["minLength"]
    return lambda value: not isinstance(value, str) or len(value) >= least


def _most_length(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    most = schema["maxLength"]
    return lambda value: not isinstance(value, str) or len(value) <= most


def _least_items(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    least = schema["minItems"]
    return lambda value: not isinstance(value, list) or len(value) >= least


def _least_properties(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    least = schema["minProperties"]
    return lambda value: not isinstance(value, dict) or len(value) >= least


def _required(_maker: _Maker, schema: Mapping[str, Any]) -> Test:
    required = frozenset(schema["required"])
    return lambda value: not isinstance(value, dict) or required <= value.keys()


def _items(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    test = maker.test(schema["items"])
    return lambda value: not isinstance(value, list) or all(test(item) for item in value)


def _property_names(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    test = maker.test(schema["propertyNames"])
    return lambda value: not isinstance(value, dict) or all(test(key) for key in value)


def _properties(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    tests = {key: maker.test(inner) for key, inner in schema["properties"].items()}
    return lambda value: (
        not isinstance(value, dict) or all(tests[key](inner) for key, inner in value.items() if key in tests)
    )


def _further_properties(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    known = schema.get("properties", {}).keys()
    if schema["additionalProperties"] is False:
        return lambda value: not isinstance(value, dict) or value.keys() <= known
    test = maker.test(schema["additionalProperties"])
    return lambda value: (
        not isinstance(value, dict) or all(test(inner) for key, inner in value.items() if key not in known)
    )


def _all_of(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    tests = maker.tests(schema["allOf"])
    return lambda value: all(test(value) for test in tests)


def _any_of(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    tests = maker.tests(schema["anyOf"])
    return lambda value: any(test(value) for test in tests)


def _one_of(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    tests = maker.tests(schema["oneOf"])
    return lambda value: sum(test(value) for test in tests) == 1


def _if(maker: _Maker, schema: Mapping[str, Any]) -> Test:
    """Exact for the conditions the schema has: `required` alone, which is judged exactly."""
    condition, consequence = maker.test(schema["if"]), maker.test(schema["then"])
    return lambda value: not condition(value) or consequence(value)


_MAKERS: Mapping[str, Callable[[_Maker, Mapping[str, Any]], Test]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _least_length,
    "maxLength": _most_length,
    "minItems": _least_items,
    "minProperties": _least_properties,
    "required": _required,
    "items": _items,
    "propertyNames": _property_names,
    "properties": _properties,
    "additionalProperties": _further_properties,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "if": _if,
}
