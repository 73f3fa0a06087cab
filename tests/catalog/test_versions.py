"""Bounds on versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.catalog.versions import is_within


@pytest.mark.parametrize(
    ("version", "bounds", "expected"),
    [
        ("17.6", ">=18", False),
        ("18", ">=18", True),
        ("18.1", ">=18", True),
        ("18.1", ">18", False),
        ("18.1", "<=18", True),
        ("9.6", ">=18", False),
        ("v1.27.8", "<1.28", True),
        ("8.15.0", ">=8 <9", True),
        ("9.1.3", ">=8 <9", False),
        ("17.6-bookworm", "<18", True),
        ("8", ">=8.2", True),
        ("8", "<8.2", False),
        ("latest", ">=18", True),
        ("", "<18", False),
    ],
)
def test_bounds(version: str, bounds: str, expected: bool) -> None:
    assert is_within(version, bounds) is expected


numbers = st.lists(st.integers(0, 99), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@given(numbers, numbers)
def test_a_version_is_always_on_exactly_one_side_of_a_bound(version: str, limit: str) -> None:
    assert is_within(version, f">={limit}") is not is_within(version, f"<{limit}")
    assert is_within(version, f"<={limit}") is not is_within(version, f">{limit}")
