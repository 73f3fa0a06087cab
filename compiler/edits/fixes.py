"""The safe answers of findings as splices: a few characters for others, or an entry taken out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from compiler.edits.edit import edit
from compiler.edits.kept_comments import without_comments
from compiler.edits.layout import Layout, Value
from compiler.edits.wishes import Wish
from compiler.model.source import Place
from compiler.text.splice import Splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compiler.model.finding import Fix
    from compiler.model.source import Document, Route, Span

_QUOTES = "'\""


def splices_of(document: Document, value: Value, fixes: Iterable[Fix]) -> tuple[Splice, ...]:
    """The splices to a document's text that make its fixes, each once; `value` is what `document` was parsed to.

    A fix whose text does not stand where it should gives none; comments on lines of their own stay. Raises EditError
    for an entry that cannot be taken out.
    """
    layout = Layout(document, value)
    every = list(dict.fromkeys(fixes))
    gone = _gone(layout, [_route(fix) for fix in every if fix.new is None])
    splices = [splice for fix in every if fix.new is not None for splice in _rewritten(layout, fix, fix.new)]
    removals = tuple(without_comments(layout, edit(document, value, [Wish(route, None) for route in gone])))
    kept = (splice for splice in splices if not any(_overlap(splice, other) for other in removals))
    return tuple(dict.fromkeys((*kept, *removals)))


def without_rivals(fixes: Iterable[Fix]) -> frozenset[Fix]:
    """Without keys of one mapping that would all become the same: nobody knows which of them was meant."""
    every = frozenset(fixes)
    wanted = Counter((_document(fix), _route(fix)[:-1], fix.new) for fix in every if _part(fix) == "key")
    return frozenset(
        fix for fix in every if _part(fix) != "key" or wanted[_document(fix), _route(fix)[:-1], fix.new] == 1
    )


def _document(fix: Fix) -> str:
    return fix.at.document if isinstance(fix.at, Place) else ""


def _route(fix: Fix) -> Route:
    return fix.at.route if isinstance(fix.at, Place) else fix.at


def _part(fix: Fix) -> str:
    return fix.at.part if isinstance(fix.at, Place) else fix.part


def _gone(layout: Layout, routes: list[Route]) -> list[Route]:
    """What goes with the entries: a mapping or list that nothing would be left of goes as a whole."""
    gone = {route for route in routes if route in layout.document.values}
    for route in sorted(gone, key=len, reverse=True):
        above = route[:-1]
        while above and all(child in gone for child in layout.children(above)):
            gone.add(above)
            above = above[:-1]
    return sorted((route for route in gone if not any(route[:n] in gone for n in range(len(route)))), key=str)


def _rewritten(layout: Layout, fix: Fix, new: str) -> Iterator[Splice]:
    route = _route(fix)
    if _part(fix) == "key":
        span = layout.document.keys.get(route)
        is_taken = span is not None and (*route[:-1], new) in layout.document.keys
        if span is not None and not is_taken and _bare(layout, span) == fix.old:
            yield from _replaced(layout, span, fix.old, new)
        return
    for scalar in _texts(layout, route):
        span = layout.document.values[scalar]
        if fix.old in {_bare(layout, span), layout.at(scalar)} or not _is_word(fix.old):
            yield from _replaced(layout, span, fix.old, new)


def _texts(layout: Layout, route: Route) -> Iterator[Route]:
    """The texts at a route, or, where a shorthand stands for it, the one just above."""
    if route not in layout.document.values:
        above = route[:-1]
        if above in layout.document.values and isinstance(layout.at(above), str):
            yield above
        return
    children = layout.children(route)
    for child in children:
        yield from _texts(layout, child)
    if not children:
        yield route


def _replaced(layout: Layout, span: Span, old: str, new: str) -> Iterator[Splice]:
    start, end = layout.start(span), layout.end(span)
    found = layout.text.find(old, start, end)
    while found >= 0:
        yield Splice(found, found + len(old), new)
        found = layout.text.find(old, found + len(old), end)


def _bare(layout: Layout, span: Span) -> str:
    """What stands there, without the quotes around it."""
    text = layout.text[layout.start(span) : layout.end(span)]
    return text[1:-1] if text[:1] in _QUOTES and text[:1] == text[-1:] else text


def _is_word(old: str) -> bool:
    """Whether a text is a name alone: in the midst of another text it may be a part of another name."""
    return all(letter.isalnum() or letter in "-_." for letter in old)


def _overlap(one: Splice, other: Splice) -> bool:
    return one.start < other.end and other.start < one.end
