"""The words that the schema has for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Files

_ALTERNATIVES = ("anyOf", "allOf", "oneOf")


def enumerations(schema: Mapping[str, Any], shipped: Files) -> Mapping[str, tuple[str, ...]]:
    """Key -> the words that it may say; under `type` the kinds that ship."""
    found: dict[str, dict[str, None]] = {}
    for key, definition in _properties(schema):
        words = [str(word) for word in _enumerated(definition, schema) if isinstance(word, str)]
        found.setdefault(key, {}).update(dict.fromkeys(words))
    kinds = [path.split("/")[-2] for path in shipped.glob("templates/kinds/*/kind.yaml")]
    return {key: tuple(words) for key, words in found.items() if words} | {
        "type": tuple(kinds),
        "network": ("bridge", "external"),
    }


def _properties(node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a schema holds anything
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "properties" and isinstance(value, dict):
                yield from value.items()
            yield from _properties(value)
    elif isinstance(node, list):
        for value in node:
            yield from _properties(value)


def _enumerated(definition: Any, schema: Mapping[str, Any]) -> Iterator[Any]:  # noqa: ANN401 - a schema holds anything
    if not isinstance(definition, dict):
        return
    yield from definition.get("enum", ())
    name = definition.get("$ref", "").removeprefix("#/definitions/")
    if name:
        yield from _enumerated(schema["definitions"][name], schema)
    for key in _ALTERNATIVES:
        for part in definition.get(key, ()):
            yield from _enumerated(part, schema)
