"""From routes and places to spans: where a finding is shown."""

from __future__ import annotations

from typing import Literal

from compiler.model.finding import Diagnostic, Finding, Label, Mark, Severity
from compiler.model.source import Document, Place, Route, SourceMap, Span
from compiler.text.lines import lines_of
from compiler.text.regex import regex

Part = Literal["key", "value"]

_WORD = regex(r"""[\w.$/-]+|[&*!{\[<]\S*|"(?:[^"\\]|\\.)*"|'[^']*'""")


def locate(sources: SourceMap, at: Route | Place, part: Part = "value") -> tuple[str, Span | None]:
    """Path and span of what stands at a route or place; the nearest thing around it where nothing does.

    The span is None where the document is absent or empty.
    `part` counts for a route only: a Place says its own.
    """
    place = _placed(sources, at, part)
    document = sources.documents.get(place.document)
    if document is None:
        return place.document, None
    if place.line:
        return place.document, _span_of_line(document, place.line, place.column)
    return place.document, _span_of_route(document, place.route, place.part)


def diagnose(code: str, name: str, severity: Severity, finding: Finding, sources: SourceMap) -> Diagnostic:
    """The finding with its labels brought to their places."""
    marks = tuple(_mark(sources, label) for label in finding.labels)
    fix = finding.fix and finding.fix._replace(at=_placed(sources, finding.fix.at, finding.fix.part))
    return Diagnostic(code, name, severity, finding.subject, finding.message, marks, finding.help, fix)


def _mark(sources: SourceMap, label: Label) -> Mark:
    path, span = locate(sources, label.at, label.part)
    if span is not None and label.within:
        span = _narrowed(sources.documents[path].text, span, label.within)
    return Mark(path, span, label.text, label.secret)


def _narrowed(text: str, span: Span, words: str) -> Span:
    """Where the words first stand in a span; the span itself where they do not."""
    lines = lines_of(text)
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        low = span.column - 1 if number == span.line else 0
        high = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
        start = lines[number - 1].find(words, low, high)
        if start >= 0:
            return Span(number, start + 1, number, start + 1 + len(words))
    return span


def _placed(sources: SourceMap, at: Route | Place, part: Part) -> Place:
    return at if isinstance(at, Place) else _written_at(sources, at, part)


def _written_at(sources: SourceMap, route: Route, part: Part) -> Place:
    for length in range(len(route), -1, -1):
        place = sources.moved.get(route[:length])
        if place is None:
            continue
        rest = route[length:]
        return place._replace(route=(*place.route, *rest), part=part) if rest or part == "key" else place
    return Place(sources.main, route, part)


def _span_of_route(document: Document, route: Route, part: Part) -> Span | None:
    for length in range(len(route), -1, -1):
        prefix = route[:length]
        value, key = document.values.get(prefix), document.keys.get(prefix)
        if value is None and key is None:
            continue
        nearest = length < len(route)
        return key if key is not None and (part == "key" or nearest or value is None) else value
    return None


def _span_of_line(document: Document, line: int, column: int) -> Span | None:
    """The word at the column, or the whole line without the blanks around it for column 0."""
    lines = lines_of(document.text)
    if line > len(lines):
        return None
    text = lines[line - 1]
    if not column:
        start = len(text) - len(text.lstrip()) + 1
        return Span(line, start, line, max(len(text.rstrip()) + 1, start))
    match = _WORD.match(text, column - 1)
    width = len(match.group()) if match else 1
    return Span(line, column, line, column + width)
