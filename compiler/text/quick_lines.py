"""The quickest way through StrictYAML: one pattern for each line, and nothing to import.

Almost every manifest is block style with one plain or quoted text a line. What is written in any other way is not
judged here: the answer is None, and a slower reader is asked. A yes is always strictyaml's yes, with the same data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from compiler.text.named import NamedTuple

_DEEPEST = 40
_KEY = r"[A-Za-z0-9_$][A-Za-z0-9_$./+-]{0,127}+"
_WORD = r"(?:[^ \n:]|:(?=[^ \n]))*+"
_PLAIN = rf"(?:[^ \n\-?:,\[\]{{}}\#&*!|>'\"%@`<]|-(?=[^ \n])){_WORD}(?:\ ++(?:[^ \n:\#]|:(?=[^ \n])){_WORD})*+"
_END = r"\ *+(?:(?<=\ )\#[^\n]*+)?$"
_LINE = re.compile(
    rf"""
    ^(\ *+)(?:
      (?:\#[^\n]*+|\A---)$
    | (-\ ++)?+(?:({_KEY}):(?=[ \n]|\Z))?+\ *+(?:
        ({_PLAIN}|'(?:[^'\n]|'')*+'|"[^"\\\n]*+")?+{_END}
      | ([|>]-?)\ *+\n((?:(?:\1\ [^\n]*+|\ *+)(?:\n|\Z))*+)
      )
    | ([^\n]++)
    )
    """,
    re.MULTILINE | re.VERBOSE,
)
"""A line, with all of a block text after it; `other` is what only a whole parser understands."""

_DASH, _NAME, _WORDS, _HEADER, _BODY = 2, 3, 4, 5, 6
"""The groups by number."""

_NOWHERE = (-1, -1)
_BREAKS = re.compile(r"\n(\n*)")


class Mark(NamedTuple):
    """A spot in the text, counted from 0."""

    line: int
    column: int


class ScalarEvent(NamedTuple):
    """A text, as a YAML parser says it."""

    value: str
    style: str | None
    start_mark: Mark
    end_mark: Mark


class MappingStartEvent(NamedTuple):
    """A mapping begins at its first key."""

    start_mark: Mark


class SequenceStartEvent(NamedTuple):
    """A list begins at its first dash."""

    start_mark: Mark


class MappingEndEvent(NamedTuple):
    """A mapping has no more keys."""


class SequenceEndEvent(NamedTuple):
    """A list has no more items."""


class _Row(NamedTuple):
    """A line that says something: its number, and where its groups stand in the text."""

    line: int
    spans: tuple[tuple[int, int], ...]
    style: str | None
    below: int
    """The number of the line after it, or after its block."""

    def marks(self, group: int) -> tuple[Mark, Mark]:
        """Where a group begins and ends."""
        margin = self.spans[0][0]
        start, end = self.spans[group]
        return Mark(self.line, start - margin), Mark(self.line, end - margin)


Event = ScalarEvent | MappingStartEvent | SequenceStartEvent | MappingEndEvent | SequenceEndEvent


def read(text: str) -> dict[str, Any] | None:
    """The mapping that the text holds, or None where it is not plain enough. It holds no control characters."""
    tree = _Tree()
    take = tree.take
    for row in _LINE.findall(text):
        if not take(*row):
            return None
    return tree.root or None


def reach(text: str) -> int:
    """How far the text is plain enough: the offset of the first line that is not."""
    tree = _Tree()
    taken = (match.start() for match in _LINE.finditer(text) if not tree.take(*match.groups("")))
    return next(taken, len(text))


def events(text: str) -> Iterable[Event]:
    """What a YAML parser would say of a text that `read` took."""
    rows: list[_Row] = []
    line = end = 0
    for match in _LINE.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.start()
        if match[_NAME] or match[_DASH]:
            header = match[_HEADER]
            below = line + 1 + match[_BODY].count("\n") if header else line
            rows.append(_Row(line, match.regs, header[0] if header else None, below))
    rows.reverse()
    said: list[Event] = []
    _say_mapping(read(text) or {}, rows, said)
    return said


class _Tree:
    """The mapping as far as it is read: the stack holds what is open around `here`, which begins at column `depth`."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._here: Any = self.root
        self._depth = 0
        self._is_list = False
        self._inner = 0
        """Where the mappings within this one begin: strictyaml wants one column for all of them."""
        self._waiting = ""
        """The key above that has no value on its line."""
        self._stack: list[tuple[Any, int, bool, int]] = []

    def take(self, *row: str) -> bool:
        """Whether a line is plain and fits in here; what it says is added then."""
        lead, dash, key, word, header, body, other = row
        if not (dash or key):
            return not (word or header or other)
        if dash and not self._begin_item(len(lead), len(lead + dash) if key else 0):
            return False
        width = len(lead + dash) if key else len(lead)
        value = _block(body, width, header) if header else _unquoted(word)
        if not key:
            self._here.append(value)
            return value is not None
        if not dash and (width != self._depth or self._is_list) and not self._begin(width, is_list=False):
            return False
        if key in self._here or value is None:
            return False
        self._here[key] = value
        self._waiting = "" if word or header else key
        return True

    def _begin_item(self, width: int, inner: int) -> bool:
        """Whether an item can stand at that column; `inner` is where its keys do, if it is a mapping."""
        if not self._begin(width, is_list=True):
            return False
        self._waiting = ""
        if inner:
            self._here.append({})
            self._push(self._here[-1], inner, is_list=False)
        return True

    def _begin(self, width: int, *, is_list: bool) -> bool:
        """Whether a mapping or list can stand at that column: it is opened, or was and what is within is closed."""
        if self._waiting and not self._is_list and (width > self._depth or (is_list and width == self._depth)):
            return self._open(width, is_list=is_list)
        while self._stack and (self._depth > width or self._is_list != is_list):
            self._here, self._depth, self._is_list, self._inner = self._stack.pop()
        return self._depth == width and self._is_list == is_list

    def _open(self, width: int, *, is_list: bool) -> bool:
        if not is_list:
            if self._inner not in (0, width):
                return False
            self._inner = width
        self._here[self._waiting] = [] if is_list else {}
        self._push(self._here[self._waiting], width, is_list=is_list)
        return len(self._stack) < _DEEPEST

    def _push(self, container: dict[str, Any] | list[Any], width: int, *, is_list: bool) -> None:
        self._stack.append((self._here, self._depth, self._is_list, self._inner))
        self._here, self._depth, self._is_list, self._inner = container, width, is_list, 0


def _unquoted(word: str) -> str:
    if word[:1] == "'":
        return word[1:-1].replace("''", "'")
    return word[1:-1] if word[:1] == '"' else word


def _block(body: str, width: int, header: str) -> str | None:
    """The text of a block, or None where blanks make it hard to tell."""
    lines = body.rstrip("\n").split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip(" "))
    margin = " " * indent
    if (
        indent <= width
        or body[-1] != "\n"
        or any(line and (line.isspace() or not line.startswith(margin)) for line in lines)
    ):
        return None
    text = "\n".join(line[indent:] for line in lines)
    if header.startswith(">"):
        if "\n " in text:
            return None
        text = _BREAKS.sub(lambda breaks: breaks[1] or " ", text)
    return text if header.endswith("-") else f"{text}\n"


def _say_mapping(value: dict[str, Any], rows: list[_Row], said: list[Event]) -> None:
    said.append(MappingStartEvent(rows[-1].marks(_NAME)[0]))
    for key, inner in value.items():
        row = rows[-1]
        said.append(ScalarEvent(key, None, *row.marks(_NAME)))
        if isinstance(inner, str):
            said.append(_scalar(inner, rows.pop()))
            continue
        rows.pop()
        say = _say_mapping if isinstance(inner, dict) else _say_list
        say(inner, rows, said)
    said.append(MappingEndEvent())


def _say_list(value: list[Any], rows: list[_Row], said: list[Event]) -> None:
    said.append(SequenceStartEvent(rows[-1].marks(_DASH)[0]))
    for inner in value:
        if isinstance(inner, str):
            said.append(_scalar(inner, rows.pop()))
        else:
            _say_mapping(inner, rows, said)
    said.append(SequenceEndEvent())


def _scalar(value: str, row: _Row) -> Event:
    if row.style:
        return ScalarEvent(value, row.style, row.marks(_HEADER)[0], Mark(row.below, 0))
    if row.spans[_WORDS] != _NOWHERE:
        return ScalarEvent(value, None, *row.marks(_WORDS))
    nothing = row.marks(_NAME)[1]
    return ScalarEvent("", None, nothing, nothing)
