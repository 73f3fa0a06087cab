from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.trace import RouteText, mark, routes_by_line, strip
from compiler.spell.yaml import Sourced, yaml_document

STEPS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Co"]), min_size=1).filter(
    lambda text: not text.startswith("#")
)


@given(st.lists(STEPS | st.integers(0, 99), min_size=1).map(tuple))
def test_a_mark_is_invisible_to_strip_and_tells_its_route(route: RouteText) -> None:
    assert strip(f"a{mark(route)}b") == "ab"
    assert routes_by_line(f"x\n{mark(route)}y") == {2: (route,)}


def test_routes_of_a_line_in_order_and_once() -> None:
    a, b = mark(("a", 0)), mark(("b",))
    assert routes_by_line(f"{b}x{a}y{b}\nplain\n{a}") == {1: (("b",), ("a", 0)), 3: (("a", 0),)}


def test_lines_are_those_of_the_file() -> None:
    assert routes_by_line("\u2028\x0c" + mark(("a",))) == {1: (("a",),)}


def test_a_node_explains_all_in_it_that_has_no_better_explanation() -> None:
    document = {
        "a": Sourced({"b": "1", "c": Sourced("2", ("inner",)), "d": {}, "e": [Sourced("3", ("item", 0))]}, ("outer",))
    }
    found = routes_by_line(yaml_document(document, traced=True))
    assert found == {
        1: (("outer",),),
        2: (("outer",),),
        3: (("inner",),),
        4: (("outer",),),
        5: (("outer",),),
        6: (("item", 0),),
    }


@pytest.mark.parametrize("text", ["\ue000", "\ue100", "\ue000\ue1ff\ue001"])
def test_a_value_cannot_forge_a_mark(text: str) -> None:
    written = yaml_document({text: text}, traced=True)
    assert routes_by_line(written) == {}
    assert strip(written) == written
