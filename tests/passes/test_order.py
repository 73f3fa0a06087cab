from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from compiler.model.plan import Edge, Until
from compiler.passes.order import MOST_RINGS, layers, rings
from tests.plans import plan_of

NAMES = "abcdef"


def edge(source: str, target: str, until: Until = Until.STARTED) -> Edge:
    """Who waits for whom."""
    return Edge(source, target, until, "", (("services", source),))


def waiting(*pairs: str) -> tuple[Edge, ...]:
    """`ab` for a waits for b."""
    return tuple(edge(pair[0], pair[1]) for pair in pairs)


def chain(ring: tuple[Edge, ...]) -> str:
    """The names of a ring in travel order."""
    return "".join(one.source for one in ring)


def test_layers_keep_the_order_of_the_names() -> None:
    assert layers("dcba", waiting("ab", "cb")) == (("d", "b"), ("c", "a"))
    assert layers((), ()) == ()


def test_a_call_that_does_not_wait_has_no_part_in_the_order() -> None:
    assert layers("ab", (edge("a", "b", Until.NOTHING),)) == (("a", "b"),)


def test_a_target_that_is_not_started_here_has_no_part_in_the_order() -> None:
    assert layers("a", waiting("ax")) == (("a",),)


def test_a_very_long_chain() -> None:
    names = [f"s{number}" for number in range(5000)]
    edges = tuple(edge(one, other) for one, other in pairwise(names))
    assert len(layers(names, edges)) == 5000
    ring = (*edges[:999], edge(names[999], names[0]))
    assert layers(names[:1000], ring) == ()
    assert len(rings(names[:1000], ring)[0]) == 1000


def test_a_shortest_ring_in_travel_order() -> None:
    (ring,) = rings("abcd", waiting("ab", "bc", "cd", "da", "ca"))
    assert {one.target for one in ring} == set(chain(ring))
    assert sorted(chain(ring)) == ["a", "b", "c"]
    assert all(one.target == other.source for one, other in zip(ring, ring[1:] + ring[:1], strict=True))


def test_the_edge_that_opens_the_whole_knot_comes_first() -> None:
    # two rings, a-b and a-b-c, share the edge from a to b
    (ring,) = rings("abc", waiting("ab", "ba", "bc", "ca"))
    assert (ring[0].source, ring[0].target) == ("a", "b")


def test_where_no_edge_opens_the_whole_knot_any_edge_of_the_ring_comes_first() -> None:
    (ring,) = rings("abc", waiting("ab", "ba", "bc", "cb"))
    assert sorted(chain(ring)) in (["a", "b"], ["b", "c"])


def test_one_ring_a_knot_and_ten_at_most() -> None:
    assert [chain(ring) for ring in rings("abcd", waiting("ab", "ba", "cd", "dc"))] == ["ab", "cd"]
    names = [f"{letter}{number}" for number in range(MOST_RINGS + 5) for letter in "ab"]
    edges = tuple(
        edge(f"{one}{number}", f"{other}{number}") for number in range(MOST_RINGS + 5) for one, other in ("ab", "ba")
    )
    assert len(rings(names, edges)) == MOST_RINGS == 10


PAIRS = st.lists(st.sampled_from([one + other for one, other in permutations(NAMES, 2)]), unique=True, max_size=12)


def closure(pairs: list[str]) -> set[tuple[str, str]]:
    """Who waits for whom, however indirectly."""
    known = {(pair[0], pair[1]) for pair in pairs}
    while True:
        further = {(a, d) for a, b in known for c, d in known if b == c} - known
        if not further:
            return known
        known |= further


def depth(name: str, pairs: list[str]) -> int:
    """The longest chain of waiting before a unit, by definition."""
    return max((1 + depth(pair[1], pairs) for pair in pairs if pair[0] == name), default=0)


@given(PAIRS)
def test_layers_are_the_longest_chains(pairs: list[str]) -> None:
    reach = closure(pairs)
    knotted = {one for one, other in reach if one == other}
    stuck = knotted | {one for one, other in reach if other in knotted}
    found = layers(NAMES, waiting(*pairs))
    assert {name: number for number, layer in enumerate(found) for name in layer} == {
        name: depth(name, pairs) for name in NAMES if name not in stuck
    }


@given(PAIRS)
def test_every_knot_has_one_ring_and_it_is_a_shortest(pairs: list[str]) -> None:
    reach = closure(pairs)
    knots = {frozenset(o for o in NAMES if (n, o) in reach and (o, n) in reach) for n in NAMES if (n, n) in reach}
    found = rings(NAMES, waiting(*pairs))
    assert len(found) == len(knots)
    for ring in found:
        names = chain(ring)
        (knot,) = [knot for knot in knots if names[0] in knot]
        assert len(set(names)) == len(names)
        assert set(names) <= knot
        shorter = (path for size in range(2, len(names)) for path in permutations(sorted(knot), size))
        assert not any(
            all(one + other in pairs for one, other in zip(path, (*path[1:], path[0]), strict=True)) for path in shorter
        )


@given(PAIRS)
def test_the_first_edge_opens_the_whole_knot_wherever_one_of_the_ring_does(pairs: list[str]) -> None:
    for ring in rings(NAMES, waiting(*pairs)):
        knot = {n for n in NAMES if (n, ring[0].source) in closure(pairs) and (ring[0].source, n) in closure(pairs)}
        inside = [pair for pair in pairs if set(pair) <= knot]
        opening = [
            one.source + one.target
            for one in ring
            if all(n != o for n, o in closure([pair for pair in inside if pair != one.source + one.target]))
        ]
        assert not opening or ring[0].source + ring[0].target in opening


def test_a_very_long_ring_with_a_way_back_from_its_middle() -> None:
    names = [f"s{number}" for number in range(5000)]
    around = (*(edge(one, other) for one, other in pairwise(names)), edge(names[-1], names[0]))
    (ring,) = rings(names, (*around, edge(names[2500], names[0])))
    assert len(ring) == 2501
    assert (ring[0].source, ring[0].target) == ("s0", "s1")
    (ring,) = rings(names, (*around, edge(names[2500], names[100])))
    assert len(ring) == 2401
    assert (ring[0].source, ring[0].target) == ("s100", "s101")


def test_the_least_time_is_one_interval_a_checked_unit_on_the_longest_path() -> None:
    text = """
services:
  a:
    image: x
    port: 80
    healthcheck:
      command: ask
      interval: 3s
  b:
    image: x
    environment:
      A: ${a.url}
    healthcheck:
      command: ask
      interval: 4s
  c:
    image: x
    environment:
      B: ${b.host}
  d:
    image: x
    healthcheck:
      command: ask
      interval: 6s
"""
    assert plan_of(text).least_start_ms == 7000
    assert plan_of("services:\n  a:\n    image: x\n").least_start_ms == 0
    assert plan_of("").least_start_ms == 0
