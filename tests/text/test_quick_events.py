"""What libyaml may decide, and what it may not; tests/differential holds it against strictyaml."""

from __future__ import annotations

from typing import Any

import pytest

quick_events: Any = pytest.importorskip("compiler.text.quick_events")
read = quick_events.read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b\n  c\nd: 'e\n\n  f'\n", {"a": "b c", "d": "e\nf"}),
        ('a: "\\x41\\u00e9\\n"\n', {"a": "Aé\n"}),
        ("'a b': |+\n  c\n\nd: >-\n  e\n   f\n", {"a b": "c\n\n", "d": "e\n f"}),
        ("a:\n  - - b\n    - c\n", {"a": [["b", "c"]]}),
        ("---\na: b\n", {"a": "b"}),
    ],
)
def test_what_is_surely_the_same_is_read(text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "- a\n",
        "a: {b: c}\n",
        "a: [b]\n",
        "a: &b c\nd: *b\n",
        "a: !b c\n",
        "%YAML 1.2\n---\na: b\n",
        "? a\n: b\n",
        "? - a\n: b\n",
        ": a\n",
        "<<: a\n",
        "a:\n  b\n",
        "a: 1\na: 2\n",
        "a: 1\n---\nb: 2\n",
        "a: b\n...\n",
        "a: | # b\n  c\n",
        "a:\n  b: c\nd:\n    e: f\n",
        '"\\0": a\n',
        'a: "\\0"\n',
        'a: "\\ud83d"\n',
        "a: 'b\n",
    ],
)
def test_all_others_are_not(text: str) -> None:
    assert read(text) is None


def test_nothing_is_nested_deeper_than_is_safe() -> None:
    assert read("".join(f"{' ' * level}a:\n" for level in range(60))) is None
