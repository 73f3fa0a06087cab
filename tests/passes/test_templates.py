from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.model.value import Reference, SecretOf, Template, Variable, literal
from compiler.passes.templates import read_template


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("${auth.url}", (Reference("auth", ("url",)),)),
        ("${postgres.app.url}?x=1", (Reference("postgres", ("app", "url")), "?x=1")),
        ("${auth-service.admin.url}", (Reference("auth-service", ("admin", "url")),)),
        ("${gateway.public_url}/in", (Reference("gateway", ("public_url",)), "/in")),
        ("${secrets.TOKEN}", (SecretOf("TOKEN"),)),
        ("a${secrets.A}b${secrets.B}c", ("a", SecretOf("A"), "b", SecretOf("B"), "c")),
        ("${VAR}", (Variable("VAR"),)),
        ("${VAR:-}", (Variable("VAR", ""),)),
        ("${VAR:-a b:c}", (Variable("VAR", "a b:c"),)),
        ("${VAR:?say what}", (Variable("VAR", None, "say what"),)),
        ("$$", ("$",)),
        ("$${auth.url}", ("${auth.url}",)),
        ("$$$$", ("$$",)),
        ("$HOME costs $5 $", ("$HOME costs $5 $",)),
        ("}{ {}", ("}{ {}",)),
    ],
)
def test_the_pieces_of_a_text(text: str, expected: Template) -> None:
    assert read_template(text) == (expected, ())


@pytest.mark.parametrize(
    "text",
    ["${}", "${", "${auth", "${Auth.url}", "${auth.}", "${auth..url}", "${ X}", "${X-default}", "${X:+other}", "${é}"],
)
def test_a_hole_without_meaning_is_kept_and_noted(text: str) -> None:
    template, malformed = read_template(f"a {text}")
    assert template == ("a ",)
    assert [wrong.text for wrong in malformed] == [text]


def test_more_than_one_output_of_the_secrets_is_a_reference_to_something_unknown() -> None:
    assert read_template("${secrets.A.b}")[0] == (Reference("secrets", ("A", "b")),)


@given(st.text())
def test_a_doubled_dollar_is_always_one_dollar(text: str) -> None:
    template, malformed = read_template(text.replace("$", "$$"))
    assert malformed == ()
    assert literal(template) == text


def test_a_text_with_a_hole_is_not_literal() -> None:
    assert literal(("a", Variable("X"))) is None
    assert literal(()) == ""
