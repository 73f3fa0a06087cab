from __future__ import annotations

import pytest

from compiler.provenance.alignment import gone

YAML = "services:\n  a:\n    retries: 3\n    list:\n      - x\n  b:\n    retries: 3\n"


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (YAML, set()),
        (YAML.replace("retries: 3", "retries: 4", 1), {3}),
        ("retries: 4".join(YAML.rsplit("retries: 3", 1)), {7}),
        ("services:\n  b:\n    retries: 3\n", {2, 3, 4, 5}),
        ("new:\n  a: 1\n" + YAML, set()),
        (YAML.replace("  a:", "  azq:"), {2}),
        (YAML.replace("- x", "- w\n      - x"), set()),
    ],
)
def test_a_nested_line_is_known_by_what_it_stands_in(after: str, lines: set[int]) -> None:
    assert gone("a.yml", YAML, after) == lines


def test_a_blank_line_ends_nothing() -> None:
    before = "a {\n    x;\n\n    y;\n}\nb {\n    x;\n\n    y;\n}\n"
    assert gone("a.conf", before, before.replace("y;", "z;", 1)) == {4}


def test_a_comma_after_it_changes_no_line_of_json() -> None:
    assert gone("a.json", '{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "b": 2\n}\n') == set()


@pytest.mark.parametrize(
    ("after", "lines"),
    [("a\nb\nc\n", set()), ("a\nx\nc\n", {2}), ("a\nc\n", {2}), ("n\na\nb\nc\n", set()), ("", {1, 2, 3})],
)
def test_another_text_is_compared_in_order(after: str, lines: set[int]) -> None:
    assert gone("a.sh", "a\nb\nc\n", after) == lines
