"""Start order: layers, least time, and knots of cycles. Nothing recursive: a chain of thousands is fine."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from compiler.model.plan import Until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compiler.model.plan import Edge
    from compiler.passes.made import Role

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


def least_start_ms(roles: Mapping[str, Role], edges: Iterable[Edge], order: tuple[tuple[str, ...], ...]) -> int:
    """The least time until all is healthy: one interval for each unit that is asked, along the longest path.

    Engines before 25 put the first question after a whole interval (facts: a chain of three, 5 s each, took 28 s).
    """
    waits = _waits(tuple(roles), edges)
    done: dict[str, int] = {}
    for layer in order:
        for name in layer:
            longest = 0
            for target in waits[name]:
                longest = max(longest, done.get(target, 0))
            done[name] = roles[name].first_ms + longest
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
        inside = set(knot)
        within = {name: [target for target in graph[name] if target in inside] for name in knot}
        path = _shortest_ring(knot, within)
        first = path.index(_opening(path, within))
        path = path[first:] + path[:first]
        found.append(tuple(by_pair[source, target] for source, target in zip(path, path[1:] + path[:1], strict=True)))
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
    place = {name: index for index, name in enumerate(names)}
    knots: list[list[str]] = []
    for root in reversed(finished):
        component = _reach(root, backwards, placed)
        placed.update(component)
        if len(component) > 1:
            knots.append(sorted(component, key=place.__getitem__))
    return sorted(knots, key=lambda knot: place[knot[0]])


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
    """A shortest ring of a knot, from the first unit of the knot that is on one.

    Every ring leads through a fork, unless the knot is nothing but one ring.
    """
    forks = [name for name in knot if len(set(graph[name])) > 1]
    pairs = {(name, target) for name in knot for target in graph[name]}
    in_two = next((name for name in knot if any((target, name) in pairs for target in graph[name])), "")
    if in_two or not forks:
        return _path_back(in_two or knot[0], graph)
    backwards = _users(graph)
    least = len(knot)
    shortest: set[str] = set()
    for fork in forks:
        steps = _steps(fork, graph, least)
        size = min((steps[name] + 1 for name in backwards[fork] if name in steps), default=least + 1)
        if size > least:
            continue
        shortest = set() if size < least else shortest
        least = size
        back = _steps(fork, backwards, least)
        shortest |= {fork, *(name for name, count in steps.items() if count + back.get(name, least) == least)}
    return _path_back(next(name for name in knot if name in shortest), graph)


def _steps(start: str, graph: Mapping[str, Sequence[str]], most: int) -> dict[str, int]:
    """How many edges lead to each unit that is fewer than `most` away."""
    steps = {start: 0}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        if steps[name] + 1 == most:
            break
        for target in graph[name]:
            if target not in steps:
                steps[target] = steps[name] + 1
                waiting.append(target)
    return steps


def _path_back(root: str, graph: Mapping[str, Sequence[str]]) -> list[str]:
    """A shortest way from a unit of a knot back to itself."""
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
            if target not in before:
                before[target] = name
                waiting.append(target)
    return []


def _opening(ring: list[str], graph: Mapping[str, Sequence[str]]) -> str:
    """Where the first edge of the ring starts that all rings of the knot have; where the ring does, without one."""
    following = dict(zip(ring, ring[1:] + ring[:1], strict=True))
    left = ring
    while left:
        other = _ring_without((left[0], following[left[0]]), graph)
        if not other:
            return left[0]
        shared = set(zip(other, other[1:] + other[:1], strict=True))
        left = [name for name in left[1:] if (name, following[name]) in shared]
    return ring[0]


def _ring_without(edge: tuple[str, str], graph: Mapping[str, Sequence[str]]) -> list[str]:
    """Some ring that an edge is no part of, in travel order; none where there is no such ring."""
    done: set[str] = set()
    for root in graph:
        path = [] if root in done else [(root, iter(graph[root]))]
        place = {root: 0}
        while path:
            name, targets = path[-1]
            target = next((one for one in targets if one not in done and (name, one) != edge), None)
            if target is None:
                done.add(name)
                del place[name]
                path.pop()
            elif target in place:
                return [one for one, _ in path[place[target] :]]
            else:
                place[target] = len(path)
                path.append((target, iter(graph[target])))
    return []
