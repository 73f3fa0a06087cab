from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.edits.edit_error import EditError
from compiler.edits.scalar import key, literal, scalar
from compiler.passes.parse import parse
from tests.edits.manuscripts import HOSTILE, PLAIN, TEXTS

WRITTEN = st.sampled_from(["", "plain", "'single'", '"double"'])


def read(text: str) -> object:
    return parse(text.encode(), "m").value


@given(TEXTS, WRITTEN)
def test_a_scalar_is_read_back(text: str, written: str) -> None:
    assert read(f"a: {scalar(text, written)}  # why\nb:\n  - {scalar(text, written)}\n") == {"a": text, "b": [text]}


@given(TEXTS)
def test_a_key_is_read_back(text: str) -> None:
    assert read(f"{key(text)}: x\n") == {text: "x"}


@pytest.mark.parametrize("text", PLAIN)
def test_what_needs_no_quotes_has_none(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_needs_quotes_has_them(text: str) -> None:
    assert scalar(text) != text or text in {"it's", 'say "x"'}


def test_quotes_stay() -> None:
    assert [scalar("it's", written) for written in ("x", "'x'", '"x"')] == ["it's", "'it''s'", '"it\'s"']


def test_a_key_that_would_merge_is_quoted() -> None:
    assert key("<<") == '"<<"'


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_what_no_manifest_can_say_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        scalar(text)


@given(TEXTS)
def test_a_literal_block_is_read_back_where_there_is_one(text: str) -> None:
    lines = literal(text, 2)
    if lines is not None:
        assert read("a: " + "\n".join(lines) + "\n") == {"a": text}
