from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.text.commands import asked_commands, commands_of, needed_programs, program_of


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", []),
        ("a b", [("a", "b")]),
        ("a && b || c; d | e", [("a",), ("b",), ("c",), ("d",), ("e",)]),
        ("a > /dev/null 2>&1 || exit 1", [("a",), ("exit", "1")]),
        ("a 'b; c' \"d && e\"", [("a", "b; c", "d && e")]),
        ("a \\\n  b", [("a", "b")]),
        ("a\nb", [("a",), ("b",)]),
        ("a 'b", []),
        ("X=1 a", [("X=1", "a")]),
    ],
)
def test_the_commands_of_a_text(script: str, expected: list[tuple[str, ...]]) -> None:
    assert [command.words for command in commands_of(script)] == expected


def test_what_stands_around_a_command() -> None:
    assert [(one.before, one.after) for one in commands_of("a && b | c")] == [("", "&&"), ("&&", "|"), ("|", "")]


@pytest.mark.parametrize(
    ("words", "program"),
    [
        (["a"], "a"),
        (["/usr/bin/a", "b"], "a"),
        (["/opt/a"], ""),
        (["./a"], ""),
        (["X=1", "exec", "env", "Y=2", "a"], "a"),
        (["timeout", "-s", "9", "a"], "a"),
        (["timeout", "3", "a", "--b"], "a"),
        (["X=1"], ""),
        ([], ""),
        (["a\0"], ""),
    ],
)
def test_which_program_is_run(words: list[str], program: str) -> None:
    assert program_of(words) == program


@pytest.mark.parametrize(
    ("words", "shell", "expected"),
    [
        (["a b"], True, ("sh", "a")),
        (["a && b"], True, ("sh", "a", "b")),
        (["a || exit 1"], True, ("sh", "a")),
        (["a || b"], True, ("sh",)),
        (["a || b && c"], True, ("sh", "c")),
        (["a | b"], True, ("sh", "a", "b")),
        (["a; b"], True, ("sh", "b")),
        (["! a"], True, ("sh",)),
        (["if a; then b; fi"], True, ("sh",)),
        (["(a) && b"], True, ("sh",)),
        (["a", "b"], False, ("a",)),
        (["sh", "-c", "a && b"], False, ("sh", "a", "b")),
        (["bash", "-ec", "a"], False, ("bash", "a")),
        (["sh", "a.sh"], False, ("sh",)),
        ([], False, ()),
        ([], True, ("sh",)),
    ],
)
def test_what_must_be_there(words: list[str], shell: bool, expected: tuple[str, ...]) -> None:
    assert needed_programs(words, shell=shell) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abc-=/'\"\\$`;&|()<>{}! \n\t\0", max_size=20), max_size=4), st.booleans())
def test_any_words_are_read(words: list[str], shell: bool) -> None:
    needed_programs(words, shell=shell)
    for command in asked_commands(words, shell=shell):
        assert command.words
        assert command.program in "/".join(command.words)
