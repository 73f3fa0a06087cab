from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.compose import compose_literal, compose_required, compose_variable

HOLE = re.compile(r"\$\$|\$\{(\w+)(?:(:-|:\?)([^}]*))?\}|(\$)")


def interpolated(text: str, values: dict[str, str]) -> str:
    """What Compose makes of a text, as far as its documentation goes."""

    def value(match: re.Match[str]) -> str:
        assert match[4] is None, f"Compose would refuse the lone dollar of {text!r}"
        return "$" if match[0] == "$$" else values.get(match[1], match[3] if match[2] == ":-" else "")

    return HOLE.sub(value, text)


@given(st.text())
def test_a_literal_is_read_back_as_it_stands(text: str) -> None:
    assert interpolated(compose_literal(text), {}) == text


@given(st.text(), st.text())
def test_a_literal_beside_a_variable(before: str, after: str) -> None:
    written = compose_literal(before) + compose_variable("X") + compose_literal(after)
    assert interpolated(written, {"X": "<>"}) == f"{before}<>{after}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (compose_variable("X"), "${X}"),
        (compose_variable("X", ""), "${X:-}"),
        (compose_variable("X", "a b"), "${X:-a b}"),
        (compose_variable("X", None, "say X"), "${X:?say X}"),
        (compose_required("X"), "${X:?set X in .env, see .env.example}"),
    ],
)
def test_variables(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A\n", "é", "A B"])
def test_what_is_no_variable(name: str) -> None:
    with pytest.raises(ValueError, match="not a variable name"):
        compose_variable(name)


@pytest.mark.parametrize("character", "{}$\n")
def test_what_compose_cannot_escape_in_a_default_or_message(character: str) -> None:
    for arguments in ((f"a{character}", None), (None, f"a{character}")):
        with pytest.raises(ValueError, match="cannot hold braces, dollars or line breaks"):
            compose_variable("X", *arguments)
