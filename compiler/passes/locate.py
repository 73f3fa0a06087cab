"""From routes and places to spans: where a finding is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from compiler.model.finding import Diagnostic, Finding, Label, Mark, Severity
from compiler.model.source import Document, Place, Route, SourceMap, Span
from compiler.text.lines import lines_of
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

Part = Literal["key", "value"]

_WORD = regex(r"""[\w.$/-]+|[&*!{\[<]\S*|"(?:[^"\\]|\\.)*"|'[^']*'""")


def locate(sources: SourceMap, at: Route | Place, part: Part = "value") -> tuple[str, Span | None]:
    """Path and span of what stands at a route or place; the nearest thing around it where nothing does.

    The words of a command that is written as one text stand in that text.
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
    marks = tuple(dict.fromkeys(_mark(sources, label) for label in finding.labels))
    fix = finding.fix and finding.fix._replace(at=_placed(sources, finding.fix.at, finding.fix.part))
    return Diagnostic(code, name, severity, finding.subject, finding.message, marks, finding.help, fix)


def _mark(sources: SourceMap, label: Label) -> Mark:
    place = _placed(sources, label.at, label.part)
    path, span = locate(sources, place)
    if span is not None and label.within:
        document = sources.documents[path]
        spans = (span, *_items(document, place.route))
        found = (_narrowed(document.text, one, label.within) for one in spans)
        span = next((one for one in found if one is not None), span)
    if span is not None and label.secret and not place.line:
        span = _beside_key(sources.documents[path], place.route, span)
    return Mark(path, span, label.text, label.secret)


def _items(document: Document, route: Route) -> Iterator[Span]:
    """Where the items of a list stand; nothing for what is none."""
    index = 0
    while (span := document.values.get((*route, index))) is not None:
        yield span
        index += 1


def _beside_key(document: Document, route: Route, span: Span) -> Span:
    """The span; of what stands at its key, a list or mapping, all that is in it, so that a secret is no key."""
    while route and route not in document.values:
        route = route[:-1]
    if document.keys.get(route) != span:
        return span
    size = len(route)
    inner = [one for at, one in document.values.items() if at[:size] == route and one != document.keys.get(at)]
    if not inner:
        return span
    first, last = min(inner), max(inner, key=lambda one: one[2:])
    return Span(*first[:2], *last[2:])


def _narrowed(text: str, span: Span, words: str) -> Span | None:
    """Where the words first stand in a span; None where they do not."""
    lines = lines_of(text)
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        low = span.column - 1 if number == span.line else 0
        high = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
        start = lines[number - 1].find(words, low, high)
        if start >= 0:
            return Span(number, start + 1, number, start + 1 + len(words))
    return None


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
        if nearest and isinstance(route[length], int) and value is not None and value != key:
            return value  # a word of a text
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
