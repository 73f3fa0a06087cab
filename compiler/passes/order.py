"""Start order: layers, least time, and knots of cycles. Nothing recursive: a chain of thousands is fine."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from compiler.model.plan import Until
from compiler.passes.health import has_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compiler.model.plan import Edge, Unit

MOST_RINGS = 10


def layers(names: Sequence[str], edges: Iterable[Edge]) -> tuple[tuple[str, ...], ...]:
    """Units by the longest chain of waiting before them, in the order of `names`; units in a knot are left out."""
    waits = _waits(names, edges)
    depth = {name: 0 for name in names if not waits[name]}
    missing = {name: len(targets) for name, targets in waits.items()}
    users = _users(waits)
    ready = deque(depth)
    while ready:
        target = ready.popleft()
        for user in users.get(target, ()):
            missing[user] -= 1
            if missing[user] == 0:
                depth[user] = 1 + max(depth[other] for other in waits[user])
                ready.append(user)
    count = 1 + max(depth.values(), default=-1)
    found: list[list[str]] = [[] for _ in range(count)]
    for name in names:
        if name in depth:
            found[depth[name]].append(name)
    return tuple(tuple(layer) for layer in found)


def least_start_ms(units: Mapping[str, Unit], edges: Iterable[Edge], order: tuple[tuple[str, ...], ...]) -> int:
    """The least time until all is healthy: one interval for each unit that is asked, along the longest path.

    Engines before 25 put the first question after a whole interval (facts: a chain of three, 5 s each, took 28 s).
    """
    waits = _waits(tuple(units), edges)
    done: dict[str, int] = {}
    for layer in order:
        for name in layer:
            health = units[name].health
            own = health.timing.interval_ms if health is not None and has_check(health) else 0
            done[name] = own + max((done.get(target, 0) for target in waits[name]), default=0)
    return max(done.values(), default=0)


def rings(names: Sequence[str], edges: Iterable[Edge]) -> tuple[tuple[Edge, ...], ...]:
    """One shortest ring for each knot, in travel order, starting with the edge that is cheapest to demote.

    Cheapest is an edge that opens the whole knot, else one of the ring's; at most ten knots.
    """
    known = set(names)
    waiting = [edge for edge in edges if edge.until is not Until.NOTHING and {edge.source, edge.target} <= known]
    by_pair = {(edge.source, edge.target): edge for edge in waiting}
    graph = _waits(names, waiting)
    found: list[tuple[Edge, ...]] = []
    for knot in _knots(names, graph)[:MOST_RINGS]:
        path = _shortest_ring(knot, graph)
        ring = [by_pair[source, target] for source, target in zip(path, path[1:] + path[:1], strict=True)]
        found.append(_cheapest_first(ring, knot, graph))
    return tuple(found)


def _waits(names: Sequence[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    waits: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        if edge.until is not Until.NOTHING and edge.source in waits and edge.target in waits:
            waits[edge.source].append(edge.target)
    return waits


def _users(waits: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {}
    for name, targets in waits.items():
        for target in targets:
            users.setdefault(target, []).append(name)
    return users


def _knots(names: Sequence[str], graph: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Strongly connected components of more than one unit, in the order of `names` (Kosaraju, without recursion)."""
    finished: list[str] = []
    seen: set[str] = set()
    for root in names:
        stack = [(root, iter(graph[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            name, targets = stack[-1]
            following = next((target for target in targets if target not in seen), None)
            if following is None:
                finished.append(name)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
    backwards = _users(graph)
    placed: set[str] = set()
    knots: list[list[str]] = []
    for root in reversed(finished):
        component = _reach(root, backwards, placed)
        placed.update(component)
        if len(component) > 1:
            knots.append(sorted(component, key=list(names).index))
    return sorted(knots, key=lambda knot: list(names).index(knot[0]))


def _reach(root: str, graph: Mapping[str, Sequence[str]], without: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = [root] if root not in without else []
    while waiting:
        name = waiting.pop()
        if name in found or name in without:
            continue
        found.add(name)
        waiting.extend(graph.get(name, ()))
    return found


def _shortest_ring(knot: list[str], graph: Mapping[str, Sequence[str]]) -> list[str]:
    inside = set(knot)
    best: list[str] = []
    for root in knot:
        path = _shortest_path_back(root, inside, graph)
        if path and (not best or len(path) < len(best)):
            best = path
    return best


def _shortest_path_back(root: str, inside: set[str], graph: Mapping[str, Sequence[str]]) -> list[str]:
    before: dict[str, str] = {}
    waiting = deque([root])
    while waiting:
        name = waiting.popleft()
        for target in graph[name]:
            if target == root:
                path = [name]
                while path[-1] != root:
                    path.append(before[path[-1]])
                return path[::-1]
            if target in inside and target not in before:
                before[target] = name
                waiting.append(target)
    return []


def _cheapest_first(ring: list[Edge], knot: list[str], graph: Mapping[str, Sequence[str]]) -> tuple[Edge, ...]:
    for index, edge in enumerate(ring):
        opened = {name: [t for t in graph[name] if (name, t) != (edge.source, edge.target)] for name in knot}
        inside = {name: [target for target in targets if target in opened] for name, targets in opened.items()}
        if not _knots(knot, inside):
            return tuple(ring[index:] + ring[:index])
    return tuple(ring)
