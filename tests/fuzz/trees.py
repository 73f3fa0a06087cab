"""A manifest as data: read without judging it, taken apart, and written in the dialect again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN = re.compile(r"(?!version$)[A-Za-z/.$][\w./${}-]*(:[\w./${}-]+)*|\d+(:\d+)*", re.ASCII)
_NAMED = {"services", "infrastructure", "networks", "secrets", "environments", "databases", "topics", "queues"}
_NAMED |= {"buckets", "environment", "ports", "depends_on", "headers", "save", "config", "suppress", "severities"}

Pattern = tuple[str, ...]
"""A way into the data with the names that a person chose left out: `("services", "*", "build")`."""


class Slot(NamedTuple):
    """One entry of a mapping or list: what holds it, its key or index, and the pattern of the way to it."""

    holder: Any
    key: Any
    pattern: Pattern

    @property
    def value(self) -> Any:
        """What stands there."""
        return self.holder[self.key]

    def put(self, value: Any) -> None:
        """Something else stands there."""
        self.holder[self.key] = value


def read(content: bytes) -> Any:
    """The data of a YAML text, every scalar its text; None where it cannot be read."""
    try:
        return yaml.load(content, _LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        return None


def slots(data: Any) -> list[Slot]:
    """Every entry of the data, in the order written."""
    return list(_slots(data, ()))


def holders(data: Any) -> list[tuple[Any, Pattern]]:
    """Every mapping and list of the data with its pattern, the whole of it first."""
    inner = [(slot.value, slot.pattern) for slot in _slots(data, ()) if isinstance(slot.value, (dict, list))]
    return [(data, ()), *inner]


def written(data: Any) -> str:
    """The data as block YAML; what cannot be plain is double-quoted."""
    return "".join(_lines(data, 0)) if isinstance(data, (dict, list)) and data else f"{_scalar(data)}\n"


def _slots(data: Any, pattern: Pattern) -> Iterator[Slot]:
    entries = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    is_named = isinstance(data, list) or (pattern[-1:] != () and pattern[-1] in _NAMED)
    for key, value in entries:
        inner = (*pattern, "*" if is_named else str(key))
        yield Slot(data, key, inner)
        yield from _slots(value, inner)


def _lines(data: Any, depth: int) -> Iterator[str]:
    entries = data.items() if isinstance(data, dict) else ((None, item) for item in data)
    for key, value in entries:
        head = "  " * depth + ("-" if key is None else f"{_scalar(key)}:")
        if isinstance(value, (dict, list)) and value:
            yield f"{head}\n"
            yield from _lines(value, depth + 1)
        else:
            yield f"{head} {_scalar(value)}".rstrip() + "\n"


def _scalar(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    if text == "" or _PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
