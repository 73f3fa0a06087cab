"""Findings as SARIF: valid, complete, and the same for the same mistake."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from compiler.model.finding import Diagnostic, Mark, Severity
from compiler.model.source import Span
from compiler.render.sarif import findings_sarif
from compiler.rules import all_rules
from tests.render.diagnostics import diagnostic
from tests.rules.examples import bad
from tests.support import ROOT

PLACE = Mark("integration.yaml", Span(3, 5, 3, 9), "here")


@cache
def judge() -> Draft4Validator:
    schema = json.loads((ROOT / "tests" / "render" / "sarif" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return Draft4Validator(schema, format_checker=FormatChecker())


def log(*diagnostics: Diagnostic) -> Any:
    """The log, which is valid."""
    written = json.loads(findings_sarif(diagnostics))
    assert [error.message for error in judge().iter_errors(written)] == []
    return written


def found(*marks: Mark, code: str = "PORT001", **more: Any) -> Diagnostic:
    return diagnostic(*marks, code=code, name="conflict", **more)


def results(*diagnostics: Diagnostic) -> list[Any]:
    made: list[Any] = log(*diagnostics)["runs"][0]["results"]
    return made


def test_the_schema_is_the_standards_and_refuses_what_is_wrong() -> None:
    assert not judge().is_valid({"version": "2.1.0"})
    assert not judge().is_valid({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]})


def test_nothing_is_a_run_without_results() -> None:
    assert log()["runs"][0]["results"] == []


def test_a_result_says_all_there_is_to_say() -> None:
    (result,) = results(found(PLACE, Mark("b.yaml", None, "there"), help="do this", severity=Severity.WARNING))
    fingerprints = result.pop("partialFingerprints")
    region = {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    at = {"uri": "integration.yaml", "uriBaseId": "%SRCROOT%"}
    assert result == {
        "ruleId": "PORT001",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "wrong\ndo this"},
        "locations": [{"physicalLocation": {"artifactLocation": at, "region": region}, "message": {"text": "here"}}],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {"artifactLocation": {"uri": "b.yaml", "uriBaseId": "%SRCROOT%"}},
                "message": {"text": "there"},
            }
        ],
        "suppressions": [],
    }
    assert [len(each) for each in fingerprints.values()] == [32]


def test_columns_are_code_points_and_rules_bring_their_manual_page() -> None:
    run = log(found(PLACE), found(PLACE, code="PORT002"), found(PLACE))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["PORT001", "PORT002"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [each["ruleId"] for each in run["results"]]
    assert "```yaml" in rules[0]["help"]["markdown"]
    assert rules[0]["defaultConfiguration"] == {"level": "error"}
    assert not any("helpUri" in rule for rule in rules)


def test_a_fingerprint_stays_when_lines_move_and_differs_between_mistakes() -> None:
    moved = PLACE._replace(span=Span(40, 5, 40, 9))
    several = (
        found(PLACE),
        found(moved, message="worded otherwise"),
        found(PLACE, subject="other"),
        found(PLACE._replace(path="b.yaml")),
        found(PLACE, code="PORT002"),
    )
    first, same, *others = [next(iter(results(one)[0]["partialFingerprints"].values())) for one in several]
    assert first == same
    assert len({first, *others}) == 4
    twice = results(found(PLACE), found(PLACE))
    assert len({json.dumps(each["partialFingerprints"]) for each in twice}) == 2


def test_what_is_suppressed_is_there_with_its_reason() -> None:
    one, other = results(found(PLACE, reason="it is planned", subject="a"), found(PLACE, subject="b"))
    assert one["suppressions"] == [{"kind": "inSource", "justification": "it is planned"}]
    assert other["suppressions"] == []


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c#d?.yaml", "a%20b/c%23d%3F.yaml"),
        ("100%.yaml", "100%25.yaml"),
        ("c:x.yaml", "c%3Ax.yaml"),
        ("é.yaml", "%C3%A9.yaml"),
        ("../up.yaml", "../up.yaml"),
        ("\udcff.yaml", "%ED%B3%BF.yaml"),
    ],
)
def test_a_path_is_a_relative_uri(path: str, uri: str) -> None:
    (result,) = results(found(PLACE._replace(path=path)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_controls_are_escaped() -> None:
    (result,) = results(found(PLACE._replace(text="\x1b[2J"), message="a\u202eb", help="c\x07"))
    assert result["message"]["text"] == "a\\u202eb\nc\\x07"
    assert result["locations"][0]["message"]["text"] == "\\x1b[2J"


@pytest.mark.slow
def test_the_findings_of_every_bad_page_are_valid() -> None:
    everything = [found for rule in all_rules() for found in bad(rule).diagnostics]
    assert {each["ruleId"] for each in results(*everything)} == {rule.code for rule in all_rules()}
