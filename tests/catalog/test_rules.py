"""Rules by version and by setting."""

from __future__ import annotations

from typing import Any

from compiler.catalog.rules import applied

KIND: dict[str, Any] = {
    "data": "/old",
    "environment": {"A": "1", "B": "1"},
    "command": ["one", "two"],
    "rules": [
        {"when": {"version": ">=18"}, "then": {"data": "/new", "environment": {"B": "2"}}},
        {"when": {"version": ">=18", "password": "given"}, "then": {"command": ["three"], "environment": {"B": "3"}}},
        {"when": {"password": "absent"}, "then": {"environment": {"C": "4"}}},
    ],
}


def test_mappings_merge_and_lists_are_replaced_in_order() -> None:
    assert applied(KIND, "18.1", frozenset({"password"})) == {
        "data": "/new",
        "environment": {"A": "1", "B": "3"},
        "command": ["three"],
    }


def test_a_rule_that_does_not_hold_changes_nothing() -> None:
    assert applied(KIND, "17", frozenset({"password"})) == {key: KIND[key] for key in KIND if key != "rules"}
    assert applied(KIND, "17", frozenset())["environment"] == {"A": "1", "B": "1", "C": "4"}


def test_the_written_kind_is_left_alone() -> None:
    applied(KIND, "18", frozenset({"password"}))
    assert KIND["environment"] == {"A": "1", "B": "1"}
