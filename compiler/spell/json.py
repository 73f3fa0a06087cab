"""JSON: two spaces, keys in the order given, readable letters, a final line break."""

from __future__ import annotations

import json
from functools import cached_property
from json.encoder import encode_basestring
from types import NoneType
from typing import TYPE_CHECKING, Any

from compiler.spell.encoded import Encoded
from compiler.spell.memory import Memory, Repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WORDS = {True: "true", False: "false", None: "null"}


def json_document(value: object) -> Encoded:
    """A document, as `json.dumps` writes it; its keys are texts. Raises TypeError for what JSON has no word for."""
    level = _Level("\n", Memory(lambda key: f"{encode_basestring(key)}: "))
    return Encoded(level[type(value)](value) + "\n")


class _Level(dict[type, "Callable[[Any], str]"]):
    """Type -> how a value of it is spelled on one level of the document.

    The standard library's encoder is written in Python where it indents: looking the type up halves its time.
    """

    def __init__(self, line: str, keys: Memory) -> None:
        self._line, self._keys = line, keys
        self._repeated: dict[int, tuple[Repeated, str]] = {}
        super().__init__(
            {
                str: encode_basestring,
                bool: _WORDS.__getitem__,
                NoneType: _WORDS.__getitem__,
                int: int.__repr__,
                dict: self._mapping,
                Repeated: self._once,
                list: self._sequence,
                tuple: self._sequence,
            }
        )

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        """That of the type it is made of, else the standard library's."""
        return next((self[base] for base in kind.__mro__ if base in self), _other)

    @cached_property
    def _deeper(self) -> _Level:
        return _Level(f"{self._line}  ", self._keys)

    def _mapping(self, node: dict[str, Any]) -> str:
        if not node:
            return "{}"
        keys, inner = self._keys, self._deeper
        return self._joined("{", [keys[key] + inner[type(value)](value) for key, value in node.items()], "}")

    def _once(self, node: Repeated) -> str:
        if id(node) not in self._repeated:
            self._repeated[id(node)] = (node, self._mapping(node))
        return self._repeated[id(node)][1]

    def _sequence(self, node: Sequence[Any]) -> str:
        if not node:
            return "[]"
        inner = self._deeper
        return self._joined("[", [inner[type(value)](value) for value in node], "]")

    def _joined(self, opening: str, entries: list[str], closing: str) -> str:
        line = f"{self._line}  "
        return f"{opening}{line}{f',{line}'.join(entries)}{self._line}{closing}"


def _other(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
