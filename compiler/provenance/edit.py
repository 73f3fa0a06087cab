"""Changes of the documents that a compilation reads, as data: what an experiment does to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compiler.provenance.renaming import Name, renamed, without
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compiler.model.source import Route


class Put(NamedTuple):
    """Another value at a route of a document, or nothing there where `value` is None."""

    document: str
    route: Route
    value: Any


class Spread(NamedTuple):
    """A text written long: the mapping in which it stands at `key`, to be given further keys."""

    document: str
    route: Route
    key: str


class Without(NamedTuple):
    """Nothing of that name any more, and no mention of it."""

    name: Name


Edit = Put | Spread | Name | Without
"""A name stands for being called otherwise, everywhere."""


def edited(documents: Mapping[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """The documents that differ once all edits are made. An edit of a route that is not there changes nothing."""
    given = tuple(edits)
    puts = [edit for edit in given if isinstance(edit, Put)]
    names = frozenset(edit for edit in given if isinstance(edit, Name))
    dropped = frozenset(edit.name for edit in given if isinstance(edit, Without))
    spreads = [edit for edit in given if isinstance(edit, Spread)]
    concerned = (
        documents.keys()
        if names or dropped
        else {*(put.document for put in puts), *(spread.document for spread in spreads)}
    )
    changed = {path: json.loads(json.dumps(documents[path])) for path in concerned}
    for spread in spreads:
        _spread(changed[spread.document], spread)
    for put in puts:
        if put.value is not None:
            _put(changed[put.document], put.route, put.value)
    for put in sorted(puts, key=lambda one: _later(one.route), reverse=True):
        if put.value is None:
            _remove(changed[put.document], put.route)
    if dropped:
        changed = {path: without(value, dropped) for path, value in changed.items()}
    return {path: renamed(value, names) for path, value in changed.items()} if names else changed


def _spread(document: Any, spread: Spread) -> None:  # noqa: ANN401 - a document holds anything
    node = document
    for step in spread.route:
        node = _child(node, step)
    if isinstance(node, str):
        _put(document, spread.route, {spread.key: node})


def _later(route: Route) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (0, step) for step in route)


def _put(document: Any, route: Route, value: Any) -> None:  # noqa: ANN401 - a document holds anything
    node = document
    for step in route[:-1]:
        node = _child(node, step)
    if isinstance(node, dict) or _child(node, route[-1]) is not None:
        node[route[-1]] = value


def _remove(document: Any, route: Route) -> None:  # noqa: ANN401 - a document holds anything
    """Take out what stands there, and the collections that are empty then: YAML has no block for them."""
    nodes = [document]
    for step in route[:-1]:
        nodes.append(_child(nodes[-1], step))
    for node, step in zip(reversed(nodes), reversed(route), strict=True):
        if _child(node, step) is not None:
            del node[step]
        if node:
            return


def _child(node: Any, step: str | int) -> Any:  # noqa: ANN401 - a document holds anything
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None
