"""Which line of which template each line of a page was made by: the page, rendered by Jinja2 with marks in it.

A mark (compiler/spell/trace.py) stands before every piece of a template's own text, and before every value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.spell.trace import mark, routes_by_line, strip
from compiler.targets.compose.pages import ROOT, SUFFIX, page_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jinja2.lexer import Token

    from compiler.model.source import Files

TemplateLine = tuple[str, int]
"""A template by its path below the repository's root, and the number of a line in it."""


def page_lines(name: str, context: Mapping[str, object], shipped: Files) -> Mapping[int, TemplateLine]:
    """Line of the page (1-based) -> the line of a template that it begins in. Raises what Jinja2 raises."""
    traced = traced_page(name, context, shipped)
    marked = routes_by_line(traced)
    found: dict[int, TemplateLine] = {}
    at, since = (name + SUFFIX, 1), 0
    for number, line in enumerate(strip(traced).split("\n"), start=1):
        if number in marked:
            at, since = (str(marked[number][0][0]), int(marked[number][0][1])), number
        found[number] = ROOT + at[0], at[1] + (0 if line else number - since)
    return found


def traced_page(name: str, context: Mapping[str, object], shipped: Files) -> str:
    """The page with its marks: without them it is what `render_pages` gives."""
    from jinja2.ext import Extension  # noqa: PLC0415 - start-up
    from jinja2.lexer import TokenStream  # noqa: PLC0415 - start-up

    class Marking(Extension):
        """Puts the marks into what Jinja2 reads."""

        def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
            return _marked(stream)

    environment = page_environment(shipped)
    environment.add_extension(Marking)
    return environment.get_template(name + SUFFIX).render(context)


def _marked(stream: Iterable[Token]) -> Iterator[Token]:
    from jinja2.lexer import Token  # noqa: PLC0415 - start-up

    name = str(getattr(stream, "name", ""))
    for token in stream:
        if token.type == "variable_begin":
            yield Token(token.lineno, "data", mark((name, token.lineno)))
            yield token
        elif token.type == "data":
            lines = token.value.split("\n")
            pieces = (mark((name, number)) + line if line else "" for number, line in enumerate(lines, token.lineno))
            yield Token(token.lineno, "data", "\n".join(pieces))
        else:
            yield token
