"""Lines as YAML counts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compiler.text.lines import lines_of, position_of


def test_only_the_three_line_breaks_break() -> None:
    assert lines_of("a\nb\r\nc\rd\u2028e\x0cf\x85g") == ("a", "b", "c", "d\u2028e\x0cf\x85g")


def test_a_text_has_at_least_one_line() -> None:
    assert lines_of("") == ("",)
    assert lines_of("a\n") == ("a", "")


@given(st.text("a\n日", max_size=30), st.integers(0, 30))
def test_a_position_always_leads_back_to_its_character(text: str, index: int) -> None:
    index = min(index, len(text))
    line, column = position_of(text, index)
    assert sum(len(each) + 1 for each in lines_of(text)[: line - 1]) + column - 1 == index
