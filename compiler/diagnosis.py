"""What is told: the findings of the rules at their places, each once, as heavy as the manifest wants them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from compiler.passes.locate import diagnose
from compiler.rules import all_rules, rules_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.finding import Diagnostic, Finding
    from compiler.model.manifest import Manifest
    from compiler.model.source import SourceMap
    from compiler.passes.judge import Judge
    from compiler.rules.rule import Context, Rule

_MOST = 1000
"""Findings of one rule."""


def diagnosed(context: Context, sources: SourceMap) -> tuple[Diagnostic, ...]:
    """What the rules say, with the place of each finding; of a rule with very much to say, the first of it."""
    return tuple(
        diagnose(rule.code, rule.name, rule.severity, finding, sources)
        for rule in rules_for(context)
        for finding in _first_of(rule, context)
    )


def told_once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each mistake once: in all environments, and, written at one place in `defaults`, for all services."""
    once: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in found:
        first, _, rest = diagnostic.subject.partition("/")
        once.setdefault((diagnostic.code, rest or first, diagnostic.marks[:1]), diagnostic)
    return tuple(once.values())


def judge_of(manifest: Manifest | None) -> Judge | None:
    """None where the manifest says nothing of findings: then no rule is imported that has nothing to say."""
    if manifest is None or manifest.lint is None:
        return None
    from compiler.passes.judge import Code, Judge  # noqa: PLC0415 - start-up

    codes = {rule.code: Code(rule.name, rule.severity, rule.may_be_changed) for rule in all_rules()}
    return Judge(manifest.lint, codes)


def _first_of(rule: Rule, context: Context) -> list[Finding]:
    """As many findings as anybody can read: the time to tell them is bounded, too."""
    found = list(islice(rule.check(context), _MOST + 1))
    if len(found) <= _MOST:
        return found
    *_, last = told = found[:_MOST]
    more = f"there are more of {rule.code}: only the first {_MOST:,} are told"
    return [*told[:-1], last._replace(help=f"{last.help}\n{more}".lstrip("\n"))]
