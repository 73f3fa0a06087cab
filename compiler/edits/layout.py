"""How a manifest is laid out: which lines belong to what, how deep things are indented."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from compiler.edits.edit_error import EditError
from compiler.text.lines import lines_of
from compiler.text.regex import regex
from compiler.text.splice import line_bounds, offset_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.source import Document, Route, Span

Value = str | list["Value"] | dict[str, "Value"]
"""What stands in a manifest: texts all the way down."""

_COLON = regex(r"[ \t]*:")
_EXPLICIT = regex(r"(?:.*[ \t])?\?[ \t]+")
_STEP = 2


class Layout:
    """Lines are 1-based, columns and offsets count from 0."""

    def __init__(self, document: Document, value: Value) -> None:
        """The layout of a document and the value it was parsed to."""
        self.document = document
        self.text = document.text
        self.value = value
        self.lines = lines_of(document.text)
        self._starts, self._ends = line_bounds(document.text)
        self._covered = frozenset(self._lines_covered())
        self.newline = self._newline()
        self.step = self._step()
        self.dash_step = self._dash_step()

    def at(self, route: Route) -> Value:
        """What stands at a route."""
        value = self.value
        for step in route:
            value = value[step]  # type: ignore[index]
        return value

    def start(self, span: Span) -> int:
        """Where a span starts."""
        return offset_of(self.text, span.line, span.column)

    def end(self, span: Span) -> int:
        """Where a span ends."""
        return offset_of(self.text, span.end_line, span.end_column)

    def line_start(self, line: int) -> int:
        """Where a line starts."""
        return self._starts[line - 1]

    def line_end(self, line: int) -> int:
        """Where a line ends, before its break."""
        return self._ends[line - 1]

    def after_colon(self, route: Route) -> int:
        """Where the value of a key may begin."""
        end = self.end(self.document.keys[route])
        found = _COLON.match(self.text, end)
        if found is None:
            message = "a key that is written with `?` cannot be edited: write `key: value`"
            raise EditError(message)
        return found.end()

    def entry(self, route: Route) -> int:
        """Where an entry begins: its key, or the dash of an item."""
        if isinstance(route[-1], str):
            start = self.start(self.document.keys[route])
            if _EXPLICIT.fullmatch(self.text, self._starts[self.document.keys[route].line - 1], start):
                message = "a key that is written with `?` cannot be edited: write `key: value`"
                raise EditError(message)
            return start
        return self._dash(route)

    def column(self, offset: int) -> int:
        """The column of an offset."""
        return offset - self.line_start(self.line(offset))

    def line(self, offset: int) -> int:
        """The line of an offset."""
        return bisect_right(self._starts, offset)

    def starts_line(self, offset: int) -> bool:
        """Whether nothing but blanks stands before it on its line."""
        return not self.text[self.line_start(self.line(offset)) : offset].strip()

    def children(self, route: Route) -> list[Route]:
        """The routes of the entries of a mapping or list; none for a text."""
        value = self.at(route)
        if isinstance(value, dict):
            return [(*route, name) for name in value]
        return [(*route, index) for index in range(len(value))] if isinstance(value, list) else []

    def first_child(self, route: Route) -> Route:
        """The route of the first entry."""
        value = self.at(route)
        return (*route, next(iter(value)) if isinstance(value, dict) else 0)

    def step_in(self, route: Route) -> int:
        """How much deeper than its keys the mappings within a mapping stand: the dialect wants the same for all."""
        for child in self.children(route):
            value = self.at(child)
            if isinstance(child[-1], str) and isinstance(value, dict) and value:
                first = self.entry(self.children(child)[0])
                return self.column(first) - self.column(self.entry(child))
        return self.step

    def last_line(self, route: Route) -> int:
        """The last line of what stands at a route, blank lines that a text keeps included."""
        children = self.children(route)
        if children:
            return self.last_line(children[-1])
        last = self.document.values[route].end_line
        while self.keeps_blanks(route) and last + 1 in self._covered and not self.lines[last].strip():
            last += 1
        return last

    def block_end(self, route: Route) -> int:
        """The last line of an entry, with the comment lines behind it that are indented deeper than the entry."""
        column, last = self.column(self.entry(route)), self.last_line(route)
        for number in range(last + 1, len(self.lines) + 1):
            if self.is_comment(number) and self.indent(number) > column:
                last = number
            elif not self.is_blank(number):
                break
        return last

    def first_line(self, route: Route) -> int:
        """The first line of an entry, comment lines right above included; what opens the file belongs to the file."""
        entry = self.entry(route)
        own = first = self.line(entry)
        while self.is_comment(first - 1) and self.indent(first - 1) == self.column(entry):
            first -= 1
        return own if first == 1 else first

    def is_comment(self, line: int) -> bool:
        """Whether a line holds nothing but a comment."""
        return 0 < line <= len(self.lines) and line not in self._covered and self.lines[line - 1].lstrip()[:1] == "#"

    def is_blank(self, line: int) -> bool:
        """Whether a line is blank and no part of a text."""
        return 0 < line <= len(self.lines) and line not in self._covered and not self.lines[line - 1].strip()

    def indent(self, line: int) -> int:
        """How deep a line is indented."""
        text = self.lines[line - 1]
        return len(text) - len(text.lstrip())

    def is_block_text(self, route: Route) -> bool:
        """Whether a text is written as a block, with `|` or `>`."""
        value = self.at(route)
        return isinstance(value, str) and self.written(route)[:1] in {"|", ">"}

    def keeps_blanks(self, route: Route) -> bool:
        """Whether the blank lines behind a text belong to it."""
        header = self.written(route).partition("\n")[0].partition("#")[0]
        return self.is_block_text(route) and "+" in header

    def written(self, route: Route) -> str:
        """A text as it is written, quotes included."""
        span = self.document.values[route]
        return self.text[self.start(span) : self.end(span)]

    def is_unfinished(self, route: Route) -> bool:
        """Whether a block text ends with the file, without a line break: one more line would change it."""
        children = self.children(route)
        if children:
            return self.is_unfinished(children[-1])
        return self.is_block_text(route) and self.last_line(route) == len(self.lines)

    def in_block_text(self, line: int) -> bool:
        """Whether a line is part of a text that is written as a block, below its header."""
        return line in self._block_lines

    def is_kept_text(self, line: int) -> bool:
        """Whether a line is part of a text that would take any blank line below for its own."""
        return line in self._kept_lines

    @cached_property
    def _block_lines(self) -> frozenset[int]:
        found = ((self.document.values[route].line, route) for route in self._texts(()) if self.is_block_text(route))
        return frozenset(line for first, route in found for line in range(first + 1, self.last_line(route) + 1))

    @cached_property
    def _kept_lines(self) -> frozenset[int]:
        found = ((self.document.values[route].line, route) for route in self._texts(()) if self.keeps_blanks(route))
        return frozenset(line for first, route in found for line in range(first, self.last_line(route) + 1))

    def _dash(self, route: Route) -> int:
        span = self.document.values[route]
        line = span.line
        before = self.lines[line - 1][: span.column - 1]
        while not before.rstrip().endswith("-"):
            line -= 1
            before = self.lines[line - 1].partition("#")[0]
        return self.line_start(line) + before.rindex("-")

    def _texts(self, route: Route) -> Iterator[Route]:
        children = self.children(route)
        if not children:
            yield route
        for child in children:
            yield from self._texts(child)

    def _lines_covered(self) -> Iterator[int]:
        for span in self.document.keys.values():
            yield span.line
        for route in self._texts(()):
            span = self.document.values[route]
            yield from range(span.line, span.end_line + 1)
            if self.keeps_blanks(route):
                yield from self._blanks_after(span.end_line)

    def _blanks_after(self, line: int) -> Iterator[int]:
        """The blank lines below, without the nothing that follows the last break."""
        while line < len(self.lines) - 1 and not self.lines[line].strip():
            line += 1
            yield line

    def _newline(self) -> str:
        first = self._ends[0]
        return self.text[first : self._starts[1]] if len(self.lines) > 1 else "\n"

    def _step(self) -> int:
        """How much deeper the entries of a mapping stand than its key, mostly."""
        keys = self.document.keys
        steps = Counter(
            span.column - keys[route[:-1]].column for route, span in keys.items() if route[:-1] in keys and span.column
        )
        return max((step for step, _ in steps.most_common(1)), default=_STEP)

    def _dash_step(self) -> int:
        """How much deeper the dashes of a list stand than its key, mostly."""
        keys = self.document.keys
        lists = [route for route in keys if isinstance(self.at(route), list) and self.at(route)]
        steps = Counter(self.column(self._dash((*route, 0))) - (keys[route].column - 1) for route in lists)
        return max((step for step, _ in steps.most_common(1)), default=self.step)
