"""Every bad manifest of the corpus: exactly its codes, at the places set by hand, its exit code, and nothing written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from compiler.commands.codes import REFUSED, WRONG
from compiler.model.finding import Severity
from compiler.pipeline import OLDER
from compiler.rules import all_rules
from tests.commands.project import everything, periplus, periplus_apart
from tests.hostile.corpus import At, Case, cases
from tests.hostile.made import made
from tests.hostile.running import compiled_case, found

if TYPE_CHECKING:
    from pathlib import Path

    from compiler.pipeline import Compiled

EVERY = (*cases(), *made())
SMALL = [case for case in EVERY if sum(map(len, case.texts.values())) < 100_000]
ELSEWHERE = {
    "dependencies: dev takes a dependency away",
    "ports: a service and an instance on one host port",
    "ports: a registry cut off",
    "settings: a suppression of what cannot be",
}
"""Where a person would point at another place than the program: at the plain text that replaces the reference, at the
port that is written later, at the end of the registry instead of its last line, and at a value instead of its key."""
NEEDS_MORE = {"LOCK004", "OWN001", "OWN002", "OWN003", "OWN004", "OWN005", "OWN006", "OWN008"}
"""What stands in the tree decides: tests/commands, tests/ownership and tests/rules/test_all_rules.py have these."""

by_name = pytest.mark.parametrize("case", EVERY, ids=str)


@cache
def outcome(case_name: str) -> Compiled:
    """What comes of a case, compiled once."""
    return compiled_case(next(case for case in EVERY if str(case) == case_name))


def told(case: Case) -> list[tuple[str, At]]:
    """The findings that count: every error, and what the case names."""
    compiled = outcome(str(case))
    weights = {rule.code: rule.severity for rule in all_rules()}
    named = {code for code, _ in case.findings}
    return [(code, at) for code, at in found(compiled) if code in named or weights.get(code) is Severity.ERROR]


@by_name
def test_it_is_told_by_its_codes_and_no_others_and_nothing_is_written(case: Case) -> None:
    assert sorted(code for code, _ in told(case)) == sorted(code for code, _ in case.findings)
    compiled = outcome(str(case))
    is_refused = compiled.is_refused
    assert not compiled.tree or is_refused
    assert (REFUSED if is_refused else WRONG) == case.exit_code


def test_there_are_enough_and_each_has_its_own_name() -> None:
    assert len(EVERY) >= 170
    assert len({str(case) for case in EVERY}) == len(EVERY)


def test_the_places_are_those_that_a_person_would_point_at() -> None:
    wrong = {str(case) for case in EVERY if told(case) != sorted_by_place(case)}
    assert wrong == ELSEWHERE
    assert len(wrong) <= 0.02 * len(EVERY)


def sorted_by_place(case: Case) -> list[tuple[str, At]]:
    """The findings as `told` gives them."""
    ordered = sorted(case.findings, key=lambda finding: (finding[1], finding[0]))
    return [(code, at) for code, at in ordered]


@pytest.mark.parametrize("case", [case for case in EVERY if case.related and str(case) not in ELSEWHERE], ids=str)
def test_the_related_places_are_pointed_at_and_labelled(case: Case) -> None:
    others = [mark for each in outcome(str(case)).diagnostics for mark in each.marks[1:] if mark.span]
    assert {(mark.path, mark.span.line, mark.span.column) for mark in others if mark.span} == {
        *map(tuple, case.related)
    }
    assert all(mark.text for mark in others)


def test_every_error_is_in_the_corpus() -> None:
    errors = {rule.code for rule in all_rules() if rule.severity is Severity.ERROR}
    assert errors - NEEDS_MORE - {OLDER} - {code for case in EVERY for code, _ in case.findings} == set()


@pytest.mark.slow
@pytest.mark.parametrize("case", SMALL, ids=str)
def test_the_command_says_so_and_touches_nothing(case: Case, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for path, content in case.texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    before = everything(tmp_path)
    number = EVERY.index(case)
    run = periplus_apart if number % 4 == 0 else periplus  # a process of its own takes longest
    outcome = run(tmp_path, "compile", "integration.yaml")
    assert everything(tmp_path) == before
    assert (outcome.code, outcome.out) == (case.exit_code, "")
    assert "Traceback" not in outcome.err
    for code, at in case.findings:
        assert f"[{code}]" in outcome.err
        if str(case) not in ELSEWHERE and at.line:
            assert f"--> {at.path}:{at.line}:{at.column}\n" in outcome.err
