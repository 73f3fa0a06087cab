from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.text.same import is_same

LEAVES = st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from([0.0, 1.0, "", "1"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


@given(VALUES, VALUES)
def test_it_is_what_json_says(before: Any, after: Any) -> None:
    assert is_same(before, after) == (json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True))


@pytest.mark.parametrize(("before", "after"), [(1, True), ([1], [True]), ({"a": 0}, {"a": False}), (1, 1.0)])
def test_what_only_python_takes_for_equal_is_not_the_same(before: Any, after: Any) -> None:
    assert before == after
    assert not is_same(before, after)
