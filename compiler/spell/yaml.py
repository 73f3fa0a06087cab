"""YAML for Compose: mappings, lists, numbers, flags and double-quoted strings in block style, nothing else.

Every string is double-quoted (JSON's escapes are YAML's), so no reader can take text for a number, a date or a flag:
of 106 hostile strings none was read back differently by Compose or PyYAML.
"""

from __future__ import annotations

import re
from itertools import pairwise
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

from compiler.spell.encoded import Encoded
from compiler.spell.memory import Memory, Repeated
from compiler.spell.trace import MARKS, mark
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.spell.trace import RouteText

_KEY = regex(r"[A-Za-z_$/][A-Za-z0-9_$./-]*", re.ASCII)
_ESCAPE = regex(f"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff{MARKS}]")
_SURROGATE = regex("[\ud800-\udfff]")
_LISTS = (list, tuple)
_SECOND_LEVEL = "    "
_LONGEST_KEY = 1024
"""Characters, quotes and escapes included: beyond, no reader takes it for a key."""
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


class Sourced(NamedTuple):
    """A node with the route that explains it: itself and everything in it that has no better explanation."""

    value: object
    route: RouteText


def yaml_string(text: str) -> Encoded:
    """A double-quoted scalar. Raises ValueError for lone surrogates, which no reader accepts.

    What marks are made of (compiler.spell.trace) is escaped, so none can stand in a value.
    """
    return Encoded(_quoted(text))


def yaml_document(node: object, *, traced: bool = False) -> Encoded:
    """A block-style document of mappings, sequences, strings, whole numbers and flags; ends with a line break.

    Raises TypeError for a value of any other type, ValueError for lone surrogates and for keys that are too long.
    """
    return YamlWriter(traced=traced).document(node)


class YamlWriter:
    """Writes documents that have much in common.

    What stands in an entry of the second level, and stood there before as the same object, is copied.
    """

    def __init__(self, *, traced: bool = False) -> None:
        """Traced, values carry their routes (compiler.spell.trace)."""
        self._traced = traced
        self._lines: list[str] = []
        self._keys = Memory(_key)
        self._strings = Memory(_quoted)
        self._known: dict[str, _Known] = {}
        self._repeated: dict[tuple[int, str, str], tuple[Repeated, list[str]]] = {}

    def document(self, node: object) -> Encoded:
        """What `yaml_document` gives."""
        self._lines = []
        value, trail = self._unwrapped(node, "")
        if value and isinstance(value, dict):
            self._mapping(value, "", trail)
        elif value and isinstance(value, _LISTS):
            self._sequence(value, "", trail)
        else:
            self._lines.append(self._leaf(value, trail))
        return Encoded("\n".join((*self._lines, "")))

    def _entry(self, key: str, node: dict[str, object], indent: str, trail: str) -> None:
        """An entry of the second level: of what had its name before, the parts that are the same are copied."""
        known = self._known.get(key)
        if known is None or known.trail != trail:
            start = len(self._lines)
            self._mapping(node, indent, trail)
            self._known.setdefault(key, _Known(node, trail, self._lines[start:]))
        elif known.node is node:
            self._lines += known.lines
        else:
            self._changed(known, node, indent, trail)

    def _changed(self, known: _Known, node: dict[str, object], indent: str, trail: str) -> None:
        starts = [index for index, line in enumerate(known.lines) if line[len(indent)] != " "]
        spans = dict(zip(known.node, pairwise((*starts, len(known.lines))), strict=True))
        for key, raw in node.items():
            if key in spans and known.node[key] is raw:
                first, last = spans[key]
                self._lines += known.lines[first:last]
            else:
                self._mapping({key: raw}, indent, trail)

    def _once(self, node: Repeated, indent: str, trail: str) -> None:
        at = (id(node), indent, trail)
        if at in self._repeated:
            self._lines += self._repeated[at][1]
            return
        start = len(self._lines)
        self._mapping(node, indent, trail)
        self._repeated[at] = (node, self._lines[start:])

    def _mapping(self, node: dict[str, object], indent: str, trail: str) -> None:
        keys, strings, write, traced = self._keys, self._strings, self._lines.append, self._traced
        deeper = indent + "  "
        is_above_entries = deeper == _SECOND_LEVEL
        for key, raw in node.items():
            value, own = raw, trail
            while type(value) is Sourced:
                value, route = value
                own = _trail(route) if traced else ""
            if type(value) is str:
                write(f"{indent}{keys[key]}: {own}{strings[value]}")
            elif value and isinstance(value, dict):
                write(f"{indent}{keys[key]}:{own}")
                if type(value) is Repeated:
                    self._once(value, deeper, own)
                elif is_above_entries:
                    self._entry(key, value, deeper, own)
                else:
                    self._mapping(value, deeper, own)
            elif value and isinstance(value, _LISTS):
                write(f"{indent}{keys[key]}:{own}")
                self._sequence(value, deeper, own)
            else:
                write(f"{indent}{keys[key]}: {self._leaf(value, own)}")

    def _sequence(self, node: Sequence[object], indent: str, trail: str) -> None:
        lines, strings, deeper = self._lines, self._strings, indent + "  "
        for raw in node:
            value, own = self._unwrapped(raw, trail) if type(raw) is Sourced else (raw, trail)
            start = len(lines)
            if type(value) is str:
                lines.append(f"{indent}- {own}{strings[value]}")
            elif value and isinstance(value, dict):
                self._mapping(value, deeper, own)
                lines[start] = f"{indent}- {lines[start][len(deeper) :]}"
            elif value and isinstance(value, _LISTS):
                self._sequence(value, deeper, own)
                lines[start] = f"{indent}- {lines[start][len(deeper) :]}"
            else:
                lines.append(f"{indent}- {self._leaf(value, own)}")

    def _unwrapped(self, node: object, trail: str) -> tuple[object, str]:
        while type(node) is Sourced:
            node, route = node
            trail = _trail(route) if self._traced else ""
        return node, trail

    def _leaf(self, value: object, trail: str) -> str:
        if isinstance(value, str):
            return trail + self._strings[value]
        if isinstance(value, bool):
            return f"{trail}true" if value else f"{trail}false"
        if isinstance(value, int):
            return f"{trail}{value}"
        if isinstance(value, dict | list | tuple):
            return ("{}" if isinstance(value, dict) else "[]") + trail
        message = f"cannot write {type(value).__name__} as YAML"
        raise TypeError(message)


class _Known(NamedTuple):
    """An entry as it was written: its lines, where each of its keys begins a line that is not indented further."""

    node: dict[str, object]
    trail: str
    lines: list[str]


def _trail(route: RouteText) -> str:
    return mark(route) if route else ""


def _quoted(text: str) -> str:
    if text.isascii() and "\x7f" not in text:
        return encode_basestring(text)
    if _SURROGATE.search(text):
        message = "text with lone surrogates cannot be written as YAML"
        raise ValueError(message)
    return _ESCAPE.sub(lambda match: f"\\u{ord(match.group()):04x}", encode_basestring(text))


def _key(key: str) -> str:
    written = key if _KEY.fullmatch(key) and key.lower() not in _WORDS else _quoted(key)
    if len(written) > _LONGEST_KEY:
        message = f"a key of {len(written)} characters cannot be written as YAML"
        raise ValueError(message)
    return written
