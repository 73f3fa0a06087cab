"""YAML for Compose: mappings, lists, numbers, flags and double-quoted strings in block style, nothing else.

Every string is double-quoted (JSON's escapes are YAML's), so no reader can take text for a number, a date or a flag:
of 106 hostile strings none was read back differently by Compose or PyYAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from compiler.spell.encoded import Encoded
from compiler.spell.trace import MARKS, mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.spell.trace import RouteText

_KEY = re.compile(r"[A-Za-z_$/][A-Za-z0-9_$./-]*", re.ASCII)
_ESCAPE = re.compile(f"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff{MARKS}]")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


class Sourced(NamedTuple):
    """A node with the route that explains it: itself and everything in it that has no better explanation."""

    value: object
    route: RouteText


def yaml_string(text: str) -> Encoded:
    """A double-quoted scalar. Raises ValueError for lone surrogates, which no reader accepts.

    What marks are made of (compiler.spell.trace) is escaped, so none can stand in a value.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        message = "text with lone surrogates cannot be written as YAML"
        raise ValueError(message)
    quoted = json.dumps(text, ensure_ascii=False)
    return Encoded(_ESCAPE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted))


def yaml_document(node: object, *, traced: bool = False) -> Encoded:
    """A block-style document of mappings, sequences, strings, whole numbers and flags; ends with a line break.

    Raises TypeError for a value of any other type.
    """
    return Encoded("\n".join(_lines(node, "", (), traced=traced)) + "\n")


def _lines(node: object, indent: str, route: RouteText, *, traced: bool) -> Iterator[str]:
    if isinstance(node, Sourced):
        yield from _lines(node.value, indent, node.route, traced=traced)
    elif _is_empty(node):
        yield f"{indent}{_empty(node)}{_trail(route, traced=traced)}"
    elif isinstance(node, Mapping):
        yield from _mapping(node, indent, route, traced=traced)
    elif isinstance(node, list | tuple):
        yield from _sequence(node, indent, route, traced=traced)
    else:
        yield f"{indent}{_scalar(node, route, traced=traced)}"


def _mapping(node: Mapping[str, object], indent: str, route: RouteText, *, traced: bool) -> Iterator[str]:
    for key, raw in node.items():
        value, inner = _unwrap(raw, route)
        written = f"{indent}{_key(key)}:"
        if _is_empty(value):
            yield f"{written} {_empty(value)}{_trail(inner, traced=traced)}"
        elif isinstance(value, Mapping | list | tuple):
            yield f"{written}{_trail(inner, traced=traced)}"
            yield from _lines(value, indent + "  ", inner, traced=traced)
        else:
            yield f"{written} {_scalar(value, inner, traced=traced)}"


def _sequence(node: Sequence[object], indent: str, route: RouteText, *, traced: bool) -> Iterator[str]:
    for raw in node:
        value, inner = _unwrap(raw, route)
        if _is_empty(value):
            yield f"{indent}- {_empty(value)}{_trail(inner, traced=traced)}"
            continue
        lines = _lines(value, indent + "  ", inner, traced=traced)
        first = next(lines)
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from lines


def _unwrap(node: object, route: RouteText) -> tuple[object, RouteText]:
    current = node
    while isinstance(current, Sourced):
        route = current.route
        current = current.value
    return current, route


def _scalar(value: object, route: RouteText, *, traced: bool) -> str:
    if isinstance(value, bool):
        written = "true" if value else "false"
    elif isinstance(value, int):
        written = str(value)
    elif isinstance(value, str):
        written = yaml_string(value)
    else:
        message = f"cannot write {type(value).__name__} as YAML"
        raise TypeError(message)
    return _trail(route, traced=traced) + written


def _trail(route: RouteText, *, traced: bool) -> str:
    return mark(route) if traced and route else ""


def _is_empty(value: object) -> bool:
    return isinstance(value, Mapping | list | tuple) and not value


def _empty(value: object) -> str:
    return "{}" if isinstance(value, Mapping) else "[]"


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) and key.lower() not in _WORDS else yaml_string(key)
