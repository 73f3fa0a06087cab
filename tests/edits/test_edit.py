from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from compiler.edits.edit import edit
from compiler.edits.edit_error import EditError
from compiler.edits.layout import Layout
from compiler.edits.wishes import Wish
from compiler.passes.parse import parse
from compiler.passes.parsed import Parsed
from compiler.text.splice import spliced
from tests.edits.manuscripts import NAME, manuscripts, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compiler.model.source import Route

MANY = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def edited(text: str, *wishes: tuple[Route, Any]) -> str:
    parsed = parse(text.encode(), "integration.yaml")
    assert parsed.value is not None, parsed.defects
    return spliced(parsed.document.text, edit(parsed.document, value_of(parsed), [Wish(*wish) for wish in wishes]))


def value_of(parsed: Parsed) -> Any:
    return parsed.value


def read(text: str) -> Any:
    parsed = parse(text.encode(), "integration.yaml")
    assert parsed.value is not None, (text, parsed.defects)
    return parsed.value


def routes(value: Any, route: Route = ()) -> Iterator[Route]:
    """Everything that stands in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in inner:
        yield (*route, step)
        yield from routes(child, (*route, step))


def plain(value: Any) -> Any:
    """As this dialect reads it back: what is empty is an empty text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()} or ""
    return [plain(inner) for inner in value] or "" if isinstance(value, list) else value


def wished(value: Any, route: Route, new: Any) -> Any:
    """The value after the wish, worked out on data alone."""
    if new is None and route not in set(routes(value)):
        return plain(value)
    result = copy.deepcopy(value)
    parent = result
    for step in route[:-1]:
        if (parent.get(step) if isinstance(parent, dict) else parent[step]) in (None, ""):
            parent[step] = {}
        parent = parent[step]
    if isinstance(parent, list) and route[-1] == len(parent):
        parent.append(new)
    elif new is not None:
        parent[route[-1]] = new
    else:
        del parent[route[-1]]
    return plain(result)


def touched(text: str, route: Route) -> set[int]:
    """The lines that a wish may change: those of the entry at the route, or of the nearest thing around it."""
    parsed = parse(text.encode(), "integration.yaml")
    layout = Layout(parsed.document, value_of(parsed))
    known = set(routes(parsed.value))
    if route in known:
        last = layout.block_end(route)
        if not layout.starts_line(layout.entry(route)):
            last = max(last, *(layout.line(layout.entry(child)) for child in layout.children(route[:-1])[:2]))
        return set(range(layout.first_line(route), last + 1))
    while route[:-1] and route[:-1] not in known:
        route = route[:-1]
    if route[:-1] and not layout.children(route[:-1]):
        return set(range(layout.first_line(route[:-1]), layout.block_end(route[:-1]) + 1))
    return set()


def is_crash_of_strictyaml(text: str) -> bool:
    """Whether strictyaml itself cannot tell the comments of a text apart; review finds that out before it writes."""
    defects = parse(text.encode(), "integration.yaml").defects
    return bool(defects) and defects[0].facts.get("words", "").startswith("comments between")


def contains_in_order(lines: Iterable[str], kept: Iterable[str]) -> bool:
    rest = iter(lines)
    return all(line in rest for line in kept)


@st.composite
def cases(draw: Any) -> tuple[str, Route, Any]:
    text = draw(manuscripts())
    parsed = parse(text.encode(), "integration.yaml")
    assume(parsed.value is not None)
    known = list(routes(parsed.value))
    route = draw(st.sampled_from(known))
    layout = Layout(parsed.document, value_of(parsed))
    value = layout.at(route)
    if isinstance(value, list):
        return text, draw(st.sampled_from([route, (*route, len(value))])), draw(values())
    if isinstance(value, dict) or value == "":
        beyond = (*route, draw(NAME))
        further = value == "" or beyond not in known
        route = draw(st.sampled_from([route, beyond, (*beyond, draw(NAME)) if further else beyond]))
    return text, route, draw(st.one_of(st.none(), values()))


@MANY
@given(cases())
def test_a_wish_is_fulfilled_and_nothing_else_changes(case: tuple[str, Route, Any]) -> None:
    text, route, new = case
    before = read(text)
    expected = wished(before, route, new)
    try:
        after = edited(text, (route, new))
    except EditError:
        return
    assume(not is_crash_of_strictyaml(after))
    assert plain(read(after)) == expected
    changed = touched(text, route)
    lines = re.split("\r\n|\n", text)
    kept = [line for number, line in enumerate(lines, start=1) if line.strip() and number not in changed]
    assert contains_in_order(re.split("\r\n|\n", after), kept)
    if "\r\n" in text:
        assert "\n" not in after.replace("\r\n", "")


@MANY
@given(cases())
def test_wishing_what_is_so_changes_nothing(case: tuple[str, Route, Any]) -> None:
    text, route, _ = case
    parsed = parse(text.encode(), "integration.yaml")
    layout = Layout(parsed.document, value_of(parsed))
    known = set(routes(parsed.value))
    assert edited(text, (route, layout.at(route) if route in known else None)) == text


@st.composite
def many_cases(draw: Any) -> tuple[str, list[tuple[Route, Any]]]:
    """Several wishes about different parts of one manuscript; only mappings lose entries, so no index moves."""
    text = draw(manuscripts())
    value = parse(text.encode(), "integration.yaml").value
    assume(value is not None)
    known = list(routes(value))
    assume(len(known) > 1)
    wishes: list[tuple[Route, Any]] = []
    for route in draw(st.lists(st.sampled_from(known), min_size=2, max_size=4, unique=True)):
        new = draw(st.one_of(st.none(), values()) if isinstance(route[-1], str) else values())
        wishes.append((route, new))
        beside = (*route[:-1], draw(NAME))
        if isinstance(route[-1], str) and beside not in known:
            wishes.append((beside, draw(values())))
    clear = [
        wish
        for number, wish in enumerate(wishes)
        if not any(is_prefix(wish[0], other[0]) for place, other in enumerate(wishes) if place != number)
    ]
    assume(len(clear) > 1)
    return text, clear


def is_prefix(one: Route, other: Route) -> bool:
    return one[: len(other)] == other or other[: len(one)] == one


@MANY
@given(many_cases())
def test_wishes_at_once_are_all_fulfilled(case: tuple[str, list[tuple[Route, Any]]]) -> None:
    text, wishes = case
    expected = read(text)
    for route, new in wishes:
        expected = wished(expected or {}, route, new)
    try:
        after = edited(text, *wishes)
    except EditError:
        return
    assume(not is_crash_of_strictyaml(after))
    assert plain(read(after)) == expected


def test_a_scalar_is_replaced_in_its_quotes_before_its_comment() -> None:
    text = "a: 'x'  # one\r\nb: \"y\" # two\r\nc:   z\r\nd:    # empty\r\n"
    wishes = [((name,), "it's") for name in "abcd"]
    assert edited(text, *wishes) == ("a: 'it''s'  # one\r\nb: \"it's\" # two\r\nc:   it's\r\nd: it's    # empty\r\n")


def test_a_key_goes_with_its_own_comments_and_leaves_the_others() -> None:
    text = """\
# the head of the file
services:
  # about a
  # and more
  a:
    port: 1
    # port: 2

  # not about b, for a line is between

  b:  # about b
    port: 3
# the end
"""
    assert edited(text, (("services", "a"), None)) == (
        "# the head of the file\nservices:\n  # not about b, for a line is between\n\n"
        "  b:  # about b\n    port: 3\n# the end\n"
    )
    assert edited(text, (("services", "b"), None)) == text.replace("\n  b:  # about b\n    port: 3\n", "\n", 1)


@st.composite
def blocks(draw: Any) -> tuple[str, Route]:
    """A manuscript and a mapping in it that starts on a line of its own."""
    text = draw(manuscripts())
    parsed = parse(text.encode(), "integration.yaml")
    assume(parsed.value is not None)
    layout = Layout(parsed.document, value_of(parsed))
    found = [route for route in routes(parsed.value) if isinstance(layout.at(route), dict) and layout.children(route)]
    found = [route for route in found if layout.starts_line(layout.entry(layout.children(route)[0]))]
    assume(found)
    return text, draw(st.sampled_from(found))


@MANY
@given(blocks())
def test_where_all_entries_make_room_for_another_every_line_around_them_stays(case: tuple[str, Route]) -> None:
    text, route = case
    parsed = parse(text.encode(), "integration.yaml")
    layout = Layout(parsed.document, value_of(parsed))
    children = layout.children(route)
    assume((*route, "new") not in children)
    try:
        after = edited(text, *((child, None) for child in children), ((*route, "new"), "1"))
    except EditError:
        return
    lines = re.split("\r\n|\n", text)
    above, below = lines[: layout.first_line(children[0]) - 1], lines[layout.block_end(children[-1]) :]
    column = layout.column(layout.entry(children[0]))
    found = re.split("\r\n|\n", after)
    assert found[: len(above)] == above
    assert found[len(found) - len(below) :] == below
    between = found[len(above) : len(found) - len(below)]
    said = [line for line in between if line.strip() and not line.lstrip().startswith("#")]
    assert said == [" " * column + "new: 1"]


@pytest.mark.parametrize(
    ("entries", "after"),
    [
        ("  a: 1\n", "\nnext: 1\n"),
        ("  a: 1\n\n  b: 2\n", "\n\nnext: 1\n"),
        ("\n  a: 1\n\n  # about b\n  b: 2\n", "\nnext: 1\n"),
        ("  a: 1\n", ""),
        ("\n  a: 1\n", ""),
    ],
)
def test_the_blank_lines_below_a_block_stay_when_all_of_it_goes(entries: str, after: str) -> None:
    text = f"networks:\n{entries}{after}"
    gone = [(("networks", name), None) for name in read(text)["networks"]]
    lead = "\n" if entries.startswith("\n") else ""
    assert edited(text, *gone, (("networks", "c"), "3")) == f"networks:\n{lead}  c: 3\n{after}"
    if after:
        assert edited(text, *gone) == f"networks:\n{lead}{after}"


def test_a_new_key_stands_as_the_others_do() -> None:
    text = "services:\n    a:\n        x: 1\n\n    b:\n        x: 1\n\nnetworks:\n    - n"
    wishes = [(("services", "c", "x"), "2"), (("networks", 1), "m"), (("tests", "api"), ["GET a /"])]
    assert edited(text, *wishes) == (
        "services:\n    a:\n        x: 1\n\n    b:\n        x: 1\n\n    c:\n        x: 2\n\n"
        "networks:\n    - n\n    - m\n\ntests:\n    api:\n        - GET a /"
    )


def test_a_list_keeps_the_items_that_stay() -> None:
    text = "networks:\n  # first\n  - a  # ours\n  - b\n  - c # theirs\n"
    assert edited(text, (("networks",), ["a", "c", "d"])) == (
        "networks:\n  # first\n  - a  # ours\n  - c # theirs\n  - d\n"
    )
    assert edited(text, (("networks",), ["z"])) == "networks:\n  - z\n"


def test_a_text_block_at_the_end_of_a_file_without_line_break_stays_what_it_is() -> None:
    assert edited("a: |\n  text", (("b",), "1")) == "b: 1\na: |\n  text"


@pytest.mark.parametrize(
    ("text", "wishes", "words"),
    [
        ("a: 1\n", [(("a", "b"), "2")], "`a` is a text, with nothing inside to change"),
        ("a: 1\n", [(("b", "c"), "1"), (("b",), "2")], "two changes contradict each other at `b`"),
        ("a: 1\n", [(("b",), "1"), (("b", "c"), "2")], "two changes contradict each other at `b.c`"),
        ("a: 1\n", [((), {"b": "1"})], "a manifest cannot be replaced as a whole"),
        ("a: 1\n", [(("a",), None)], "nothing would be left of the manifest"),
        ("a: 1\n", [(("b",), [])], "a manifest cannot say a list without items: remove the key"),
        ("a:\n  - x\n", [(("a", 3), "y")], "`a` is a list: it has no `3`"),
        ("a:\n  - x\n", [(("a", "b"), "y")], "`a` is a list: it has no `b`"),
        ("? a\n: b\nc: d\n", [(("a",), None)], "a key that is written with `?` cannot be edited: write `key: value`"),
    ],
)
def test_what_cannot_be_is_said(text: str, wishes: list[tuple[Route, Any]], words: str) -> None:
    with pytest.raises(EditError) as caught:
        edited(text, *wishes)
    assert str(caught.value) == words


@pytest.mark.parametrize("count", [2, 3])
def test_wishes_about_one_new_parent_become_one_block(count: int) -> None:
    wishes = [(("b", "c", f"k{n}"), str(n)) for n in range(count)]
    assert edited("a: 1\n", *wishes) == "a: 1\nb:\n  c:\n" + "".join(f"    k{n}: {n}\n" for n in range(count))
