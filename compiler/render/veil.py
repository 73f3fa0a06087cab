"""Findings as anybody may read them, in a terminal or in the log of a CI: no secret of the manifest is in them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.text.lines import lines_of
from compiler.text.regex import regex
from compiler.text.secrets import hidden, is_made_up, veiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.finding import Diagnostic, Mark
    from compiler.model.source import Span

_SHORTEST = 5
"""A shorter text may be a word of the message."""
_AROUND = " \t&!*[]{}\"',"
_MASK = "***"
_NAME = regex(r"(?m)^[ \t]*(?:- +)*([A-Za-z][\w.-]*):(?=[ \t\r\n]|$)")
_KIND = regex(r"(?m)^[ \t]*(?:type|image|name): +[\"']?(?:[\w.-]+/)*([A-Za-z][\w.-]*)")
_QUOTED = regex(r"`[^`]*`|\"[^\"]*\"")
KINDS = frozenset({"elasticsearch", "kafka", "mailpit", "mongo", "otel-lgtm", "postgres", "rabbitmq", "redis"})
"""Those that are shipped: a message may propose them."""


def veil(
    told: Sequence[Diagnostic], untold: Sequence[Diagnostic], documents: Mapping[str, str]
) -> tuple[list[Diagnostic], list[Diagnostic], dict[str, str]]:
    """The diagnostics, those that are suppressed, and the texts by path, with asterisks in place of secrets.

    In the texts no line or column moves. Subjects, by which findings are suppressed, keep words that somebody made up.
    """
    shown = {path: veiled(text) for path, text in documents.items()}
    found = _secrets_in((*told, *untold), documents)
    if any(is_made_up(word) for word in found):
        found -= _harmless(found, shown.values())
    known = _Known(found)
    hiding = ([_veiled(each, known) for each in diagnostics] for diagnostics in (told, untold))
    return next(hiding), next(hiding), shown


class _Known:
    """Secrets by their first letters: to look for each of them in each text took the square of the time."""

    def __init__(self, secrets: frozenset[str]) -> None:
        self._secrets = secrets
        self._sizes: dict[str, set[int]] = {}
        for secret in secrets:
            self._sizes.setdefault(secret[:_SHORTEST], set()).add(len(secret))

    def within(self, text: str) -> list[str]:
        """Those that are in a text, the longest first."""
        if not self._sizes:
            return []
        starts = range(len(text) - _SHORTEST + 1)
        sized = ((at, size) for at in starts for size in self._sizes.get(text[at : at + _SHORTEST], ()))
        found = {text[at : at + size] for at, size in sized} & self._secrets
        return sorted(found, key=lambda secret: (-len(secret), secret))


def _harmless(secrets: frozenset[str], texts: Iterable[str]) -> frozenset[str]:
    """Those that somebody made up and that are names, keys or kinds as well: to show such a name gives nothing away."""
    names = {match[1] for text in texts for pattern in (_NAME, _KIND) for match in pattern.finditer(text)}
    return frozenset(word for word in secrets if is_made_up(word) and (word in names or word in KINDS))


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


def _veiled(diagnostic: Diagnostic, known: _Known) -> Diagnostic:
    marks = tuple(mark._replace(text=_without(mark.text, known.within(mark.text))) for mark in diagnostic.marks)
    made_by_machines = (word for word in known.within(diagnostic.subject) if not is_made_up(word))
    subject = _without(diagnostic.subject, made_by_machines)
    message = _without(diagnostic.message, known.within(diagnostic.message))
    advice = _without(diagnostic.help, known.within(diagnostic.help))
    return diagnostic._replace(subject=subject, message=message, marks=marks, help=advice)


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        if word in text:
            text = _without_one(text, word)
    return veiled(text)


def _without_one(text: str, word: str) -> str:
    """The text without a secret; one that is made of words is no part of a longer word, nor a word of the sentence."""
    if not is_made_up(word):
        return text.replace(word, _MASK)
    whole = _whole(word)
    if not (word.isalpha() and word.islower()):
        return whole.sub(_MASK, text)
    return _QUOTED.sub(lambda quoted: whole.sub(_MASK, quoted[0]), text)


@lru_cache(maxsize=1024)
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")


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
