"""Every scalar and every chosen name of the documents, and what it could say instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.provenance.edit import Put
from compiler.provenance.renaming import PARTS, name_at, with_token
from compiler.provenance.variants import Words, aspects_of
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Route
    from compiler.passes.locate import Part
    from compiler.provenance.variants import Aspects

    Spot = tuple[str, Route, Part]

FAMILIES = ("services", "infrastructure", "networks", "secrets", "ports", *PARTS)
_FREE = ("environment", "args", "config", "labels", "headers", "options", "sysctls", "extra_hosts", "ulimits")
UNSEEN = ("version", "$schema", "lint")
"""Keys that change no emitted byte."""


class Site(NamedTuple):
    """A spot that can be changed: a scalar, or a key that is a name.

    Each of `aspects` is one thing about it, with the ways to change that: the first that compiles is taken.
    """

    document: str
    route: Route
    part: Part
    aspects: Aspects

    @property
    def spot(self) -> Spot:
        """Where it stands."""
        return self.document, self.route, self.part


def words_of(documents: Mapping[str, Any], enumerations: Mapping[str, tuple[str, ...]]) -> Words:
    """The words that scalars may be exchanged for."""
    return Words(_names(documents), enumerations)


def manifest_sites(documents: Mapping[str, Any], words: Words) -> tuple[Site, ...]:
    """Those of the manifest and its fragments, in the order of the text."""
    return tuple(site for path, value in documents.items() for site in _sites(path, value, words, documents))


def entries(node: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:  # noqa: ANN401 - a document holds anything
    """Every entry of every mapping and list, with its route."""
    if isinstance(node, dict | list):
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield (*route, step), value
            yield from entries(value, (*route, step))


def _names(documents: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Family -> the names there are."""
    found: dict[str, dict[str, None]] = {family: {} for family in FAMILIES}
    for value in documents.values():
        for route, _ in entries(value):
            if len(route) > 1 and route[-2] in found and isinstance(route[-1], str):
                found[str(route[-2])][route[-1]] = None
    return {family: tuple(names) for family, names in found.items()}


def _sites(path: str, node: Any, words: Words, documents: Mapping[str, Any]) -> Iterator[Site]:  # noqa: ANN401 - a document holds anything
    for at, value in entries({key: value for key, value in node.items() if key not in UNSEEN}):
        key, parent = at[-1], at[-2] if len(at) > 1 else ""
        name = name_at(at)
        if name and not is_mention(at, documents):
            yield Site(path, at, "key", (((name,),),))
        elif isinstance(key, str) and parent == "depends_on":
            yield Site(path, at, "key", (((Put(path, at, None),),),))
        elif isinstance(key, str) and parent in _FREE:
            yield Site(path, at, "key", (((Put(path, at, None), Put(path, (*at[:-1], with_token(key)), value)),),))
        if isinstance(value, str):
            yield Site(path, at, "value", aspects_of(path, at, value, words, documents))


def is_mention(route: Route, documents: Mapping[str, Any]) -> bool:
    """Whether an environment says more of something that has its name elsewhere."""
    return len(route) > 2 and route[0] == "environments" and any(_has(value, route[2:]) for value in documents.values())  # noqa: PLR2004


def _has(node: Any, route: Route) -> bool:  # noqa: ANN401 - a document holds anything
    for step in route:
        if not isinstance(node, dict) or step not in node:
            return False
        node = node[step]
    return True
