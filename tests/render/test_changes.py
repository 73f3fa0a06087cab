from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from compiler.changes import Change, Weight
from compiler.changes.kind import ticked
from compiler.render.changes import MARKER, changes_json, changes_markdown, changes_text, headline
from compiler.render.colour import COLOURED
from tests.support import ROOT

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "diff.schema.json").read_text())
PLACE = "/plan/units/api"


def change(told: str, weight: Weight = Weight.BREAKING, action: str = "", environments: tuple[str, ...] = ()) -> Change:
    """A change of which only the words matter."""
    return Change("host-port-changed", weight, "api", told, action, 1, 2, environments, PLACE)


SOME = (
    change("`api` moves from host port `8000` to `8001`", action="tell whoever uses the old address"),
    change(f"{ticked('x' * 90)} is gone", environments=("staging", "test")),
    change("`web` calls `api`, and waits until it is healthy", Weight.NOTABLE, "check that it answers " * 6),
    change("secret `KEY` is new: `start.sh` generates it", Weight.QUIET),
    change("secret `MORE` is new: `start.sh` generates it", Weight.QUIET),
)


def test_how_a_terminal_shows_it(snapshot: SnapshotAssertion) -> None:
    text = changes_text(SOME, colour=False)
    assert text == snapshot
    assert all(len(line) <= 80 or "x" * 50 in line for line in text.split("\n"))


def test_colour_adds_nothing_but_colour() -> None:
    coloured = changes_text(SOME, colour=True)
    assert coloured != changes_text(SOME, colour=False)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == changes_text(SOME, colour=False)


def test_a_command_stands_on_one_line() -> None:
    command = f"docker run --rm {'-v some:/where ' * 8}alpine true"
    text = changes_text([change("x", action=f"stop it, and then run `{command}` before the start")], colour=False)
    assert f"`{command}`" in text


def test_only_the_word_before_an_advice_has_colour() -> None:
    text = changes_text(SOME[:1], colour=True)
    assert f"{COLOURED.help}do:{COLOURED.end} tell whoever uses the old address\n" in text


def test_how_a_comment_looks(snapshot: SnapshotAssertion) -> None:
    assert changes_markdown(SOME) == snapshot


def test_a_comment_begins_with_its_marker_whatever_changes() -> None:
    for changes in ((), SOME, SOME[3:]):
        assert changes_markdown(changes).split("\n")[0] == MARKER
    assert "nothing in the plan changes" in changes_markdown(())
    assert changes_text((), colour=True) == "nothing in the plan changes\n"


def test_breaking_changes_stand_open_and_all_others_folded() -> None:
    open_part, *folded = changes_markdown(SOME).split("<details>")
    assert "moves from host port" in open_part
    assert [part.count("\n- ") for part in folded] == [1, 2]
    assert all(part.rstrip().endswith("</details>") for part in folded)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0), "nothing in the plan changes"),
        ((1, 0, 0), "1 breaking change"),
        ((0, 2, 0), "2 notable changes"),
        ((2, 1, 0), "2 breaking changes and 1 notable"),
        ((1, 2, 3), "1 breaking change, 2 notable and 3 quiet"),
    ],
)
def test_the_headline_counts(counts: tuple[int, int, int], words: str) -> None:
    changes = [change("x", weight) for weight, count in zip(Weight, counts, strict=True) for _ in range(count)]
    assert headline(changes) == words


def test_a_comment_is_bounded_and_says_what_it_leaves_out() -> None:
    many = [change(f"{ticked(f'service-{n}')} {'moves ' * 20}", weight) for weight in Weight for n in range(1000)]
    text = changes_markdown(many)
    assert len(text.encode()) <= 60_000
    left = [int(found) for found in re.findall(r"- and (\d+) more, left out here: run `periplus diff`", text)]
    assert len(left) == 3
    assert text.count("\n- `service-") + sum(left) == len(many)
    assert text.count("<details>") == text.count("</details>") == 2


def test_a_wide_text_is_bounded_in_bytes() -> None:
    many = [change(ticked("船" * 90)) for _ in range(1000)]
    assert 50_000 < len(changes_markdown(many).encode()) <= 60_000


@given(st.text(max_size=60))
def test_no_text_of_a_person_leaves_its_code_span(text: str) -> None:
    (line,) = [one for one in changes_markdown([change(f"{ticked(text)} is gone")]).split("\n") if one.startswith("- ")]
    body = line.removeprefix("- ").removesuffix(" is gone")
    if body == "an empty text":
        return
    assert re.fullmatch(r"`[^`]*`", body), line


@pytest.mark.parametrize(
    "text", ["@everyone", "<script>x</script>", "![a](b)", "#1", "</details>", "a\n\n# b", "-->", "x|y"]
)
def test_mark_up_and_mentions_stay_inside_code(text: str) -> None:
    page = changes_markdown([change(f"{ticked(text)} is gone", action=f"say {ticked(text)}", environments=("test",))])
    outside = re.sub(r"`[^`]*`", "", page.removeprefix(MARKER))
    assert " ".join(text.split()) not in outside
    assert page.count("\n- ") == 1


@given(st.text(max_size=40))
def test_a_terminal_gets_no_control_characters(text: str) -> None:
    shown = changes_text([change(f"{ticked(text)} is gone")], colour=False)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_json_follows_its_schema_and_keeps_every_value() -> None:
    Draft7Validator.check_schema(SCHEMA)
    document = json.loads(changes_json(SOME))
    assert list(Draft7Validator(SCHEMA).iter_errors(document)) == []
    assert document["counts"] == {"breaking": 2, "notable": 1, "quiet": 2}
    assert document["changes"][1]["environments"] == ["staging", "test"]
    assert [one["weight"] for one in document["changes"]] == ["breaking", "breaking", "notable", "quiet", "quiet"]
    assert list(Draft7Validator(SCHEMA).iter_errors({**document, "more": 1}))
    assert list(SCHEMA["definitions"]["change"]["properties"]) == list(Change._fields)
