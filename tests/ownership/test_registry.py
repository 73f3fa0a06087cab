from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.ownership.registry import EMPTY, claim, claimed_keys, release
from compiler.text.registry import RegistryError, read_registry_text

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEDS = """{
  "metadata": {
    "description": "Host ports of every project on this machine",
    "port_ranges": {
      "hercules": "8090-8199",
      "other": "8000-8089"
    }
  },
  "allocations": {
    "8080": "billing/web",
    "8100": "billing/api",
    "5432": "shared/postgres"
  }
}"""


def allocations(text: str) -> dict[str, Any]:
    """What a registry gives to whom, in its order."""
    return dict(json.loads(text.removeprefix("\ufeff"))["allocations"])


def inner(*lines: str) -> str:
    """A registry with these lines between the braces."""
    return '{\n  "allocations": {\n' + "".join(f"    {line}\n" for line in lines) + "  }\n}\n"


def test_our_entries_are_added_in_the_shape_that_is_there() -> None:
    edited = claim(SEEDS, "hercules", {8091: "hercules/auth", 8090: "hercules/gateway"})
    assert edited.text == SEEDS.replace(
        '"shared/postgres"\n',
        '"shared/postgres",\n    "8090": "hercules/gateway",\n    "8091": "hercules/auth"\n',
    )
    assert edited.claimed == {8090: "hercules/gateway", 8091: "hercules/auth"}
    assert (edited.released, edited.refused) == ({}, {})


def test_what_is_claimed_already_is_not_touched() -> None:
    wanted = {8091: "hercules/auth", 8090: "hercules/gateway"}
    once = claim(SEEDS, "hercules", wanted).text
    assert claim(once, "hercules", wanted) == (once, {}, {}, {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (inner('"8000": "a",', '"8010": "b"'), inner('"8000": "a",', '"8005": "shop/web",', '"8010": "b"')),
        (inner('"8010": "b"'), inner('"8005": "shop/web",', '"8010": "b"')),
        (inner('"8000": "a"'), inner('"8000": "a",', '"8005": "shop/web"')),
        (inner('"10000": "a",', '"8000": "b"'), inner('"10000": "a",', '"8000": "b",', '"8005": "shop/web"')),
        (
            inner('"9": "a",', '"3": "b",', '"8": "c"'),
            inner('"9": "a",', '"3": "b",', '"8": "c",', '"8005": "shop/web"'),
        ),
        (inner(), inner('"8005": "shop/web"')),
        (EMPTY, inner('"8005": "shop/web"')),
        ('{"allocations": {}}', '{"allocations": {"8005": "shop/web"}}'),
        ('{"allocations":{"1":"a","2":"b"}}\n', '{"allocations":{"1":"a","2":"b","8005":"shop/web"}}\n'),
        ('{"allocations": {"1": "a"}}', '{"allocations": {"1": "a", "8005": "shop/web"}}'),
        ('{"allocations": { "1": "a" }}', '{"allocations": { "1": "a", "8005": "shop/web" }}'),
        ('{"a": 1, "allocations": {\n}}', '{"a": 1, "allocations": {"8005": "shop/web"}}'),
        ('{\n\t"allocations": {}\n}', '{\n\t"allocations": {\n\t\t"8005": "shop/web"\n\t}\n}'),
        ('{\n"allocations": {}\n}', '{\n"allocations": {\n  "8005": "shop/web"\n}\n}'),
        ('{\r\n  "allocations": {}\r\n}\r\n', '{\r\n  "allocations": {\r\n    "8005": "shop/web"\r\n  }\r\n}\r\n'),
        (
            inner('"8000" : "a"', ', "8010" : "b"').replace("\n", "\r\n"),
            inner('"8000" : "a"', ', "8005" : "shop/web"', ', "8010" : "b"').replace("\n", "\r\n"),
        ),
        (
            inner('"8000": "a",', '"8001": "b",', "", '"9000": {"deep": [1, "}"]}'),
            inner('"8000": "a",', '"8001": "b",', '"8005": "shop/web",', "", '"9000": {"deep": [1, "}"]}'),
        ),
        ("\ufeff" + EMPTY, "\ufeff" + inner('"8005": "shop/web"')),
    ],
)
def test_an_entry_finds_its_place_and_the_layout_stays(before: str, after: str) -> None:
    edited = claim(before, "shop", {8005: "shop/web"})
    assert edited.text.replace("    \n", "\n") == after.replace("    \n", "\n")
    assert edited.claimed == {8005: "shop/web"}


def test_a_port_that_moved_is_given_back() -> None:
    before = inner('"8000": "shop/web",', '"8001": "bank/web",', '"8002": "shop/api"')
    edited = claim(before, "shop", {8002: "shop/web", 8003: "shop/api"})
    assert edited.text == inner('"8001": "bank/web",', '"8002": "shop/web",', '"8003": "shop/api"')
    assert edited.claimed == {8002: "shop/web", 8003: "shop/api"}
    assert edited.released == {8000: "shop/web", 8002: "shop/api"}


def test_a_port_of_somebody_else_is_never_taken() -> None:
    before = inner('"8000": "bank/web",', '"8001": "shopping/web"')
    edited = claim(before, "shop", {8000: "shop/web", 8001: "shop/api", 8002: "shop/peer"})
    assert edited.refused == {8000: "bank/web", 8001: "shopping/web"}
    assert edited.text == inner('"8000": "bank/web",', '"8001": "shopping/web",', '"8002": "shop/peer"')


def test_what_a_person_wrote_for_the_whole_project_stays() -> None:
    before = inner('"8000": "shop",', '"8001": "shop"')
    assert claim(before, "shop", {8000: "shop/web"}) == (before, {}, {}, {})
    assert release(before, "shop").text == before
    assert claimed_keys(before, "shop") == ()


GROUPS = inner('"1": "shop/a",', '"2": "shop/a/admin",', "", '"3": "bank/a",', '"4": "shop/ab",', '"5": "shop/b"')


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ((), inner('"3": "bank/a"')),
        (("a",), inner('"3": "bank/a",', '"4": "shop/ab",', '"5": "shop/b"')),
        (("a/admin", "b"), inner('"1": "shop/a",', "", '"3": "bank/a",', '"4": "shop/ab"')),
        (("none",), GROUPS),
    ],
)
def test_only_ours_are_released(names: tuple[str, ...], left: str) -> None:
    assert release(GROUPS, "shop", names).text.replace("    \n", "\n") == left.replace("    \n", "\n")


def test_a_registry_without_entries_stays_one() -> None:
    assert release(inner('"1": "shop/a"'), "shop").text == EMPTY
    assert release(EMPTY, "shop") == (EMPTY, {}, {}, {})


def test_what_we_have() -> None:
    assert claimed_keys(GROUPS, "shop") == ("a", "a/admin", "ab", "b")


def test_no_registry_is_edited_that_cannot_be_read() -> None:
    for text in ("", "{}", inner('"1": "a",', '"1": "b"'), inner('"x": "a"')):
        with pytest.raises(RegistryError):
            claim(text, "shop", {8000: "shop/web"})
        with pytest.raises(RegistryError):
            release(text, "shop")


BLANKS = st.text(" \t\n\r", max_size=3)
OWNERS = st.sampled_from(["shop", "shop/a", "shop/b", "shop/b/admin", "bank/a", "shopping/a", 'q"}', "ü"])
WANTED = st.dictionaries(st.integers(1, 30), st.sampled_from(["shop/a", "shop/b", "shop/c"]), max_size=5)


@st.composite
def registries(draw: st.DrawFn) -> str:
    """A registry as anybody may have written it: any blanks, any order, other keys around."""
    owners = draw(st.dictionaries(st.integers(1, 30), OWNERS, max_size=8))
    order = draw(st.permutations(sorted(owners)))
    blank = draw(st.sampled_from(["", " ", "\n    ", "\r\n\t"]))
    entries = ",".join(
        f'{blank or draw(BLANKS)}"{port}"{draw(BLANKS)}:{draw(BLANKS)}{json.dumps(owners[port])}{draw(BLANKS)}'
        for port in order
    )
    around = draw(st.sampled_from(["{}", '{{"metadata": {{"a": "}}"}},{}}}', "{{\n  {}\n}}\n", "\ufeff{{{}}} \n"]))
    if around == "{}":
        around = "{{{}}}"
    return around.format(f'"allocations"{draw(BLANKS)}:{draw(BLANKS)}{{{entries}{draw(BLANKS)}}}')


def foreign(text: str) -> list[tuple[int, str]]:
    """Every entry that is not of our making, as it is written, in its order."""
    read = read_registry_text(text)
    return [(one.port, text[one.start : one.end]) for one in read.entries if not one.owner.startswith("shop/")]


def outside(text: str) -> tuple[str, str]:
    """What stands around the entries."""
    start, end = read_registry_text(text).inside
    return text[:start], text[end:]


@given(registries(), WANTED)
def test_nobody_elses_entry_is_ever_touched(text: str, wanted: Mapping[int, str]) -> None:
    claimed = claim(text, "shop", wanted)
    released = release(claimed.text, "shop")
    for after in (claimed.text, released.text):
        assert foreign(after) == foreign(text)
        assert outside(after) == outside(text)
    before, then = allocations(text), allocations(claimed.text)
    for port, owner in wanted.items():
        holder = before.get(str(port))
        is_free = holder is None or holder.startswith("shop/")
        assert then[str(port)] == (owner if is_free else holder)
        assert (port in claimed.refused) == (not is_free and holder != "shop")
    ours = {port for port, owner in then.items() if owner.startswith("shop/")}
    assert ours <= {str(port) for port in wanted}
    assert claim(claimed.text, "shop", wanted).text == claimed.text
    assert not claimed_keys(released.text, "shop")
    assert release(released.text, "shop").text == released.text


def between(text: str) -> dict[tuple[int, int], str]:
    """What stands between two entries of others that are neighbours."""
    pairs = pairwise(read_registry_text(text).entries)
    return {
        (one.port, other.port): text[one.end : other.start]
        for one, other in pairs
        if not one.owner.startswith("shop/") and not other.owner.startswith("shop/")
    }


@given(registries(), WANTED)
def test_what_stands_between_the_entries_of_others_stays(text: str, wanted: Mapping[int, str]) -> None:
    before, after = between(text), between(claim(text, "shop", wanted).text)
    assert {pair: after[pair] for pair in before if pair in after} == {
        pair: blanks for pair, blanks in before.items() if pair in after
    }
