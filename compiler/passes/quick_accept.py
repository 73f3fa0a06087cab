"""A quick yes: whether a value surely satisfies a schema.

Almost every manifest that is compiled is valid, and importing jsonschema costs more than compiling a small one.
Whatever is not surely valid goes to jsonschema, which alone decides what is wrong: a needless no costs time only.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Test = Callable[[Any], object]
    Tables = Callable[[Mapping[str, Any]], "_Table"]

_ALL = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})
_NAMES: Mapping[type, frozenset[str]] = {
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
    str: frozenset({"string"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    bool: frozenset({"boolean"}),
    type(None): frozenset({"null"}),
}
_KEYWORDS = frozenset(
    {
        *("type", "enum", "pattern", "minLength", "maxLength", "items", "minItems", "required", "minProperties"),
        *("properties", "additionalProperties", "propertyNames", "allOf", "anyOf", "oneOf", "if"),
        *(
            "$id",
            "$schema",
            "default",
            "definitions",
            "description",
            "examples",
            "patternErrorMessage",
            "then",
            "title",
        ),
    }
)


def acceptor(definitions: Mapping[str, Any]) -> Acceptor:
    """The acceptor for these definitions: the last one, with all the tests it has made, where it serves."""
    if not _last or _last[0].definitions is not definitions:
        _last[:] = [Acceptor(definitions)]
    return _last[0]


_last: list[Acceptor] = []


class Acceptor:
    """Tests values against the definitions of one schema; each test is made when the first such value comes."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        """Tests that may refer to these definitions."""
        self.definitions = definitions
        self._tables: dict[str, _Table] = {}

    def accepts(self, value: object, schema: Mapping[str, Any]) -> bool:
        """Whether the value surely satisfies the schema.

        Raises KeyError for a schema with a keyword that is not known here: nothing is passed over.
        """
        return bool(self.table(schema)[type(value)](value))

    def table(self, schema: Mapping[str, Any]) -> _Table:
        """The tests of one schema. Beside `$ref` nothing counts (draft 7)."""
        if "$ref" not in schema:
            return _Table(self, schema)
        name = schema["$ref"].removeprefix("#/definitions/")
        if name not in self._tables:
            self._tables[name] = self.table(self.definitions[name])
        return self._tables[name]


class _Table(dict[type, "Test"]):
    """A test for each type of value, made from all keywords that say something about it."""

    def __init__(self, acceptor: Acceptor, schema: Mapping[str, Any]) -> None:
        super().__init__()
        for keyword in schema.keys() - _KEYWORDS:
            raise KeyError(keyword)
        self._acceptor = acceptor
        self._schema = schema

    def __missing__(self, kind: type) -> Test:
        self[kind] = test = _every(tuple(self._tests(kind)))
        return test

    def _tests(self, kind: type) -> Iterator[Test]:
        schema, table = self._schema, self._acceptor.table
        wanted = schema.get("type", _ALL)
        if _NAMES.get(kind, frozenset()).isdisjoint((wanted,) if isinstance(wanted, str) else wanted):
            yield _never
            return
        if "enum" in schema:
            texts = frozenset(choice for choice in schema["enum"] if isinstance(choice, str))
            yield texts.__contains__ if kind is str else _never
        if kind in _OWN:
            yield from _OWN[kind](schema, table)
        for inner in schema.get("allOf", ()):
            yield table(inner)[kind]
        if "anyOf" in schema:
            yield _some(tuple(table(inner)[kind] for inner in schema["anyOf"]))
        if "oneOf" in schema:
            yield _one(tuple(_exact(inner, table)[kind] for inner in schema["oneOf"]))
        if "if" in schema:
            yield _provided(_exact(schema["if"], table)[kind], table(schema["then"])[kind])


class _Properties(dict[str, _Table]):
    """The tables of properties by name, and of all further ones."""

    def __init__(self, schema: Mapping[str, Any], table: Tables) -> None:
        super().__init__()
        self._schemas = schema.get("properties", {})
        self._table = table
        further = schema.get("additionalProperties", True)
        self.further = table({False: {"type": ()}, True: {}}[further] if isinstance(further, bool) else further)

    def __missing__(self, key: str) -> _Table:
        if key not in self._schemas:
            return self.further
        self[key] = table = self._table(self._schemas[key])
        return table


def _text_tests(schema: Mapping[str, Any], _table: Tables) -> Iterator[Test]:
    if "pattern" in schema:
        yield re.compile(schema["pattern"], re.ASCII).fullmatch
    if "minLength" in schema or "maxLength" in schema:
        yield _as_long(schema.get("minLength", 0), schema.get("maxLength", sys.maxsize))


def _list_tests(schema: Mapping[str, Any], table: Tables) -> Iterator[Test]:
    if "minItems" in schema:
        yield _at_least(schema["minItems"])
    if "items" in schema:
        yield _each(table(schema["items"]))


def _mapping_tests(schema: Mapping[str, Any], table: Tables) -> Iterator[Test]:
    if "minProperties" in schema:
        yield _at_least(schema["minProperties"])
    if "required" in schema:
        yield _requires(frozenset(schema["required"]))
    if "propertyNames" in schema:
        yield _each(table(schema["propertyNames"]))
    if "properties" in schema or "additionalProperties" in schema:
        yield _values(_Properties(schema, table))


_OWN: Mapping[type, Callable[[Mapping[str, Any], Tables], Iterator[Test]]] = {
    str: _text_tests,
    list: _list_tests,
    dict: _mapping_tests,
}


def _exact(schema: Mapping[str, Any], table: Tables) -> _Table:
    """The tests of a schema for which a no is as sure as a yes. Raises KeyError for any other."""
    for keyword in schema.keys() - {"required"}:
        raise KeyError(keyword)
    return table(schema)


def _never(_value: object) -> bool:
    return False


def _always(_value: object) -> bool:
    return True


def _at_least(least: int) -> Test:
    return lambda value: len(value) >= least


def _as_long(least: int, most: int) -> Test:
    return lambda value: least <= len(value) <= most


def _requires(required: frozenset[str]) -> Test:
    return lambda value: required <= value.keys()


def _each(table: _Table) -> Test:
    """For the items of a list, or the keys of a mapping."""

    def test(value: Any) -> bool:
        for item in value:  # noqa: SIM110 - `all` takes twice the time, here as below
            if not table[type(item)](item):
                return False
        return True

    return test


def _values(properties: _Properties) -> Test:
    def test(value: Any) -> bool:
        for key, inner in value.items():  # noqa: SIM110
            if not properties[key][type(inner)](inner):
                return False
        return True

    return test


def _every(tests: tuple[Test, ...]) -> Test:
    tests = tuple(test for test in tests if test is not _always)
    if _never in tests:
        return _never
    if not tests[1:]:
        return tests[0] if tests else _always

    def test(value: Any) -> bool:
        for one in tests:  # noqa: SIM110
            if not one(value):
                return False
        return True

    return test


def _some(tests: tuple[Test, ...]) -> Test:
    tests = tuple(test for test in tests if test is not _never)
    if _always in tests:
        return _always
    if not tests[1:]:
        return tests[0] if tests else _never

    def test(value: Any) -> bool:
        for one in tests:  # noqa: SIM110
            if one(value):
                return True
        return False

    return test


def _one(tests: tuple[Test, ...]) -> Test:
    return lambda value: sum(bool(test(value)) for test in tests) == 1


def _provided(condition: Test, consequence: Test) -> Test:
    return lambda value: bool(not condition(value) or consequence(value))
