"""Diagnostics as SARIF 2.1.0, the OASIS standard that code scanning reads."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from compiler import __version__
from compiler.model.finding import Severity
from compiler.render.findings import in_order
from compiler.render.pages import rule_page_markdown
from compiler.rules import all_rules
from compiler.rules.page import page
from compiler.text.digest import digest_of
from compiler.text.display import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compiler.model.finding import Diagnostic, Mark
    from compiler.model.source import Span
    from compiler.rules.rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "periplusSubject/v1"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def findings_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics in order of place as one run; what the manifest suppresses is there, with its reason.

    Lines and columns are 1-based, ends exclusive, counted in code points.
    """
    ordered = in_order(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in ordered})
    rules = {rule.code: rule for rule in all_rules()}
    driver = {
        "name": "periplus",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rules[code]) for code in codes],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": _results(ordered, codes)}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> Mapping[str, object]:
    read = page(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": f"{read.title}."},
        "fullDescription": {"text": read.text},
        "help": {"text": f"{read.title}.\n\n{read.text}", "markdown": rule_page_markdown(rule, read)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _results(ordered: Sequence[Diagnostic], codes: Sequence[str]) -> list[Mapping[str, object]]:
    seen: Counter[str] = Counter()
    results = []
    for diagnostic in ordered:
        fingerprint = _fingerprint(diagnostic)
        seen[fingerprint] += 1
        again = f":{seen[fingerprint]}" if seen[fingerprint] > 1 else ""
        results.append(_result(diagnostic, codes.index(diagnostic.code), f"{fingerprint}{again}"))
    return results


def _result(diagnostic: Diagnostic, rule: int, fingerprint: str) -> Mapping[str, object]:
    first, others = diagnostic.marks[:1], diagnostic.marks[1:]
    lines = [diagnostic.message, *diagnostic.help.rstrip().split("\n")]
    suppressed = [{"kind": "inSource", "justification": escaped(diagnostic.reason)}] if diagnostic.reason else []
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join(map(escaped, filter(None, lines)))},
        "locations": [_location(mark) for mark in first],
        "relatedLocations": [{"id": number, **_location(mark)} for number, mark in enumerate(others, start=1)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "suppressions": suppressed,  # with one result all have it, says the standard in 3.27.23
    }


def _fingerprint(diagnostic: Diagnostic) -> str:
    """The same for the same mistake wherever its line moves to."""
    path = diagnostic.marks[0].path if diagnostic.marks else ""
    text = f"{diagnostic.code}\0{path}\0{diagnostic.subject}"
    return digest_of([text.encode("utf-8", "surrogatepass")])[:32]


def _location(mark: Mark) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(mark.path), "uriBaseId": _ROOT}}
    if mark.span is not None:
        physical["region"] = _region(mark.span)
    located: dict[str, object] = {"physicalLocation": physical}
    return located | ({"message": {"text": escaped(mark.text)}} if mark.text else {})


def _region(span: Span) -> Mapping[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogatepass"))
