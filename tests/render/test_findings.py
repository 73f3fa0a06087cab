"""Diagnostics as text, JSON and annotations."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.model.finding import Diagnostic, Mark, Severity
from compiler.model.source import Span
from compiler.render.colour import use_colour
from compiler.render.findings import findings_github, findings_json, findings_text, summary

MANIFEST = "\n" * 32 + "    port: 8091:8000\n" + "\n" * 7 + "    port: 8091:8000\n"


def diagnostic(*marks: Mark, message: str = "wrong", code: str = "X001", **more: object) -> Diagnostic:
    values: dict[str, object] = {"name": "x", "severity": Severity.ERROR, "subject": "s", "help": "", **more}
    return Diagnostic(code=code, message=message, marks=marks, **values)  # type: ignore[arg-type]


def shown(line: str, span: Span, width: int = 80) -> list[str]:
    """The quoted line and the line of carets."""
    text = findings_text([diagnostic(Mark("m", span, "this"))], {"m": line}, colour=False, width=width)
    return text.split("\n")[2:4]


def underlined(line: str, span: Span, width: int = 80) -> str:
    """What stands above the carets, counted in terminal columns."""
    quoted, carets = shown(line, span, width)
    at, end = carets.index("^"), carets.rindex("^") + 1
    column, found = 0, ""
    for character in quoted:
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
        if at <= column < end or (wide == 0 and at < column <= end):
            found += character
        column += wide
    return found


class TestText:
    def test_the_layout_of_the_design(self) -> None:
        marks = (
            Mark("integration.yaml", Span(41, 5, 41, 9), "taken here"),
            Mark("integration.yaml", Span(33, 5, 33, 9), "already taken"),
        )
        found = diagnostic(
            *marks,
            code="PORT001",
            message="`user-service` and `auth-service` both publish host port 8091",
            help="8093 is the next free port in 8090-8199",
        )
        assert findings_text([found], {"integration.yaml": MANIFEST}, colour=False) == textwrap.dedent("""\
            error[PORT001]: `user-service` and `auth-service` both publish host port 8091
              --> integration.yaml:41:5
               41 |     port: 8091:8000
                  |     ^^^^ taken here
              --> integration.yaml:33:5
               33 |     port: 8091:8000
                  |     ^^^^ already taken
              help: 8093 is the next free port in 8090-8199
            """)

    def test_nothing_for_nothing(self) -> None:
        assert findings_text([], {}, colour=False) == ""

    def test_in_order_of_path_line_column_and_code_with_a_blank_line_between(self) -> None:
        places = [("b", 1, 1, "X1"), ("a", 10, 1, "X1"), ("a", 9, 2, "X2"), ("a", 9, 2, "X1"), ("a", 9, 1, "X3")]
        found = [
            diagnostic(Mark(path, Span(line, column, line, column + 1), ""), code=code)
            for path, line, column, code in places
        ]
        text = findings_text(found, {}, colour=False)
        assert re.findall(r"\[(\w+)\].*\n.*--> (\w+):(\d+):(\d+)", text) == [
            ("X3", "a", "9", "1"),
            ("X1", "a", "9", "2"),
            ("X2", "a", "9", "2"),
            ("X1", "a", "10", "1"),
            ("X1", "b", "1", "1"),
        ]
        assert text.count("\n\n") == 4

    def test_line_numbers_of_one_finding_stand_below_each_other(self) -> None:
        marks = [Mark("m", Span(line, 1, line, 2), "") for line in (9, 10)]
        text = findings_text([diagnostic(*marks)], {"m": "a\n" * 10}, colour=False)
        assert "    9 | a\n      | ^\n" in text
        assert "   10 | a\n      | ^\n" in text

    def test_a_place_without_a_span_or_text(self) -> None:
        found = diagnostic(
            Mark("m", None, "it is empty"), Mark("absent", Span(3, 1, 3, 2), "there"), Mark("m", None, "")
        )
        assert findings_text([found], {"m": ""}, colour=False) == (
            "error[X001]: wrong\n  --> m\n     | it is empty\n  --> absent:3:1\n     | there\n  --> m\n"
        )

    def test_colour_only_adds_escapes(self) -> None:
        found = diagnostic(Mark("m", Span(1, 1, 1, 2), "t"), help="h", severity=Severity.WARNING)
        coloured = findings_text([found], {"m": "a\n"}, colour=True)
        assert "\x1b[1;33mwarning[X001]\x1b[0m" in coloured
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == findings_text([found], {"m": "a\n"}, colour=False)

    def test_help_of_several_lines(self) -> None:
        text = findings_text([diagnostic(help="one\n\ntwo\n")], {}, colour=False)
        assert text == "error[X001]: wrong\n  help: one\n\n        two\n"

    @pytest.mark.parametrize(
        ("line", "span", "expected"),
        [
            ("a: bcd", Span(1, 4, 1, 7), "bcd"),
            ("日本: bcd", Span(1, 5, 1, 8), "bcd"),
            ("a: 日本 c", Span(1, 4, 1, 6), "日本"),
            ("e\u0301\u0301: b", Span(1, 6, 1, 7), "b"),
            ("a: 'x\ty' z", Span(1, 4, 1, 9), "'x    y'"),
            ("a\t b", Span(1, 4, 1, 5), "b"),
            ("a: \u202ex", Span(1, 5, 1, 6), "x"),
            ("a: \x1b[31m x", Span(1, 4, 1, 5), "\\x1b"),
            ("a: 'b", Span(1, 4, 2, 3), "'b"),
            ("a: b\r", Span(1, 4, 1, 5), "b"),
        ],
    )
    def test_carets_stand_under_the_span(self, line: str, span: Span, expected: str) -> None:
        assert underlined(f"{line}\n c'\n", span) == expected

    def test_an_empty_span_has_one_caret(self) -> None:
        assert shown("a:\n", Span(1, 3, 1, 3)) == ["   1 | a:", "     |   ^ this"]

    def test_a_span_beyond_the_line_points_at_its_end(self) -> None:
        assert shown("a:  \n", Span(1, 50, 1, 51)) == ["   1 | a:", "     |   ^ this"]

    def test_an_empty_line(self) -> None:
        assert shown("\n", Span(1, 1, 1, 1)) == ["   1 |", "     | ^ this"]

    def test_a_long_line_is_cut_around_the_span(self) -> None:
        line = "key: " + "x" * 200 + " needle " + "y" * 200
        quoted, carets = shown(line, Span(1, 207, 1, 213), 60)
        assert underlined(line, Span(1, 207, 1, 213), 60) == "needle"
        assert quoted.startswith("   1 | …xxx")
        assert quoted.endswith("y…")
        assert len(quoted) == 60
        assert carets.endswith("^^^^^^ this")

    def test_controls_in_messages_cannot_reach_the_terminal(self) -> None:
        mark = Mark("a\x1b", Span(1, 1, 1, 2), "b\u202e")
        text = findings_text([diagnostic(mark, message="c\x1b[2J\nd", help="e\x07")], {"a\x1b": "f\x1b"}, colour=False)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
        assert text.startswith("error[X001]: c\\x1b[2J\\nd\n")


SPANS = st.builds(Span, st.integers(1, 4), st.integers(1, 60), st.integers(1, 4), st.integers(1, 60))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), SPANS, st.integers(20, 100))
def test_no_line_ever_ends_in_a_blank_or_is_wider_than_asked(text: str, span: Span, width: int) -> None:
    shown_lines = findings_text([diagnostic(Mark("m", span, ""))], {"m": text}, colour=False, width=width).split("\n")
    for line in shown_lines:
        assert line == line.rstrip()
    for line in shown_lines[2:]:
        assert (
            sum(
                1 + (unicodedata.east_asian_width(character) in "WF")
                for character in line
                if not unicodedata.combining(character)
            )
            <= width + 1
        )


class TestFormats:
    def test_json(self) -> None:
        found = diagnostic(Mark("m", Span(1, 2, 3, 4), "t"), Mark("n", None, ""), help="h")
        assert json.loads(findings_json([found])) == {
            "schema_version": 1,
            "summary": {"error": 1, "warning": 0, "note": 0},
            "diagnostics": [
                {
                    "code": "X001",
                    "name": "x",
                    "severity": "error",
                    "subject": "s",
                    "message": "wrong",
                    "help": "h",
                    "marks": [
                        {"path": "m", "line": 1, "column": 2, "end_line": 3, "end_column": 4, "text": "t"},
                        {"path": "n", "line": None, "column": None, "end_line": None, "end_column": None, "text": ""},
                    ],
                }
            ],
        }

    def test_github_escapes_text_and_properties(self) -> None:
        found = diagnostic(
            Mark("a,b:c%", Span(1, 2, 1, 2), ""), Mark("n", None, "why"), message="100%\r\nx: y", help="do"
        )
        assert findings_github([found]) == (
            "::error file=a%2Cb%3Ac%25,line=1,endLine=1,col=2,endColumn=3,title=X001 x"
            "::100%25%0D%0Ax: y%0An: why%0Ado\n"
        )

    def test_github_shows_the_heaviest_first(self) -> None:
        found = [
            diagnostic(message=each.value, severity=each) for each in (Severity.NOTE, Severity.WARNING, Severity.ERROR)
        ]
        assert findings_github(found).splitlines() == [
            "::error title=X001 x::error",
            "::warning title=X001 x::warning",
            "::notice title=X001 x::note",
        ]

    @pytest.mark.parametrize(
        ("severities", "expected"),
        [
            ([], "no findings"),
            ([Severity.ERROR], "1 error"),
            ([Severity.WARNING, Severity.ERROR, Severity.ERROR], "2 errors, 1 warning"),
            ([Severity.NOTE, Severity.NOTE], "2 notes"),
        ],
    )
    def test_summary(self, severities: list[Severity], expected: str) -> None:
        assert summary([diagnostic(severity=each) for each in severities]) == expected


class TestColour:
    @pytest.mark.parametrize(
        ("choice", "environ", "is_tty", "expected"),
        [
            ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
            ("never", {"FORCE_COLOR": "1"}, True, False),
            ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
            ("auto", {"NO_COLOR": ""}, True, True),
            ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
            ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
            ("auto", {"FORCE_COLOR": "0"}, False, False),
            ("auto", {"TERM": "xterm"}, True, True),
            ("auto", {"TERM": "dumb"}, True, False),
            ("auto", {}, True, True),
            ("auto", {}, False, False),
        ],
    )
    def test_who_decides(self, choice: str, environ: dict[str, str], is_tty: bool, expected: bool) -> None:
        assert use_colour(choice, environ, is_tty=is_tty) is expected
