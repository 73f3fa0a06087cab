from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.shell import shell_comment, shell_word

WORDS = [
    "",
    "a",
    "a b",
    "'",
    '"',
    "$X",
    "`id`",
    "$(id)",
    "\\",
    "!",
    "*",
    "~",
    "a\nb",
    "-n",
    "é",
    "#",
    ";",
    "&&",
    "'\"'",
]


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_shells_read_every_word_back(shell: str) -> None:
    script = "printf '%s\\0' " + " ".join(shell_word(word) for word in WORDS)
    run = subprocess.run([shell, "-c", script], capture_output=True, check=True)
    assert run.stdout.decode().split("\0")[:-1] == WORDS


@given(st.text(st.characters(exclude_characters="\0")) | st.text("ab1_@%+=:,./-' "))
def test_a_word_is_quoted_as_python_does_and_where_it_begins_with_an_equals_sign(text: str) -> None:
    plain = shlex.quote(text)
    assert shell_word(text) == (f"'{text}'" if plain.startswith("=") else plain)


def test_no_shell_can_carry_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        shell_word("a\0b")


@given(st.text())
def test_a_comment_is_one_line(text: str) -> None:
    assert len(f"#{shell_comment(text)}".splitlines()) == 1
