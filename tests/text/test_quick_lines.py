"""Lines that are read without a parser, and those that are not; tests/differential holds them against strictyaml."""

from __future__ import annotations

from typing import Any

import pytest

quick_lines: Any = pytest.importorskip("compiler.text.quick_lines")
events, reach, read = quick_lines.events, quick_lines.reach, quick_lines.read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b c # d\n", {"a": "b c"}),
        ("a: b#c\nd: http://e:1/f?g\n", {"a": "b#c", "d": "http://e:1/f?g"}),
        ("a: ${b.c}/{d}\n", {"a": "${b.c}/{d}"}),
        ("a: 'it''s'\nb: \"c: d\"\nc: ''\n", {"a": "it's", "b": "c: d", "c": ""}),
        ("a:\nb: # c\n", {"a": "", "b": ""}),
        ("a:\n  b:\n    c: d\n  e: f\ng: h\n", {"a": {"b": {"c": "d"}, "e": "f"}, "g": "h"}),
        ("a:\n- b\n- --c\nd: e\n", {"a": ["b", "--c"], "d": "e"}),
        ("a:\n  - b: c\n    d:\n      - e\n  - f\n", {"a": [{"b": "c", "d": ["e"]}, "f"]}),
        ("a: |\n  b\n\n   c\nd: |-\n  e\n", {"a": "b\n\n c\n", "d": "e"}),
        ("a: >\n  b\n  c\n\n\n  d\n", {"a": "b c\n\nd\n"}),
        ("---\n# a\n\nb: c", {"b": "c"}),
    ],
)
def test_plain_lines_are_read(text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# a\n",
        "a\n",
        "- a\n",
        " a: b\n",
        "a: b\n  c: d\n",
        "a:\n    b:\n      c: d\n    e:\n        f: g\n",
        "a: 1\na: 2\n",
        "a: b: c\n",
        "a: b:\n",
        "a: [b]\n",
        "a: {b: c}\n",
        "a: *b\n",
        "'a': b\n",
        "a: b\n  c\n",
        "a:\n  - b\n c: d\n",
        "a:\n  b: c\n - d\n",
        "a:\n  - - b\n",
        "a: |+\n  b\n",
        "a: | # b\n  c\n",
        "a: |\nb: c\n",
        "a: |\n  b",
        "a: |\n   b\n  c\n",
        "a:\n  - b: |\n    c\n",
        "a: >\n  b\n   c\n",
        'a: "\\n"\n',
        "...\n",
        "a: b\n---\n",
    ],
)
def test_all_others_are_not(text: str) -> None:
    assert read(text) is None


def test_nothing_is_nested_deeper_than_is_safe() -> None:
    lines = [f"{' ' * level}a:\n" for level in range(60)]
    assert read("".join(lines[:30]))
    assert read("".join(lines)) is None


def test_a_text_reaches_to_its_first_line_that_is_not_plain() -> None:
    assert reach("a: b\nc: {\nd: e\n") == len("a: b\n")
    assert reach("a: b\n") == len("a: b\n")


def test_events_have_the_places_of_their_texts() -> None:
    marks = [
        (type(event).__name__.removesuffix("Event"), *getattr(event, "start_mark", ()))
        for event in events("# x\na:\n  - b: c\n  - |\n    d\ne:\n")
    ]
    assert marks == [
        ("MappingStart", 1, 0),
        ("Scalar", 1, 0),
        ("SequenceStart", 2, 2),
        ("MappingStart", 2, 4),
        ("Scalar", 2, 4),
        ("Scalar", 2, 7),
        ("MappingEnd",),
        ("Scalar", 3, 4),
        ("SequenceEnd",),
        ("Scalar", 5, 0),
        ("Scalar", 5, 1),
        ("MappingEnd",),
    ]
