"""Wishes about a manifest, and the splices that make them true while every other line stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.edits.block import block, entries, items
from compiler.edits.edit_error import EditError
from compiler.edits.layout import Layout, Value
from compiler.edits.scalar import literal, scalar
from compiler.edits.wishes import Exactly, Wanted, Wish, Within, built, check_steps, gathered, grown, new_value, spelled
from compiler.text.named import NamedTuple
from compiler.text.splice import Splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compiler.model.source import Document, Route


def edit(document: Document, value: Value, wishes: Iterable[Wish]) -> tuple[Splice, ...]:
    """The splices to the document's text; `value` is what `document` was parsed to.

    A scalar keeps its quotes, comments stay with what they explain, and what is removed goes with the comment lines
    right above it. Raises EditError for wishes that contradict each other or that this text cannot take.
    """
    splices: list[Splice] = []
    _Editor(Layout(document, value), splices).visit((), gathered(wishes))
    return tuple(_apart(splices))


def _apart(splices: list[Splice]) -> Iterator[Splice]:
    """The splices in their order; a blank line that two removals take is taken once."""
    position = 0
    for splice in sorted(splices, key=lambda splice: splice[:2]):
        is_clipped = not splice.text and splice.start < position
        yield splice._replace(start=min(position, splice.end)) if is_clipped else splice
        position = max(position, splice.end)


class _Editor(NamedTuple):
    layout: Layout
    splices: list[Splice]

    def visit(self, route: Route, wanted: Wanted) -> None:
        """What is wanted at a route where something stands; deeper insertions come before shallower ones."""
        if isinstance(wanted, Exactly):
            self._set(route, wanted.value)
            return
        value = self.layout.at(route)
        if value == "":
            found = built(wanted)
            if found:
                self._rewrite(route, found)
            return
        if isinstance(value, str):
            message = f"`{spelled(route)}` is a text, with nothing inside to change"
            raise EditError(message)
        self._within(route, value, wanted)

    def _within(self, route: Route, value: dict[str, Value] | list[Value], wanted: Within) -> None:
        children = self.layout.children(route)
        gone = [child for child in children if wanted.steps.get(child[-1]) == Exactly(None)]
        kept = [child for child in children if wanted.steps.get(child[-1]) != Exactly(None)]
        for child in kept:
            if child[-1] in wanted.steps:
                self.visit(child, wanted.steps[child[-1]])
        known = set(children)
        added = {step: new_value(inner) for step, inner in wanted.steps.items() if (*route, step) not in known}
        added = {step: new for step, new in added.items() if new is not None}
        check_steps(route, value, added)
        new: Value = {str(step): new for step, new in added.items() if new is not None}
        if isinstance(value, list):
            new = [new for new in added.values() if new is not None]
        if not kept:
            self._empty(route, new)
            return
        self._remove(gone, kept)
        if new:
            self._add(route, kept, new)

    def _set(self, route: Route, new: Value | None) -> None:
        old = self.layout.at(route)
        if new == old or new is None:
            return
        if isinstance(old, dict) and isinstance(new, dict) and old and new:
            gone: dict[str | int, Wanted] = {name: Exactly(None) for name in old if name not in new}
            self._within(route, old, Within({**gone, **{name: Exactly(inner) for name, inner in new.items()}}))
        elif isinstance(old, list) and isinstance(new, list) and grown(old, new) is not None:
            self._within(route, old, Within(grown(old, new) or {}))
        else:
            self._rewrite(route, new)

    def _empty(self, route: Route, new: Value) -> None:
        """Everything inside goes; what is new takes its place."""
        children, layout = self.layout.children(route), self.layout
        start = layout.entry(children[0])
        if not route:
            self._rewrite_all(children, new)
        elif not layout.starts_line(start):
            self._rewrite(route, new)
        else:
            for child in children:
                self.splices.extend(self._removal(child, is_all=True))
            lines = _indented(block(new, layout.step, layout.dash_step), layout.column(start)) if new else []
            at = layout.line_end(layout.block_end(children[-1]))
            self.splices.append(Splice(at, at, "".join(layout.newline + line for line in lines)))

    def _rewrite_all(self, children: list[Route], new: Value) -> None:
        if not new:
            message = "nothing would be left of the manifest"
            raise EditError(message)
        layout = self.layout
        lines = _indented(block(new, layout.step, layout.dash_step), layout.column(layout.entry(children[0])))
        end = layout.line_end(layout.last_line(children[-1]))
        self.splices.append(Splice(layout.line_start(layout.first_line(children[0])), end, layout.newline.join(lines)))

    def _remove(self, gone: list[Route], kept: list[Route]) -> None:
        """Entries of one mapping or list go, in their order."""
        layout = self.layout
        if gone and not layout.starts_line(layout.entry(gone[0])):
            gone = self._pull_up(gone, kept[0])
        for child in gone:
            self.splices.extend(self._removal(child))

    def _removal(self, route: Route, *, is_all: bool = False) -> tuple[Splice, ...]:
        """The lines of an entry, and the blank ones behind them: what is added may have to stand between.

        With `is_all` the entries beside it go, too; the blank lines behind the last part it from what follows.
        """
        layout = self.layout
        first, last = layout.first_line(route), layout.block_end(route)
        blanks, end_of_file = last, len(layout.lines)
        while layout.is_blank(blanks + 1) and blanks + 1 < end_of_file:
            blanks += 1
        is_first = route == layout.first_child(route[:-1])
        is_end = is_all and route == layout.children(route[:-1])[-1]
        parted = is_first or first == 1 or layout.is_blank(first - 1) or layout.is_kept_text(first - 1)
        if is_end or not parted:
            blanks = last
        if first == 1:
            return (Splice(0, layout.line_start(blanks + 1) if blanks < end_of_file else len(layout.text), ""),)
        if not is_all and all(layout.is_blank(number) for number in range(blanks + 1, end_of_file + 1)):
            while layout.is_blank(first - 1):
                first -= 1
        begin, end = layout.line_end(first - 1), layout.line_end(last)
        if not is_all and end == len(layout.text) and layout.in_block_text(first - 1):
            begin = layout.line_start(first)
        return Splice(begin, end, ""), Splice(end, layout.line_end(blanks), "")

    def _pull_up(self, gone: list[Route], first: Route) -> list[Route]:
        """The entries behind a dash go, the first that is kept takes their place; gives back those still to remove."""
        layout, order = self.layout, self.layout.children(first[:-1])
        leading = order[: order.index(first)]
        second, last = layout.entry(first), layout.block_end(leading[-1])
        if not all(layout.is_blank(number) for number in range(last + 1, layout.line(second))):
            message = f"a comment stands between `{spelled(leading[-1])}` and what follows it: remove it by hand"
            raise EditError(message)
        self.splices.append(Splice(layout.entry(leading[0]), second, ""))
        return gone[len(leading) :]

    def _add(self, route: Route, kept: list[Route], new: Value) -> None:
        layout, last = self.layout, kept[-1]
        start = layout.entry(kept[0])
        column = layout.column(start)
        if isinstance(new, list):
            added = items(new, layout.step, layout.dash_step, self._gap(start))
        else:
            steps = (layout.step, layout.dash_step, layout.step_in(route))
            added = entries(new if isinstance(new, dict) else {}, *steps)
        lines = _indented(added, column)
        if layout.is_unfinished(last):
            self._add_before(last, lines, new)
            return
        end = layout.block_end(last)
        at = layout.line_end(end)
        apart = layout.newline if self._are_apart(kept) and not layout.is_kept_text(end) else ""
        self.splices.append(Splice(at, at, apart + "".join(layout.newline + line for line in lines)))

    def _add_before(self, route: Route, lines: list[str], new: Value) -> None:
        if isinstance(new, list):
            message = "the list ends in a text that ends with the file: end the file with a line break"
            raise EditError(message)
        layout = self.layout
        start = layout.entry(route)
        if layout.starts_line(start):
            at = layout.line_start(layout.first_line(route))
            self.splices.append(Splice(at, at, "".join(line + layout.newline for line in lines)))
        else:
            text = layout.newline.join(lines).lstrip(" ") + layout.newline + " " * layout.column(start)
            self.splices.append(Splice(start, start, text))

    def _are_apart(self, kept: list[Route]) -> bool:
        """Whether blank lines stand between the entries of a mapping or list."""
        last = kept[-1]
        return len(kept) > 1 and self.layout.is_blank(self.layout.first_line(last) - 1)

    def _gap(self, dash: int) -> str:
        """What stands between a dash and its item."""
        rest = self.layout.text[dash + 1 : self.layout.line_end(self.layout.line(dash))]
        blanks = len(rest) - len(rest.lstrip(" "))
        return " " * blanks if blanks and rest.strip() and not rest.lstrip().startswith("#") else " "

    def _rewrite(self, route: Route, new: Value) -> None:
        if new == []:
            message = "a manifest cannot say a list without items: remove the key"
            raise EditError(message)
        if self.layout.children(route):
            self._replace_block(route, new)
        elif isinstance(new, str):
            self._replace_text(route, new)
        else:
            self._text_to_block(route, new)

    def _replace_text(self, route: Route, new: str) -> None:
        layout, span = self.layout, self.layout.document.values[route]
        start, end = layout.start(span), layout.end(span)
        if start == end:
            at = self._after_mark(route)
            self.splices.append(Splice(at, at, f" {scalar(new)}"))
            return
        written = layout.written(route)
        if not layout.is_block_text(route):
            self.splices.append(Splice(start, end, scalar(new, written)))
            return
        column = layout.column(layout.entry(route))
        lines = literal(new, column + layout.step) if "\n" in new else None
        if lines is None or layout.is_unfinished(route):
            self.splices.append(Splice(start, end, f"{scalar(new)}{_header_comment(written)}"))
            return
        header = f"{lines[0]}{_header_comment(written)}"
        self.splices.append(Splice(start, end, layout.newline.join([header, *lines[1:]])))

    def _text_to_block(self, route: Route, new: Value) -> None:
        """A text, or nothing, becomes a mapping or list."""
        layout, span = self.layout, self.layout.document.values[route]
        start, end = layout.start(span), layout.end(span)
        if start != end and layout.starts_line(start):
            self.splices.append(Splice(layout.line_end(span.line - 1), end, self._below(route, new)))
            return
        if isinstance(route[-1], int):
            self._rewrite_item(route, new, max(end, self._after_mark(route)))
            return
        mark = self._after_mark(route)
        comment = _header_comment(layout.written(route)) if layout.is_block_text(route) else ""
        self.splices.append(Splice(mark, max(end, mark), comment))
        at = layout.line_end(layout.line(max(end, mark)))
        self.splices.append(Splice(at, at, self._below(route, new)))

    def _rewrite_item(self, route: Route, new: Value, end: int) -> None:
        """What stands behind a dash, up to an offset, becomes something else."""
        layout = self.layout
        dash = self._after_mark(route)
        if isinstance(new, str) or not new:
            self.splices.append(Splice(dash, end, f" {scalar(new)}" if isinstance(new, str) else ""))
            return
        lines = _indented(block(new, layout.step, layout.dash_step), layout.column(dash) + 1)
        text = layout.newline.join(lines).lstrip(" ")
        self.splices.append(Splice(dash, end, f" {text}"))

    def _replace_block(self, route: Route, new: Value) -> None:
        """A mapping or list becomes something else."""
        layout, first = self.layout, self.layout.children(route)[0]
        end = layout.line_end(layout.last_line(route))
        mark = self._after_mark(route)
        if isinstance(route[-1], int) and layout.line(layout.entry(first)) == layout.line(mark):
            self._rewrite_item(route, new, end)
            return
        if isinstance(new, str):
            self.splices.append(Splice(mark, mark, f" {scalar(new)}"))
        below = "" if isinstance(new, str) else self._below(route, new)
        self.splices.append(Splice(layout.line_end(layout.line(mark)), end, below))

    def _below(self, route: Route, new: Value) -> str:
        """The lines of a block below its key or dash, each with the break before it."""
        layout = self.layout
        column = layout.column(layout.entry(route))
        deeper = (
            layout.dash_step
            if isinstance(new, list) and isinstance(route[-1], str)
            else self.layout.step_in(route[:-1])
        )
        lines = _indented(block(new, layout.step, layout.dash_step), column + deeper)
        return "".join(layout.newline + line for line in lines)

    def _after_mark(self, route: Route) -> int:
        """Behind the colon of a key, or the dash of an item."""
        return self.layout.entry(route) + 1 if isinstance(route[-1], int) else self.layout.after_colon(route)


def _indented(lines: list[str], column: int) -> list[str]:
    return [" " * column + line for line in lines]


def _header_comment(written: str) -> str:
    """The comment behind the `|` or `>` of a block text."""
    header = written.splitlines()[0]
    return f"  #{header.partition('#')[2]}" if "#" in header else ""
