"""Values to hold judges of manifests against each other: those of real documents, with mistakes put in."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from compiler.passes.parse import parse
from tests.differential.documents import corpus
from tests.support import ROOT

if TYPE_CHECKING:
    from random import Random

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "integration.schema.json").read_text())
TEXTS = (
    *("", "x", "1", "0", "true", "false", "8091:8000", "internal:80", "65536", "/a", "/a/", "5s", "a\n", "none"),
    *("generated", "external", "٣", "a b", "A", "../x", "GET auth /login 200", "http://x:1/y", "on-failure:3", "0.5"),
    *("512m", "nginx", "GET", "dev", "${a.url}", "-1", "x" * 300, "postgres", "a-b", "a_b", "A_B"),
)


@cache
def manifests() -> tuple[Any, ...]:
    """The values of all manifests there are."""
    values = (parse(text.encode(), "m.yaml").value for text in corpus())
    return tuple(value for value in values if isinstance(value, dict) and "version" in value)


@cache
def names() -> tuple[str, ...]:
    """Every key that the schema knows, and some that it does not."""
    return (*sorted(set(re.findall(r'"([a-z_]+)": \{', json.dumps(SCHEMA)))), "a", "A", "a-b", "A_B", "5", "", "x\n")


def value(random: Random) -> Any:
    """A manifest with up to five mistakes, or what merely might be one."""
    whole = copy.deepcopy(random.choice(manifests()))
    for _ in range(random.choice((0, 1, 1, 2, 3, 5))):
        _changed(random, random.choice(_containers(whole)))
    return whole


def _changed(random: Random, container: Any) -> None:
    if isinstance(container, list):
        container.insert(random.randrange(len(container) + 1), _any(random, 2))
        return
    key = random.choice((*container, *random.sample(names(), 2)))
    edit = random.randrange(4)
    if edit == 0:
        container.pop(key, None)
    elif edit == 1:
        container[random.choice(names())] = container.get(key, "")
    else:
        container[key] = _any(random, 3)


def _any(random: Random, depth: int) -> Any:
    form = random.randrange(6) if depth else 0
    if form == 4:
        return [_any(random, depth - 1) for _ in range(random.randrange(3))]
    if form == 5:
        return {random.choice(names()): _any(random, depth - 1) for _ in range(random.randrange(3))}
    return random.choice(TEXTS)


def _containers(whole: Any) -> list[Any]:
    inner = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else None
    return [] if inner is None else [whole, *(found for value in inner for found in _containers(value))]
