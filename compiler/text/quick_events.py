"""The quick way through all of StrictYAML that libyaml reads as strictyaml does.

libyaml takes more than strictyaml, and a few things otherwise; whatever is not surely the same is not judged here:
the answer is None. A yes is always strictyaml's yes, with the same data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from yaml import YAMLError  # type: ignore[import-untyped]
from yaml._yaml import CParser  # type: ignore[import-untyped]
from yaml.events import (  # type: ignore[import-untyped]
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

_DEEPEST = 40
_HEADER = re.compile(r"[|>][0-9+-]{0,2} *$")
_UNSPEAKABLE = re.compile(r"[\x00\ud800-\udfff]")


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    """What the parser says; which of these an event has depends on its class."""

    start_mark: _Mark
    end_mark: _Mark
    value: str
    style: str | None
    anchor: str | None
    tag: str | None
    flow_style: bool | None
    explicit: bool
    version: object
    tags: object


class _UnusualError(Exception):
    """Something that libyaml may read otherwise than strictyaml."""


def read(text: str) -> dict[str, Any] | None:
    """The mapping that the text holds, or None where strictyaml must be asked. It holds no control characters."""
    parser = CParser(text)
    try:
        return _Reader(parser.get_event, text.split("\n")).document()
    except (YAMLError, UnicodeError, _UnusualError):
        return None
    finally:
        parser.dispose()


def events(text: str) -> Iterator[Any]:
    """What libyaml says of a text that `read` took."""
    parser = CParser(text)
    while (event := parser.get_event()) is not None:
        yield event


class _Reader:
    """Builds the value from what the parser says, event by event."""

    def __init__(self, say: Callable[[], _Event], lines: list[str]) -> None:
        self._say = say
        self._lines = lines

    def document(self) -> dict[str, Any]:
        """The only document of the stream."""
        self._expect(StreamStartEvent)
        start = self._expect(DocumentStartEvent)
        if start.version or start.tags:
            raise _UnusualError
        value = self._mapping(self._expect(MappingStartEvent), 0)
        if self._expect(DocumentEndEvent).explicit:
            raise _UnusualError
        self._expect(StreamEndEvent)
        return value

    def _expect(self, event: type) -> _Event:
        said = self._say()
        if type(said) is not event:
            raise _UnusualError
        return said

    def _mapping(self, start: _Event, depth: int) -> dict[str, Any]:
        _insist_plain(start, depth)
        value: dict[str, Any] = {}
        column, inner = start.start_mark.column, None
        while type(key := self._say()) is not MappingEndEvent:
            name = self._key(key, column)
            if name in value:
                raise _UnusualError
            said = self._say()
            if type(said) is ScalarEvent:
                value[name] = self._scalar(said, key.end_mark.line)
                continue
            if type(said) is MappingStartEvent:
                if inner not in (None, said.start_mark.column):
                    raise _UnusualError  # strictyaml wants one column for all mappings within one
                inner = said.start_mark.column
            value[name] = self._node(said, depth)
        return value

    def _node(self, said: _Event, depth: int) -> dict[str, Any] | list[Any]:
        if type(said) is MappingStartEvent:
            return self._mapping(said, depth + 1)
        if type(said) is SequenceStartEvent:
            return self._list(said, depth + 1)
        raise _UnusualError

    def _list(self, start: _Event, depth: int) -> list[Any]:
        _insist_plain(start, depth)
        value: list[Any] = []
        while type(said := self._say()) is not SequenceEndEvent:
            if type(said) is ScalarEvent:
                value.append(self._scalar(said, said.start_mark.line))
            else:
                value.append(self._node(said, depth))
        return value

    def _key(self, said: _Event, column: int) -> str:
        """A key on one line, at the column of its mapping: elsewhere it has a `?` before it."""
        if type(said) is not ScalarEvent or said.anchor or said.tag or said.style in ("|", ">"):
            raise _UnusualError
        start, end = said.start_mark, said.end_mark
        if start.column != column or start.line != end.line or said.value in ("", "<<"):
            raise _UnusualError
        if said.style == '"' and _UNSPEAKABLE.search(said.value):
            raise _UnusualError
        return said.value

    def _scalar(self, said: _Event, line: int) -> str:
        start = said.start_mark
        if said.anchor or said.tag or start.line != line:
            raise _UnusualError
        if said.style in ("|", ">") and not _HEADER.match(self._lines[start.line], start.column):
            raise _UnusualError
        if said.style == '"' and _UNSPEAKABLE.search(said.value):
            raise _UnusualError
        return said.value


def _insist_plain(start: _Event, depth: int) -> None:
    if start.flow_style or start.anchor or start.tag or depth > _DEEPEST:
        raise _UnusualError
