"""Diagnostics as the workflow commands of GitHub Actions: https://docs.github.com/actions, "Workflow commands"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Severity
from compiler.render.findings import in_order, summary, told
from compiler.text.display import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.finding import Diagnostic, Mark

MOST = 10
"""GitHub shows ten annotations of a level and a step, and drops the others without a word."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_WEIGHTS = list(Severity)


def findings_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command a diagnostic, the heaviest first, at most ten; then a line of the log counts the rest."""
    ordered = sorted(in_order(told(diagnostics)), key=lambda each: _WEIGHTS.index(each.severity))
    commands = "".join(f"{_annotation(diagnostic)}\n" for diagnostic in ordered[:MOST])
    rest = ordered[MOST:]
    return f"{commands}and {summary(rest)} more: `periplus lint` shows all {len(ordered)}\n" if rest else commands


def _annotation(diagnostic: Diagnostic) -> str:
    properties = {**_place(diagnostic), "title": f"{diagnostic.code} {diagnostic.name}"}
    spelled = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_LEVELS[diagnostic.severity]} {spelled}::{_command_text(_paragraph(diagnostic))}"


def _place(diagnostic: Diagnostic) -> dict[str, str]:
    if not diagnostic.marks or not diagnostic.marks[0].path:
        return {}
    path, span = diagnostic.marks[0].path, diagnostic.marks[0].span
    if span is None:
        return {"file": path}
    place = {"file": path, "line": str(span.line), "endLine": str(span.end_line), "col": str(span.column)}
    if span.line == span.end_line:
        place["endColumn"] = str(max(span.end_column, span.column + 1))
    return place


def _paragraph(diagnostic: Diagnostic) -> str:
    """Message, further places and help; what a log or page would obey is escaped."""
    lines = [diagnostic.message, *map(_other, diagnostic.marks[1:]), *diagnostic.help.rstrip().split("\n")]
    return "\n".join(map(escaped, filter(None, lines)))


def _other(mark: Mark) -> str:
    return f"{mark.path}{f':{mark.span.line}:{mark.span.column}' if mark.span else ''}: {mark.text}"


def _command_text(text: str) -> str:
    """Text as GitHub's workflow commands read it (actions/toolkit, `escapeData`)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command_text(escaped(text)).replace(":", "%3A").replace(",", "%2C")
