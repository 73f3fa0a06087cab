"""Lines that are quoted, without the secrets in them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.model.finding import Mark
from compiler.model.source import Span
from compiler.render.excerpt import without_secrets
from compiler.text.lines import lines_of

TEXT = st.text(st.sampled_from("ab \n\r\U0001f511"), max_size=30)
SPAN = st.builds(Span, *(st.integers(1, 8) for _ in range(4)))


@settings(max_examples=60)
@given(text=TEXT, span=SPAN)
def test_outside_the_span_nothing_changes_and_inside_nothing_is_left(text: str, span: Span) -> None:
    hidden = lines_of(without_secrets({"m": text}, [Mark("m", span, "", secret=True)])["m"])
    lines = lines_of(text)
    assert [len(line) for line in hidden] == [len(line) for line in lines]
    first, last = (span.line, span.column), (span.end_line, span.end_column)
    for number, line in enumerate(lines, 1):
        for column, character in enumerate(line, 1):
            inside = first <= (number, column) < last
            shown = hidden[number - 1][column - 1]
            assert shown == ("*" if inside and not character.isspace() else character)


def test_a_document_that_is_not_there_is_no_matter() -> None:
    assert without_secrets({"m": "a"}, [Mark("n", Span(1, 1, 1, 2), ""), Mark("m", None, "")]) == {"m": "a"}
