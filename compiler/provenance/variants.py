"""What a scalar of the manifest could say instead, by the shape of its text and the key it stands at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.provenance.edit import Put
from compiler.provenance.renaming import TOKEN
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.source import Route
    from compiler.provenance.edit import Edit

    Aspects = tuple[tuple[tuple[Edit, ...], ...], ...]

_HOLE = regex(r"\$\{[^{}]*\}")
_NUMBER = regex(r"\d+")
_NUMERIC = regex(r"[0-9]+[a-zA-Z]{0,2}([.:/-]?[0-9]+[a-zA-Z]{0,2})*")
_RUN = regex(r"[A-Za-z0-9]+")
_DYNAMIC, _HIGHEST, _SHIFT = 1024, 65535, 10007
_FLAGS = {"true": "false", "false": "true", "yes": "no", "no": "yes"}
_FEW = 4
_SHORT = {"secrets": "value", "networks": "network"}
"""What a name stands for where it has no mapping of its own."""
_VERSIONED = ("image", "version")


class Words(NamedTuple):
    """The names that a person chose, by family, and by key the words that the schema has for it."""

    names: Mapping[str, tuple[str, ...]]
    enumerations: Mapping[str, tuple[str, ...]]


def aspects_of(path: str, route: Route, text: str, words: Words, documents: Mapping[str, Any]) -> Aspects:
    """The aspects of a scalar, each with the ways to change it."""
    key = str(next((step for step in reversed(route) if isinstance(step, str)), ""))
    if key == "type" and route[-3:-2] == ("infrastructure",) and words.names:
        return ((), tuple(_kinds(path, route, text, words, documents)))
    if key == "type":
        return ()
    key = _SHORT.get(str(route[-2]) if len(route) > 1 else "", key)
    texts = tuple(_texts(key, route, text, words))
    return tuple(tuple((Put(path, route, one),) for one in dict.fromkeys(ways) if one != text) for ways in texts)


def _texts(key: str, route: Route, text: str, words: Words) -> Iterator[tuple[str | None, ...]]:
    """For each aspect, the other texts in the order in which they are tried."""
    others = tuple(word for word in words.enumerations.get(key, ()) if word != text)
    known = [names for names in words.names.values() if text in names]
    if text in words.enumerations.get(key, ()) and others:
        yield others
        yield others[::-1]
    elif "tests" in route and key in ("api", "request") and " " in text:
        yield from _request(text, words)
    elif known:
        yield (*[name for names in known for name in names if name != text][:_FEW], text + TOKEN, None)
    elif _HOLE.search(text):
        yield (text + TOKEN, *_swapped(text, words), f"{TOKEN}{text}")
        yield (_HOLE.sub(TOKEN, text), *_swapped(text, words), None)
    elif text in _FLAGS and key not in ("environment", "command"):
        yield (_FLAGS[text], text + TOKEN)
    elif text:
        yield from _plain(key, text)


def _plain(key: str, text: str) -> Iterator[tuple[str | None, ...]]:
    """The other texts of one that names nothing: numbers, paths, words."""
    if _NUMERIC.fullmatch(text):
        yield (*_numbers(text), f"{text}.1" if key in _VERSIONED else None, None)
    else:
        yield (*(_numbers(text) if ":" in text else ()), *_spelled(text), *_numbers(text), TOKEN, None)
    if key in _VERSIONED and _NUMBER.search(text):
        yield tuple(_numbers(text))
        yield tuple(_far(text))
    if key == "path" and text.strip("/"):
        yield (text.rstrip("/") if text.endswith("/") else f"{text}/",)
    if key == "output":
        yield (f"{text}/{TOKEN}",)


def _request(text: str, words: Words) -> Iterator[tuple[str | None, ...]]:
    method, target, *rest = text.split(" ")
    path, *status = rest or [""]
    others = [name for name in words.names["services"] if name != target]
    tail = " ".join(status)
    yield tuple(f"{method} {target} {one} {tail}".rstrip() for one in _spelled(path))
    yield (f"{'POST' if method == 'GET' else 'GET'} {target} {path} {tail}".rstrip(),)
    yield tuple(f"{method} {name} {path} {tail}".rstrip() for name in ["gateway", *others][:_FEW])
    if status:
        yield (f"{method} {target} {path} 299",)


def _spelled(text: str) -> tuple[str, ...]:
    """With the token after the last word, or after the first; a path of one stroke gets one."""
    runs = list(_RUN.finditer(text))
    if not runs:
        return (text + TOKEN,)
    ends = (runs[-1].end(), runs[0].end())
    return tuple(f"{text[:end]}{TOKEN}{text[end:]}" for end in ends)


def _numbers(text: str) -> Iterator[str]:
    found = list(_NUMBER.finditer(text))
    if not found:
        return
    yield _NUMBER.sub(lambda match: _other(match[0]), text)
    for match in (found[-1], found[0]):
        yield f"{text[: match.start()]}{_other(match[0])}{text[match.end() :]}"
    last = found[-1]
    if int(last[0]) > 1:
        yield f"{text[: last.start()]}{int(last[0]) - 1}{text[last.end() :]}"


def _far(version: str) -> Iterator[str]:
    """With another first number, beyond where a kind does something else."""
    first = next(_NUMBER.finditer(version))
    for number in (int(first[0]) + 30, int(first[0]) + 3, int(first[0]) - 3):
        yield f"{version[: first.start()]}{max(number, 1)}{version[first.end() :]}"


def _other(digits: str) -> str:
    value = int(digits)
    if value < _DYNAMIC or value > _HIGHEST:
        return str(value + 1)
    return str(value + _SHIFT if value + _SHIFT <= _HIGHEST else value - _SHIFT)


def _swapped(text: str, words: Words) -> tuple[str, ...]:
    """With another name in its first hole, of those of the same family."""
    hole = _HOLE.search(text)
    steps = hole[0][2:-1].split(".") if hole else []
    if hole is None or len(steps) == 1:
        return ()
    position = 1 if steps[0] == "secrets" else 0
    found = (names for names in words.names.values() if steps[position] in names)
    others = [name for names in found for name in names if name != steps[position]]
    changed = (".".join((*steps[:position], name, *steps[position + 1 :])) for name in others[:_FEW])
    return tuple(f"{text[: hole.start()]}${{{one}}}{text[hole.end() :]}" for one in changed)


def _kinds(
    path: str, route: Route, text: str, words: Words, documents: Mapping[str, Any]
) -> Iterator[tuple[Edit, ...]]:
    """Other kinds: as they are, or with no part of the instance asked for any more."""
    name = str(route[-2])
    others = [kind for kind in words.enumerations["type"] if kind != text]
    for kind in others:
        yield (Put(path, route, kind),)
    mentions = tuple(_unmentioned(documents, name))
    for kind in others:
        inner = _inside(documents[path], route[:-1])
        more = tuple(Put(path, (*route[:-1], key), None) for key in inner if key not in ("type", "publish", "role"))
        yield (Put(path, route, kind), *more, *mentions)


def _unmentioned(documents: Mapping[str, Any], name: str) -> Iterator[Edit]:
    """Without what the texts take from a name."""
    for path, value in documents.items():
        for route, text in _scalars(value, ()):
            if f"${{{name}." in text:
                hole = regex(r"\$\{" + name + r"\.[^{}]*\}")
                yield Put(path, route, hole.sub(TOKEN, text))


def _scalars(node: Any, route: Route) -> Iterable[tuple[Route, str]]:  # noqa: ANN401 - a document holds anything
    if isinstance(node, dict | list):
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _scalars(value, (*route, step))
    elif isinstance(node, str):
        yield route, node


def _inside(node: Any, route: Route) -> Any:  # noqa: ANN401 - a document holds anything
    for step in route:
        node = node[step]
    return node
