"""What a terminal shows of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compiler.text.display import columns_of, escaped


def test_controls_and_direction_marks_are_shown_as_escapes() -> None:
    assert escaped("a\x1b[31m\t\u202eb\x00\n\u2066\ufeff") == "a\\x1b[31m\\t\\u202eb\\x00\\n\\u2066\\ufeff"


def test_ordinary_text_is_left_alone() -> None:
    assert escaped("naïve 日本 \U0001f600 e\u0301 عربي") == "naïve 日本 \U0001f600 e\u0301 عربي"


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert [columns_of(text) for text in ("abc", "日本", "e\u0301", "\U0001f600", "ｱ", "")] == [3, 4, 1, 2, 1, 0]


@given(st.text())
def test_escaped_text_never_holds_a_control_character(text: str) -> None:
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in escaped(text))
