from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.encoded import Encoded
from compiler.spell.json import json_document

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_written_is_read_back_in_the_same_order(value: Any) -> None:
    written = json_document(value)
    assert isinstance(written, Encoded)
    assert json.dumps(json.loads(written)) == json.dumps(value)


def test_how_it_looks() -> None:
    assert json_document({"b": [1, "é"], "a": {}}) == '{\n  "b": [\n    1,\n    "é"\n  ],\n  "a": {}\n}\n'


def test_what_has_no_word_in_json() -> None:
    with pytest.raises(TypeError):
        json_document({1, 2})
