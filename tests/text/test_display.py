"""What a terminal shows of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compiler.text.display import columns_of, escaped, folded


def test_controls_and_direction_marks_are_shown_as_escapes() -> None:
    assert escaped("a\x1b[31m\t\u202eb\x00\n\u2066\ufeff") == "a\\x1b[31m\\t\\u202eb\\x00\\n\\u2066\\ufeff"


def test_what_nobody_sees_or_takes_for_a_blank_is_shown_as_an_escape() -> None:
    assert (
        escaped("a\u200d\ufe0f\xad\xa0b\u3164\U000e0041\uffa0") == "a\\u200d\\ufe0f\\xad\\xa0b\\u3164\\U000e0041\\uffa0"
    )


def test_ordinary_text_is_left_alone() -> None:
    assert escaped("naïve 日本 \U0001f600 e\u0301 عربي") == "naïve 日本 \U0001f600 e\u0301 عربي"


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert [columns_of(text) for text in ("abc", "日本", "e\u0301", "\U0001f600", "ｱ", "")] == [3, 4, 1, 2, 1, 0]


@given(st.text())
def test_escaped_text_never_holds_a_control_character(text: str) -> None:
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in escaped(text))


def test_a_decomposed_syllable_takes_the_columns_of_one() -> None:
    assert columns_of("\u1112\u1161\u11ab") == columns_of("한") == 2


def test_a_text_is_folded_at_blanks_and_each_line_but_the_first_is_indented() -> None:
    assert folded("one two three", 7, "  ") == ["one two", "  three"]
    assert folded("one two three", 80) == ["one two three"]
    assert folded("日本 日本 日本", 9) == ["日本 日本", "日本"]
    assert folded("a word-that-is-too-long b", 6) == ["a", "word-that-is-too-long", "b"]
    assert folded("", 6) == [""]


@given(st.text("ab 日", max_size=60), st.integers(1, 20))
def test_folding_loses_nothing(text: str, width: int) -> None:
    assert " ".join(folded(text, width)) == text
