from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.dotenv import dotenv_comment, dotenv_line

SAFE = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="'\\") | st.just(" "))


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("", "K="),
        ("a.b:c/d@e%f+g,h-i", "K=a.b:c/d@e%f+g,h-i"),
        ("a b", "K='a b'"),
        ("$X", "K='$X'"),
        ("a#b", "K='a#b'"),
        ('"', "K='\"'"),
        ("é", "K='é'"),
    ],
)
def test_lines(value: str, line: str) -> None:
    assert dotenv_line("K", value) == line


@given(SAFE)
def test_a_shell_reads_the_value_back(value: str) -> None:
    line = dotenv_line("K", value)
    assert len(line.split("\n")) == 1
    written = line.removeprefix("K=")
    assert "".join(shlex.split(written, comments=False)) == value
    assert written in {value, f"'{value}'"}


@pytest.mark.parametrize("value", ["'", "a\\b", "a\nb", "a\r", "\0", "a\x1b", "\x85", "\xa0a", "\u2028", "\u202e"])
def test_values_on_which_readers_differ(value: str) -> None:
    with pytest.raises(ValueError, match="every reader"):
        dotenv_line("K", value)


@pytest.mark.parametrize("key", ["", "1K", "K-L", "K=L", "K\n", "é"])
def test_bad_keys(key: str) -> None:
    with pytest.raises(ValueError, match="not a variable name"):
        dotenv_line(key, "")


@given(st.text())
def test_a_comment_is_one_line_of_the_same_length(text: str) -> None:
    comment = dotenv_comment(text)
    assert len(comment) == len(text)
    assert len(f"#{comment}".splitlines()) == 1
