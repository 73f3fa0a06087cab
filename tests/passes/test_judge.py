"""The manifest's word on findings: what weighs more or less, what is not told, and what of that is idle."""

from __future__ import annotations

import pytest

from compiler.model.finding import Severity
from compiler.pipeline import Compiled
from compiler.rules import all_rules
from compiler.rules.page import page
from compiler.rules.rule import Rule
from tests.support import codes, compile_text, compile_texts

UNUSED = """\
version: 1
name: shop
infrastructure:
  cache:
    type: redis
  queue:
    type: rabbitmq
services:
  web:
    image: nginx:1.27
"""
USED = UNUSED + "    environment:\n      A: ${cache.url}\n      B: ${queue.url}\n"
SECRET = UNUSED.replace("infrastructure:\n  cache:\n    type: redis\n  queue:\n    type: rabbitmq\n", "") + (
    "    environment:\n      API_TOKEN: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c\n"
)


def severity(code: str, weight: str) -> str:
    return f"lint:\n  severities:\n    {code}:\n      severity: {weight}\n      reason: so it is\n"


def suppression(code: str, *subjects: str) -> str:
    entries = [
        f"    - code: {code}\n{f'      subject: {subject!r}' if subject else ''}\n" for subject in subjects or ("",)
    ]
    return "lint:\n  suppressions:\n" + "".join(f"{entry.rstrip()}\n      reason: so it is\n" for entry in entries)


def told(compiled: Compiled) -> list[tuple[str, str]]:
    return sorted((one.code, one.severity.value) for one in compiled.diagnostics)


@pytest.mark.parametrize(
    ("lint", "expected", "is_written"),
    [
        ("", [("DATA002", "warning")] * 2, True),
        (severity("DATA002", "note"), [("DATA002", "note")] * 2, True),
        (severity("DATA002", "error"), [("DATA002", "error")] * 2, False),
        (suppression("DATA002"), [], True),
        (suppression("DATA002", "cache"), [("DATA002", "warning")], True),
        (suppression("DATA002", "cache/unused"), [("DATA002", "warning")], True),
        (suppression("DATA002", "cache", "queue"), [], True),
        (suppression("DATA002", "*/unused"), [], True),
        (suppression("DATA002", "c*e"), [("DATA002", "warning")], True),
        (suppression("DATA002", "c*h*/un*ed"), [("DATA002", "warning")], True),
        (suppression("DATA002", "*"), [], True),
        (suppression("DATA002", "cach"), [("DATA002", "warning")] * 2 + [("LINT003", "warning")], True),
        (suppression("DATA002", "cache/un"), [("DATA002", "warning")] * 2 + [("LINT003", "warning")], True),
        (suppression("DATA002", "c*ache*e"), [("DATA002", "warning")] * 2 + [("LINT003", "warning")], True),
        (
            severity("DATA002", "error") + suppression("DATA002", "queue").removeprefix("lint:\n"),
            [("DATA002", "error")],
            False,
        ),
    ],
)
def test_what_is_told(lint: str, expected: list[tuple[str, str]], *, is_written: bool) -> None:
    compiled = compile_text(UNUSED + lint)
    assert told(compiled) == expected
    assert bool(compiled.tree) == is_written


def test_what_is_not_told_is_kept_with_its_reason() -> None:
    compiled = compile_text(UNUSED + suppression("DATA002", "cache"))
    assert [(one.code, one.subject, one.reason) for one in compiled.suppressed] == [
        ("DATA002", "cache/unused", "so it is")
    ]


def test_a_suppression_changes_nothing_that_is_written() -> None:
    plain, silent = compile_text(UNUSED), compile_text(UNUSED + suppression("DATA002"))
    assert plain.tree == silent.tree
    assert plain.lock_text == silent.lock_text


def test_an_error_that_is_a_judgement_can_be_suppressed_and_lowered() -> None:
    assert told(compile_text(SECRET)) == [("SECRET001", "error")]
    assert told(compile_text(SECRET + severity("SECRET001", "warning"))) == [("SECRET001", "warning")]
    compiled = compile_text(SECRET + suppression("SECRET001", "web"))
    assert told(compiled) == []
    assert compiled.tree


@pytest.mark.parametrize("code", ["REF001", "OWN001", "LOCK006", "LINT003"])
@pytest.mark.parametrize("lint", [suppression, lambda code: severity(code, "note")])
def test_what_cannot_be_changed(code: str, lint: object) -> None:
    assert callable(lint)
    assert codes(compile_text(USED + lint(code))) == ["LINT002"]


def test_what_cannot_be_suppressed_is_told() -> None:
    text = USED.replace("${cache.url}", "${cahce.url}")
    assert codes(compile_text(text + suppression("REF001"))) == ["LINT002", "REF001"]


@pytest.mark.parametrize(
    ("lint", "code", "line"),
    [
        (suppression("DATA002"), "LINT003", 16),
        (suppression("DATA002", "cache"), "LINT003", 16),
        (severity("DATA002", "note"), "LINT003", 16),
        (severity("DATA002", "warning"), "LINT003", 16),
        (severity("SECRET001", "error"), "LINT003", 16),
        (suppression("DATA02"), "LINT001", 16),
        (severity("DATA02", "note"), "LINT001", 16),
    ],
)
def test_where_it_is_wrong(lint: str, code: str, line: int) -> None:
    (found,) = compile_text(USED + lint).diagnostics
    span = found.marks[0].span
    assert (found.code, span.line if span else 0) == (code, line)


def test_what_is_said_twice_is_shown_with_where_it_was_said() -> None:
    compiled = compile_text(UNUSED + suppression("DATA002", "cache", "queue", "cache"))
    (found,) = compiled.diagnostics
    assert (found.code, [mark.span.line for mark in found.marks if mark.span]) == ("LINT004", [19, 13])


@pytest.mark.parametrize(
    ("lint", "expected"),
    [
        (severity("DATA002", "error"), []),
        (suppression("GIT001"), []),
        (suppression("DATA002", "cache", ""), ["LINT003", "LINT004"]),
        (suppression("DATA002", "a", "b"), ["LINT003", "LINT003"]),
    ],
)
def test_what_is_idle_where_nothing_is_found(lint: str, expected: list[str]) -> None:
    assert codes(compile_text(USED + lint)) == expected


def test_a_weight_is_idle_beside_a_suppression_of_all() -> None:
    lint = severity("DATA002", "note") + suppression("DATA002").removeprefix("lint:\n")
    assert codes(compile_text(UNUSED + lint)) == ["LINT004"]


@pytest.mark.parametrize("environment", ["dev", "test", "staging"])
def test_every_environment_is_looked_at(environment: str) -> None:
    text = USED + (
        f"environments:\n  {environment}:\n    services:\n      web:\n        environment:\n"
        "          API_TOKEN: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c\n"
    )
    assert codes(compile_text(text)) == ["SECRET001"]
    assert codes(compile_text(text + suppression("SECRET001", "web/*"))) == []


def test_while_there_are_errors_nobody_knows_what_is_idle() -> None:
    text = USED.replace("${cache.url}", "${cahce.url}")
    assert codes(compile_text(text + suppression("DATA002"))) == ["REF001"]


@pytest.mark.parametrize(
    ("code", "help_text"),
    [
        ("DATA02", "did you mean `DATA002`?"),
        ("data002", "did you mean `DATA002`?"),
        ("DATA-2", "did you mean `DATA002`?"),
        ("DTAA002", "did you mean `DATA002`?"),
        ("unused-infrastructure", "`unused-infrastructure` is what `DATA002` is called"),
        ("INCLUDE099", "there are `INCLUDE001`, `INCLUDE002` and `INCLUDE003`"),
        ("XYZ001", "a code is what a finding shows in brackets, such as `DATA002`"),
        ("everything", "a code is what a finding shows in brackets, such as `DATA002`"),
    ],
)
def test_what_is_said_of_an_unknown_code(code: str, help_text: str) -> None:
    (found,) = compile_text(USED + suppression(code)).diagnostics
    assert (found.code, found.severity, found.help) == ("LINT001", Severity.ERROR, help_text)


@pytest.mark.parametrize(
    ("subject", "help_text"),
    [
        ("cahce", "did you mean the subject `cache`?"),
        ("cache/unsued", "did you mean the subject `cache/unused`?"),
        ("mail", "`DATA002` is found about `cache/unused` and `queue/unused`"),
    ],
)
def test_what_is_said_of_an_unknown_subject(subject: str, help_text: str) -> None:
    compiled = compile_text(UNUSED + suppression("DATA002", subject))
    (found,) = [one for one in compiled.diagnostics if one.code == "LINT003"]
    assert found.help == help_text


def test_a_fragment_says_nothing_of_findings_and_its_own_are_suppressed_from_the_manifest() -> None:
    fragment = "infrastructure:\n  cache:\n    type: redis\n"
    text = "version: 1\nname: shop\ninclude:\n  - more.yaml\nservices:\n  web:\n    image: nginx:1.27\n"
    assert codes(compile_texts({"integration.yaml": text, "more.yaml": fragment})) == ["DATA002"]
    texts = {"integration.yaml": text + suppression("DATA002", "cache"), "more.yaml": fragment}
    assert codes(compile_texts(texts)) == []
    (found,) = compile_texts({"integration.yaml": text, "more.yaml": fragment + suppression("DATA002")}).diagnostics
    assert (found.code, found.help) == (
        "SCHEMA001",
        "a fragment has no `lint`: write it in the manifest that includes the fragment",
    )


@pytest.mark.parametrize(
    ("lint", "code", "subject"),
    [
        ("lint:\n", "SCHEMA002", "lint"),
        ("lint:\n  suppressions:\n    - code: DATA002\n", "SCHEMA004", "lint/suppressions/0/reason"),
        ("lint:\n  suppressions:\n    - code: DATA002\n      reason:\n", "SCHEMA003", "lint/suppressions/0/reason"),
        *(
            (
                f"lint:\n  suppressions:\n    - code: DATA002\n      reason: {reason}\n",
                "SCHEMA003",
                "lint/suppressions/0/reason",
            )
            for reason in ("'  '", ".", "'---'", "x", "n/a", "ok")
        ),
        ("lint:\n  suppressions:\n    - reason: so it is\n", "SCHEMA004", "lint/suppressions/0/code"),
        ("lint:\n  suppressions:\n    - DATA002\n", "SCHEMA002", "lint/suppressions/0"),
        ("lint:\n  severities:\n    DATA002: note\n", "SCHEMA002", "lint/severities/DATA002"),
        ("lint:\n  supressions:\n    - code: DATA002\n      reason: so it is\n", "SCHEMA001", "lint/supressions"),
        (severity("DATA002", "off"), "SCHEMA003", "lint/severities/DATA002/severity"),
        (severity("DATA002", "warn"), "SCHEMA003", "lint/severities/DATA002/severity"),
    ],
)
def test_what_is_written_wrongly_has_a_place(lint: str, code: str, subject: str) -> None:
    (found,) = compile_text(UNUSED + lint).diagnostics
    assert (found.code, found.subject) == (code, subject)
    assert found.marks[0].span is not None


def test_what_is_found_around_the_generated_files_can_be_suppressed_and_need_not_be_found() -> None:
    beside = {"integration/compose.yaml": "services: {}\n", "integration.yaml": USED}
    assert codes(compile_texts(beside)) == ["GIT003"]
    silent = {**beside, "integration.yaml": USED + suppression("GIT003")}
    assert codes(compile_texts(silent)) == []
    assert [one.code for one in compile_texts(silent).suppressed] == ["GIT003"]
    raised = {**beside, "integration.yaml": USED + severity("GIT003", "error")}
    assert told(compile_texts(raised)) == [("GIT003", "error")]
    assert codes(compile_text(USED + suppression("GIT003"))) == []


CHANGED = [rule for rule in all_rules() if rule.may_be_changed]


def insist_that_it_can_be_suppressed(rule: Rule) -> None:
    texts = page(rule).bad
    compiled = compile_texts({**texts, "integration.yaml": texts["integration.yaml"] + suppression(rule.code)})
    assert codes(compiled) == []
    assert {one.code for one in compiled.suppressed} == {rule.code}
    assert compiled.tree


@pytest.mark.parametrize("rule", [rule for rule in CHANGED if rule.is_judgement], ids=lambda rule: rule.code)
def test_what_is_a_judgement_leaves_something_to_compile(rule: Rule) -> None:
    insist_that_it_can_be_suppressed(rule)


@pytest.mark.slow
@pytest.mark.parametrize("rule", CHANGED, ids=lambda rule: rule.code)
def test_whatever_may_be_suppressed_can_be(rule: Rule) -> None:
    insist_that_it_can_be_suppressed(rule)
