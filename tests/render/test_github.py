"""Findings as GitHub's workflow commands."""

from __future__ import annotations

import pytest

from compiler.model.finding import Mark, Severity
from compiler.model.source import Span
from compiler.render.github import MOST, findings_github
from tests.render.diagnostics import diagnostic


def test_text_and_properties_are_escaped() -> None:
    found = diagnostic(Mark("a,b:c%", Span(1, 2, 1, 2), ""), Mark("n", None, "why"), message="100%: y", help="do\nit")
    assert findings_github([found]) == (
        "::error file=a%2Cb%3Ac%25,line=1,endLine=1,col=2,endColumn=3,title=X001 x::100%25: y%0An: why%0Ado%0Ait\n"
    )


def test_a_span_over_lines_has_no_end_column() -> None:
    found = diagnostic(Mark("m", Span(1, 2, 3, 4), ""))
    assert findings_github([found]) == "::error file=m,line=1,endLine=3,col=2,title=X001 x::wrong\n"


def test_a_file_that_is_absent_is_named() -> None:
    assert findings_github([diagnostic(Mark("m", None, ""))]) == "::error file=m,title=X001 x::wrong\n"


def test_nothing_in_a_text_can_be_a_command_or_reach_the_log() -> None:
    text = "a\r\n::error::b\x1b[31m\u2028\u202e"
    found = diagnostic(Mark(text, Span(1, 2, 1, 3), text), Mark("n", None, text), message=text, help=text, name=text)
    (line,) = findings_github([found]).splitlines()
    assert line.isprintable()
    assert line.count("::") == 2 + 3 * 2  # ours, and two in message, further place and help, far from the margin
    assert "title=X001 a\\r\\n%3A%3Aerror" in line


def test_the_heaviest_come_first() -> None:
    weights = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
    found = [diagnostic(message=each.value, severity=each) for each in weights]
    assert findings_github(found).splitlines() == [
        "::error title=X001 x::error",
        "::warning title=X001 x::warning",
        "::notice title=X001 x::note",
    ]


@pytest.mark.parametrize(
    ("errors", "warnings", "last"),
    [
        (9, 1, "::warning title=X001 x::wrong"),
        (9, 2, "and 1 warning more: `periplus lint` shows all 11"),
        (12, 3, "and 2 errors, 3 warnings more: `periplus lint` shows all 15"),
    ],
)
def test_ten_are_shown_and_the_rest_is_counted(errors: int, warnings: int, last: str) -> None:
    found = [diagnostic(severity=Severity.WARNING)] * warnings + [diagnostic()] * errors
    lines = findings_github(found).splitlines()
    assert sum(line.startswith("::") for line in lines) == MOST
    assert lines[-1] == last


def test_what_is_suppressed_is_not_shown_and_nothing_is_nothing() -> None:
    assert findings_github([diagnostic(reason="it is planned")]) == ""
