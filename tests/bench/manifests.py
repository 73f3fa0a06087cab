"""Manifests of any size, in the shapes systems have: the same text for the same size, always.

A manifest is a mapping of paths to texts, as `compile_texts` of the tests takes it. None of `SHAPES` has a finding, each
of `MISTAKES` has one error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MANIFEST = "integration.yaml"
FRAGMENTS = 100
PER_SERVER = 100
"""Databases on one server."""


def chain(size: int) -> str:
    """A manifest of `size` services, each calling the one before, with a database for every tenth."""
    head = [*_head("chain"), "infrastructure:", *_server("db", range(0, size, 10)), "services:"]
    return _text(head, *(_link(index) for index in range(size)))


def _fan_in(size: int) -> str:
    """All services call the first, and the last calls all others."""
    calls = [[0] if index else [] for index in range(size - 1)]
    services = (_service(index, _urls(called)) for index, called in enumerate([*calls, range(size - 1)]))
    return _text([*_head("fan-in"), "services:"], *services)


def _routes(size: int) -> str:
    """A gateway leads to every service."""
    routes = (
        line
        for index in range(size)
        for line in (f"    - path: /s{index}/", f"      service: s{index}", "      strip_prefix: true")
    )
    gateway = ["gateway:", "  type: nginx", "  routes:", *routes]
    return _text([*_head("routes"), "services:"], *(_service(index, []) for index in range(size)), gateway)


def _databases(size: int) -> str:
    """Every service has a database of its own, up to a hundred on one server, and all share a cache."""
    firsts = range(0, size, PER_SERVER)
    servers = (_server(f"db{first // PER_SERVER}", range(first, min(first + PER_SERVER, size))) for first in firsts)
    cache = ["  cache:", "    type: redis"]
    services = (_service(index, _stored(index)) for index in range(size))
    return _text([*_head("databases"), "infrastructure:", *cache], *servers, ["services:"], *services)


def _includes(size: int) -> dict[str, str]:
    """The services of the chain in a hundred fragments, or one for each service where there are fewer."""
    count = min(FRAGMENTS, size)
    bounds = [size * number // count for number in range(count + 1)]
    head = [*_head("includes"), "include:", "  - parts/*/fragment.yaml"]
    server = ["infrastructure:", *_server("db", range(0, size, 10))]
    parts = {
        fragment(number): _text(["services:"], *(_link(index) for index in range(bounds[number], bounds[number + 1])))
        for number in range(count)
    }
    return {MANIFEST: _text(head, server), **parts}


def fragment(number: int) -> str:
    """The path of a fragment of the shape `includes`."""
    return f"parts/p{number:02}/fragment.yaml"


SHAPES: Mapping[str, Callable[[int], dict[str, str]]] = {
    "chain": lambda size: {MANIFEST: chain(size)},
    "fan-in": lambda size: {MANIFEST: _fan_in(size)},
    "includes": _includes,
    "routes": lambda size: {MANIFEST: _routes(size)},
    "databases": lambda size: {MANIFEST: _databases(size)},
}


def _unknown_key(size: int) -> str:
    return chain(size) + "    helthcheck: /health\n"


def _wrong_type(size: int) -> str:
    return chain(size) + "    replicas: several\n"


def _dangling(size: int) -> str:
    return chain(size) + "      AFTER_URL: ${nobody.url}\n"


def _broken_in_the_middle(size: int) -> str:
    return chain(size).replace(f"NAME: s{size // 2}\n", f"NAME: s{size // 2}: late\n")


def _broken_at_the_end(size: int) -> str:
    return chain(size) + '      AFTER_URL: "open\n'


def _flow_at_the_end(size: int) -> str:
    """YAML that no manifest may use."""
    return chain(size) + "    profiles: [late]\n"


MISTAKES: Mapping[str, Callable[[int], str]] = {
    "a colon too many in the middle": _broken_in_the_middle,
    "a quote left open at the end": _broken_at_the_end,
    "a flow list at the end": _flow_at_the_end,
    "an unknown key": _unknown_key,
    "a wrong type": _wrong_type,
    "a dangling reference": _dangling,
}


def changed(text: str) -> str:
    """The manifest with one byte changed: the value of the last service's variable NAME."""
    before, name, after = text.rpartition("NAME: s")
    return f"{before}{name.removesuffix('s')}t{after}"


def _head(name: str) -> list[str]:
    """Asked so often that no order takes minutes to start: that would be a finding."""
    often = ["defaults:", "  healthcheck:", "    interval: 20ms"]
    return ["version: 1", f"name: {name}", "ports:", "  range: 20000-29999", *often]


def _server(name: str, databases: Iterable[int]) -> list[str]:
    return [f"  {name}:", "    type: postgres", "    databases:", *(f"      d{index}:" for index in databases)]


def _service(index: int, variables: Iterable[str]) -> list[str]:
    return [
        f"  s{index}:",
        "    image: registry.example/service:1",
        "    port: 8000",
        "    healthcheck:",
        "      liveness: /health",
        "      probe: curl",
        "    environment:",
        f"      NAME: s{index}",
        *(f"      {variable}" for variable in variables),
    ]


def _link(index: int) -> list[str]:
    """A service of the chain."""
    database = [f"DATABASE_URL: ${{db.d{index}.url}}"] if index % 10 == 0 else []
    before = [f"BEFORE_URL: ${{s{index - 1}.url}}"] if index else []
    return _service(index, [*database, *before])


def _urls(called: Iterable[int]) -> list[str]:
    return [f"S{index}_URL: ${{s{index}.url}}" for index in called]


def _stored(index: int) -> list[str]:
    return [f"DATABASE_URL: ${{db{index // PER_SERVER}.d{index}.url}}", "CACHE_URL: ${cache.url}"]


def _text(*blocks: Sequence[str]) -> str:
    return "".join(f"{line}\n" for block in blocks for line in block)
