"""Findings as anybody may read them, in a terminal or in the log of a CI: no secret of the manifest is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.text.lines import lines_of
from compiler.text.secrets import hidden, veiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.finding import Diagnostic, Mark
    from compiler.model.source import Span

_SHORTEST = 5
"""A shorter text may be a word of the message."""
_AROUND = " \t&!*[]{}\"',"
_MASK = "***"


def veil(
    told: Sequence[Diagnostic], untold: Sequence[Diagnostic], documents: Mapping[str, str]
) -> tuple[list[Diagnostic], list[Diagnostic], dict[str, str]]:
    """The diagnostics, those that are suppressed, and the texts by path, with asterisks in place of secrets.

    In the texts no line or column moves.
    """
    known = sorted(_secrets_in((*told, *untold), documents), key=len, reverse=True)
    hiding = ([_veiled(each, known) for each in diagnostics] for diagnostics in (told, untold))
    return next(hiding), next(hiding), {path: veiled(text) for path, text in documents.items()}


def _secrets_in(diagnostics: Iterable[Diagnostic], documents: Mapping[str, str]) -> frozenset[str]:
    """The secrets that stand in the texts, by their look or because a finding says so."""
    marks = (mark for each in diagnostics for mark in each.marks if mark.secret and mark.span)
    marked = (piece for mark in marks for piece in _pieces(mark, documents))
    looking = (text[start:end] for text in documents.values() for start, end in hidden(text))
    return frozenset(word for piece in (*marked, *looking) for word in _words(piece))


def _words(secret: str) -> Iterator[str]:
    """The whole secret and, where it is several words, those that are no words of a language."""
    bare = secret.strip(_AROUND)
    if len(bare) >= _SHORTEST:
        yield bare
    for word in bare.split():
        inner = word.strip(_AROUND)
        if len(inner) >= _SHORTEST and not inner.isalpha():
            yield inner


def _veiled(diagnostic: Diagnostic, words: list[str]) -> Diagnostic:
    marks = tuple(mark._replace(text=_without(mark.text, words)) for mark in diagnostic.marks)
    subject, message = _without(diagnostic.subject, words), _without(diagnostic.message, words)
    return diagnostic._replace(subject=subject, message=message, marks=marks, help=_without(diagnostic.help, words))


def _without(text: str, words: list[str]) -> str:
    for word in words:
        if word in text:
            text = text.replace(word, _MASK)
    return veiled(text)


def _pieces(mark: Mark, documents: Mapping[str, str]) -> Iterator[str]:
    """The text at a mark, line by line."""
    lines = lines_of(documents.get(mark.path, ""))
    span = mark.span
    if span is None:
        return
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        yield _on_line(lines[number - 1], number, span)


def _on_line(line: str, number: int, span: Span) -> str:
    first = span.column - 1 if number == span.line else 0
    last = span.end_column - 1 if number == span.end_line else len(line)
    return line[first:last]
