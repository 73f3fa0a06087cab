"""Another name for something that a person named, and for every mention of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.model.source import Route

TOKEN = "zq"
"""What a changed text has more than the one it was: no word holds it, and it may stand in any name."""
PARTS = ("databases", "topics", "queues", "buckets")
"""Named parts of an instance."""

_UNITS = ("services", "infrastructure", "depends_on")
_HOLE = regex(r"\$\{[^{}]*\}")
_ESSENTIAL = ("service", "request")
"""Keys without which what they stand in means nothing."""
_FAMILIES = {
    "services": "unit",
    "infrastructure": "unit",
    "secrets": "secret",
    "networks": "network",
    "environments": "environment",
    "save": "saved",
    "ports": "port",
    **dict.fromkeys(PARTS, "part"),
}


class Name(NamedTuple):
    """A name with what it is the name of; that of a part or a port counts within its `owner` only."""

    kind: str
    text: str
    owner: str = ""


def name_at(route: Route) -> Name | None:
    """The name that the key at a route is, where a person chose it for something."""
    if len(route) < 2 or not all(isinstance(step, str) for step in route[-2:]):  # noqa: PLR2004 - a family and a name
        return None
    kind, text = _FAMILIES.get(str(route[-2]), ""), str(route[-1])
    if kind in ("part", "port"):
        owned = len(route) > 3 and route[-4] in _UNITS  # noqa: PLR2004 - a section, its owner, a family and a name
        return Name(kind, text, str(route[-3])) if owned else None
    return Name(kind, text) if kind else None


def with_token(text: str) -> str:
    """The text with the token, in its case."""
    return text + (TOKEN.upper() if text.isupper() else TOKEN)


def renamed(node: Any, names: frozenset[Name], above: Route = ()) -> Any:  # noqa: ANN401 - a document holds anything
    """The same document with the token at the names, and wherever they are mentioned."""
    if isinstance(node, dict):
        return {_key((*above, key), names): renamed(value, names, (*above, key)) for key, value in node.items()}
    if isinstance(node, list):
        return [renamed(value, names, (*above, number)) for number, value in enumerate(node)]
    return _scalar(node, names, above) if isinstance(node, str) else node


def without(node: Any, names: frozenset[Name], above: Route = ()) -> Any:  # noqa: ANN401 - a document holds anything
    """The same document without what has the names, and without what mentions it. What is empty then is left out."""
    if isinstance(node, dict):
        left = [key for key in node if _key((*above, key), names) == key]
        kept = {key: without(node[key], names, (*above, key)) for key in left}
        if any(kept.get(key, "") is None for key in _ESSENTIAL):
            return None
        return {key: value for key, value in kept.items() if value is not None} or None
    if isinstance(node, list):
        found = (without(value, names, (*above, number)) for number, value in enumerate(node))
        return [value for value in found if value is not None] or None
    if not isinstance(node, str) or renamed(node, names, above) == node:
        return node
    return None if _HOLE.fullmatch(node) or not _HOLE.search(node) else _HOLE.sub(TOKEN, node)


def _key(route: Route, names: frozenset[Name]) -> str:
    key = str(route[-1])
    found = Name("unit", key) if route[-2:-1] == ("depends_on",) else name_at(route)
    return with_token(key) if found in names else key


def _scalar(text: str, names: frozenset[Name], route: Route) -> str:
    parent = next((step for step in reversed(route[:-1]) if isinstance(step, str)), "")
    key = route[-1] if isinstance(route[-1], str) else parent
    owner = str(route[1]) if len(route) > 1 else ""
    mentioned = {
        "service": Name("unit", text),
        "depends_on": Name("unit", text),
        "networks": Name("network", text),
        "port": Name("port", text, owner),
    }
    if mentioned.get(key) in names:
        return with_token(text)
    if "tests" in route and key in ("api", "request"):
        words = text.split(" ")
        text = " ".join([*words[:1], *(with_token(one) if Name("unit", one) in names else one for one in words[1:2])])
        text = " ".join([text, *words[2:]])
    return _HOLE.sub(lambda hole: _hole(hole[0][2:-1], names, in_tests="tests" in route), text)


def _hole(inner: str, names: frozenset[Name], *, in_tests: bool) -> str:
    steps = inner.split(".")
    first, second = steps[0], steps[1] if len(steps) > 1 else ""
    if not second:
        return f"${{{with_token(inner) if in_tests and Name('saved', inner) in names else inner}}}"
    if first == "secrets":
        second = with_token(second) if Name("secret", second) in names else second
    elif {Name("part", second, first), Name("port", second, first)} & names:
        second = with_token(second)
    first = with_token(first) if Name("unit", first) in names else first
    return "${" + ".".join((first, second, *steps[2:])) + "}"
