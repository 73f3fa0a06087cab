"""What the documents do not say and Periplus does: the keys that are left out and have a default in the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.provenance.edit import Put, Spread
from compiler.provenance.sites import Site
from compiler.provenance.variants import Words, aspects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Route

_SHORT = {"healthcheck": "liveness", "build": "context", "secrets": "value", "networks": "driver"}
"""What a text stands for where a mapping could be: by its key, or by that of the names it is one of."""
_WHOLE = ("ports",)
"""Mappings that may be absent as a whole, and say something even so."""
_SILENT = ("replicas",)
"""Keys that no line speaks of where they are absent."""


def absent_sites(documents: Mapping[str, Any], main: str, schema: Mapping[str, Any], words: Words) -> Iterator[Site]:
    """A site for each key that is absent, with other values than its default; `main` is the manifest itself."""
    for path, document in documents.items():
        for route, default in _absent(document, schema, (), schema):
            if len(route) == 1 and path != main:
                continue
            aspects = aspects_of(path, route, default, words, documents)
            puts = [
                [way[0] for way in aspect if isinstance(way[0], Put) and way[0].value is not None] for aspect in aspects
            ]
            made = tuple(tuple(_made(document, put) for put in aspect) for aspect in puts)
            yield Site(path, route, "value", made)


def default_of(site: Site, schema: Mapping[str, Any]) -> str:
    """The default of the key that a site stands for."""
    return next(_defaults(_at(schema, site.route, schema), schema), "")


def _made(document: Any, put: Put) -> tuple[Put | Spread, ...]:  # noqa: ANN401 - a document holds anything
    above = put.route[:-1]
    node, missing = document, 0
    for number, step in enumerate(above):
        if isinstance(node, dict) and step not in node:
            missing = len(above) - number
            break
        node = node[step]
    if missing:
        return (Put(put.document, above, {put.route[-1]: put.value}),)
    return (Spread(put.document, above, _long(above)), put) if isinstance(node, str) else (put,)


def _long(route: Route) -> str:
    return _SHORT.get(str(route[-1]), "") or _SHORT.get(str(route[-2]) if len(route) > 1 else "", "")


def _absent(node: Any, definition: Any, route: Route, schema: Mapping[str, Any]) -> Iterator[tuple[Route, str]]:  # noqa: ANN401 - of JSON
    for step, value, inner in _inside(node, definition, schema):
        yield from _absent(value, inner, (*route, step), schema)
    is_elsewhere = route[:1] == ("environments",) or route == ("defaults",)
    is_long = isinstance(node, dict) or (isinstance(node, str) and len(route) > 1 and bool(_long(route)))
    if is_elsewhere or not is_long:
        return
    there = node if isinstance(node, dict) else {_long(route): node}
    for key, inner in _properties(definition, schema).items():
        if key in there or key in _SILENT:
            continue
        if key in _WHOLE and not route:
            yield from _absent({}, inner, (key,), schema)
        for default in _defaults(inner, schema):
            yield (*route, key), default


def _inside(node: Any, definition: Any, schema: Mapping[str, Any]) -> Iterator[tuple[str | int, Any, Any]]:  # noqa: ANN401 - of JSON
    """Every entry of a mapping or list, with what the schema says of it."""
    for shape in _shapes(definition, schema):
        if isinstance(node, dict):
            known = shape.get("properties", {})
            yield from ((key, value, known.get(key) or _of_any(shape, key)) for key, value in node.items())
        elif isinstance(node, list) and isinstance(shape.get("items"), dict):
            yield from ((number, value, shape["items"]) for number, value in enumerate(node))


def _properties(definition: Any, schema: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - of JSON
    return {key: inner for shape in _shapes(definition, schema) for key, inner in shape.get("properties", {}).items()}


def _of_any(shape: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - of JSON
    patterns = shape.get("patternProperties", {})
    other = shape.get("additionalProperties")
    return next(iter(patterns.values()), other if isinstance(other, dict) else None) if key else None


def _shapes(definition: Any, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - of JSON
    """The definition, and what it refers to or chooses from."""
    if not isinstance(definition, dict):
        return
    yield definition
    name = definition.get("$ref", "").removeprefix("#/definitions/")
    if name:
        yield from _shapes(schema["definitions"][name], schema)
    for key in ("anyOf", "allOf", "oneOf"):
        for part in definition.get(key, ()):
            yield from _shapes(part, schema)


def _defaults(definition: Any, schema: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 - of JSON
    found = [shape["default"] for shape in _shapes(definition, schema) if "default" in shape]
    if found and not isinstance(found[0], list | dict):
        yield str(found[0])


def _at(node: Any, route: Route, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of JSON
    for step in route:
        shapes = list(_shapes(node, schema))
        if isinstance(step, int):
            node = next((shape["items"] for shape in shapes if "items" in shape), None)
            continue
        found = (shape.get("properties", {}).get(step) or _of_any(shape, step) for shape in shapes)
        node = next((one for one in found if one is not None), None)
    return node
