from __future__ import annotations

import json
from collections import OrderedDict
from enum import IntEnum
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.encoded import Encoded
from compiler.spell.json import json_document
from compiler.spell.memory import Repeated

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.builds(Encoded, st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Action(IntEnum):
    """A number with a name."""

    KEEP = 3


class Pair(NamedTuple):
    """A tuple with names."""

    one: int
    other: object


@given(VALUES)
def test_what_is_written_is_read_back_in_the_same_order(value: Any) -> None:
    written = json_document(value)
    assert isinstance(written, Encoded)
    assert json.dumps(json.loads(written)) == json.dumps(value)


@given(VALUES)
def test_it_is_what_the_standard_library_writes(value: Any) -> None:
    assert json_document(value) == json.dumps(value, indent=2, ensure_ascii=False) + "\n"


@given(st.dictionaries(st.text(), VALUES, max_size=3))
def test_a_mapping_that_comes_again_is_written_as_any_other(value: dict[str, Any]) -> None:
    again = Repeated(value)
    document = [again, {"a": again, "b": [again]}, again]
    assert json_document(document) == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_types_made_of_others_are_written_as_those() -> None:
    value = [Action.KEEP, OrderedDict(a=(1, "b")), Pair(1, ())]
    assert json_document(value) == json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_how_it_looks() -> None:
    assert json_document({"b": [1, "é"], "a": {}}) == '{\n  "b": [\n    1,\n    "é"\n  ],\n  "a": {}\n}\n'


def test_what_has_no_word_in_json() -> None:
    with pytest.raises(TypeError):
        json_document({1, 2})
