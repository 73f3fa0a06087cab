"""Builds plain values, and a span for each key and value, from a stream of YAML events.

The events of strictyaml's vendored ruamel and of libyaml serve alike: only the names of their classes, `value`,
`style` and the marks are read. Acceptance is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from compiler.model.source import Route, Span
from compiler.text.lines import lines_of
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

_UNSPEAKABLE = regex(r"[\x00\ud800-\udfff]")
_FOLD = "\a"


class TextMark(Protocol):
    """A spot in the text, counted from 0."""

    line: int
    column: int


class Event(Protocol):
    """What a YAML parser says next. `value` and `style` stand on scalars only."""

    value: str
    style: str | None
    start_mark: TextMark
    end_mark: TextMark


class Repeated(NamedTuple):
    """A key that stands twice in one mapping."""

    key: str
    first: Span
    again: Span


class Misuse(NamedTuple):
    """Something strictyaml may accept and a manifest cannot mean: `found` is the text itself."""

    kind: str
    found: str
    at: Span


class Built(NamedTuple):
    """The value (dict, list or str all the way down; None for an empty stream) and where its pieces stand.

    A mapping or list stands at its key; without one, as an item or the whole document, at its first line.
    """

    value: object | None
    keys: dict[Route, Span]
    values: dict[Route, Span]
    repeated: tuple[Repeated, ...]
    misused: tuple[Misuse, ...]


def build(events: Iterable[Event], text: str) -> Built:
    """The value of the first document of a whole event stream over `text`."""
    builder = _Builder(events, lines_of(text))
    value = builder.document()
    return Built(value, builder.keys, builder.values, tuple(builder.repeated), tuple(builder.misused))


class _Builder:
    def __init__(self, events: Iterable[Event], lines: tuple[str, ...]) -> None:
        self._events: Iterator[Event] = iter(events)
        self._lines = lines
        self.keys: dict[Route, Span] = {}
        self.values: dict[Route, Span] = {}
        self.repeated: list[Repeated] = []
        self.misused: list[Misuse] = []

    def document(self) -> object | None:
        for event in self._events:
            name = type(event).__name__
            if name in {"ScalarEvent", "MappingStartEvent", "SequenceStartEvent"}:
                return self._node(event, (), None)
        return None

    def _node(self, event: Event, route: Route, key: Span | None) -> object:
        name = type(event).__name__
        if name == "MappingStartEvent":
            return self._mapping(event, route, key)
        if name == "SequenceStartEvent":
            return self._sequence(event, route, key)
        if name == "AliasEvent":
            return ""
        return self._scalar(event, route, key)

    def _scalar(self, event: Event, route: Route, key: Span | None) -> str:
        span = self._span(event)
        if key is not None and not event.value and (span.line, span.column) == (span.end_line, span.end_column):
            span = Span(key.end_line, key.end_column, key.end_line, key.end_column)
        self.values[route] = span
        return self._words(event, span)

    def _mapping(self, start: Event, route: Route, named: Span | None) -> dict[str, object]:
        value: dict[str, object] = {}
        self.values[route] = named or _point(start)
        for event in self._events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key, span = self._key(event, route)
            here = (*route, key)
            if key in value:
                self.repeated.append(Repeated(key, self.keys[here], span))
            else:
                self.keys[here] = span
            first = not value and not named
            value[key] = self._node(next(self._events), here, span)
            if first:
                self.values[route] = _first_line(span, self.values[here])
        return value

    def _key(self, event: Event, route: Route) -> tuple[str, Span]:
        if type(event).__name__ != "ScalarEvent":
            self._node(event, (*route, ""), None)
            self.misused.append(Misuse("yaml.syntax", "a key that is no text", _point(event)))
            return "", _point(event)
        span = self._span(event)
        key = self._words(event, span)
        if key == "<<" and not event.style:
            self.misused.append(Misuse("yaml.anchor", "<<", span))
        return key, span

    def _sequence(self, start: Event, route: Route, named: Span | None) -> list[object]:
        value: list[object] = []
        dash = _point(start)._replace(end_column=start.start_mark.column + 2)
        self.values[route] = named or dash
        for event in self._events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            here = (*route, len(value))
            value.append(self._node(event, here, None))
            if len(value) == 1 and not named:
                self.values[route] = _first_line(dash, self.values[here])
        return value

    def _words(self, event: Event, span: Span) -> str:
        text = str(event.value)
        if event.style == ">":
            text = text.replace(_FOLD, "")  # ruamel marks folds for its own round trip
        strange = _UNSPEAKABLE.search(text)
        if strange:
            self.misused.append(Misuse("yaml.control-character", strange.group(), span))
        return text

    def _span(self, event: Event) -> Span:
        start, end = event.start_mark, event.end_mark
        if event.style and event.style in "|>":
            return self._block(start, end)
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _block(self, start: TextMark, end: TextMark) -> Span:
        """From the indicator to the last line that is not blank: the end mark stands after the blank ones."""
        last = end.line if end.column else end.line - 1
        while last > start.line and not self._lines[last].strip():
            last -= 1
        end_column = len(self._lines[last].rstrip()) if last > start.line else start.column + 1
        return Span(start.line + 1, start.column + 1, last + 1, end_column + 1)


def _point(event: Event) -> Span:
    mark = event.start_mark
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1)


def _first_line(start: Span, inner: Span) -> Span:
    """From the start of a mapping or list to the end of what follows on the same line."""
    if (inner.line, inner.end_line) == (start.line, start.line):
        return Span(start.line, start.column, start.line, max(inner.end_column, start.end_column))
    return start
