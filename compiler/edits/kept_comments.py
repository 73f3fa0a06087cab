"""What is taken out leaves the comments around and inside it: nobody can know what else they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.edits.edit_error import EditError
from compiler.text.splice import Splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compiler.edits.layout import Layout


def without_comments(layout: Layout, removals: Iterable[Splice]) -> Iterator[Splice]:
    """The splices without the lines that hold nothing but a comment, and the blank ones right above those.

    Raises EditError where a comment that stays would become a part of the text before it.
    """
    for removal in removals:
        kept = [] if removal.text else list(_kept_lines(layout, removal))
        is_behind_break = removal.start == layout.line_end(layout.line(removal.start))
        if kept and not is_behind_break and not layout.starts_line(removal.start):
            message = "a comment stands inside what is to be removed: remove it by hand"
            raise EditError(message)
        if kept and layout.in_block_text(_line_before(layout, removal)):
            message = "a comment would become a part of the text above it: remove it by hand"
            raise EditError(message)
        start = removal.start
        for line in kept:
            begin = layout.line_end(line - 1) if is_behind_break else layout.line_start(line)
            end = layout.line_end(line) if is_behind_break else layout.line_start(line + 1)
            if start < begin:
                yield Splice(start, begin, "")
            start = end
        if start < removal.end or not kept:
            yield removal._replace(start=start)


def _kept_lines(layout: Layout, removal: Splice) -> Iterator[int]:
    first, last = layout.line(removal.start), layout.line(removal.end)
    blanks: list[int] = []
    for line in range(first, last + 1):
        is_inside = removal.start <= layout.line_start(line) and layout.line_end(line) <= removal.end
        if is_inside and layout.is_comment(line):
            yield from (*blanks, line)
        blanks = [*blanks, line] if is_inside and layout.is_blank(line) else []


def _line_before(layout: Layout, removal: Splice) -> int:
    line = layout.line(removal.start)
    while layout.is_blank(line):
        line -= 1
    return line
