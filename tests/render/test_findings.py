"""Diagnostics as text, JSON and annotations."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from compiler.model.finding import Fix, Mark, Severity
from compiler.model.source import Place, Span
from compiler.render.colour import use_colour
from compiler.render.findings import findings_json, findings_text, summary
from tests.render.diagnostics import diagnostic
from tests.support import ROOT

SCHEMA = json.loads((ROOT / "schemas" / "findings.schema.json").read_text(encoding="utf-8"))
MANIFEST = "\n" * 32 + "    port: 8091:8000\n" + "\n" * 7 + "    port: 8091:8000\n"


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

    def test_what_is_suppressed_is_not_told_and_its_secret_is_not_quoted(self) -> None:
        hidden = diagnostic(Mark("m", Span(1, 4, 1, 7), "", secret=True), message="not told", reason="it is planned")
        text = findings_text([diagnostic(Mark("m", Span(1, 1, 1, 2), "")), hidden], {"m": "a: key"}, colour=False)
        assert text == "error[X001]: wrong\n  --> m:1:1\n   1 | a: ***\n     | ^\n"

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
@given(st.text(max_size=200), SPANS, st.integers(40, 100))
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


class TestJson:
    def test_all_there_is_to_know(self) -> None:
        found = diagnostic(Mark("m", Span(1, 2, 3, 4), "t"), Mark("n", None, ""), help="h")
        assert json.loads(findings_json([found])) == {
            "schema_version": 1,
            "summary": {"error": 1, "warning": 0, "note": 0, "suppressed": 0},
            "diagnostics": [
                {
                    "code": "X001",
                    "name": "x",
                    "severity": "error",
                    "subject": "s",
                    "message": "wrong",
                    "help": "h",
                    "fixable": False,
                    "suppressed": None,
                    "marks": [
                        {"path": "m", "line": 1, "column": 2, "end_line": 3, "end_column": 4, "text": "t"},
                        {"path": "n", "line": None, "column": None, "end_line": None, "end_column": None, "text": ""},
                    ],
                }
            ],
        }

    def test_what_is_suppressed_is_told_with_its_reason_and_counted_apart(self) -> None:
        report = json.loads(findings_json([diagnostic(reason="it is planned"), diagnostic()]))
        assert [each["suppressed"] for each in report["diagnostics"]] == ["it is planned", None]
        assert report["summary"] == {"error": 1, "warning": 0, "note": 0, "suppressed": 1}

    def test_what_can_be_fixed_says_so(self) -> None:
        fix = Fix(Place("m"), "a", "b")
        assert [each["fixable"] for each in json.loads(findings_json([diagnostic(fix=fix)]))["diagnostics"]] == [True]

    @pytest.mark.parametrize("marks", [(), (Mark("m", Span(1, 2, 3, 4), "t"), Mark("n", None, ""))])
    @pytest.mark.parametrize("reason", ["", "it is planned"])
    def test_it_is_what_its_schema_says(self, marks: tuple[Mark, ...], reason: str) -> None:
        report = json.loads(findings_json([diagnostic(*marks, reason=reason, severity=Severity.NOTE)]))
        assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(report)] == []

    def test_the_schema_knows_every_key_and_no_other(self) -> None:
        Draft7Validator.check_schema(SCHEMA)
        report = json.loads(findings_json([diagnostic(Mark("m", None, ""))]))
        parts = [report, report["summary"], report["diagnostics"][0], report["diagnostics"][0]["marks"][0]]
        defined = SCHEMA["definitions"]
        schemas = [SCHEMA, SCHEMA["properties"]["summary"], defined["diagnostic"], defined["mark"]]
        for part, schema in zip(parts, schemas, strict=True):
            assert list(part) == list(schema["properties"]) == schema["required"]
            assert not schema["additionalProperties"]


class TestSummary:
    @pytest.mark.parametrize(
        ("severities", "expected"),
        [
            ([], "no findings"),
            ([Severity.ERROR], "1 error"),
            ([Severity.WARNING, Severity.ERROR, Severity.ERROR], "2 errors, 1 warning"),
            ([Severity.NOTE, Severity.NOTE], "2 notes"),
        ],
    )
    def test_counts(self, severities: list[Severity], expected: str) -> None:
        assert summary([diagnostic(severity=each) for each in severities]) == expected

    def test_what_is_suppressed_counts_for_nothing(self) -> None:
        assert summary([diagnostic(reason="it is planned")]) == "no findings"


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
