"""Properties of whole compilations: ports that stay, diffs that stay small, traces that change nothing."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.pipeline import Compiled, Request, compile_manifest, has_errors, lock_text, plan_manifest
from compiler.spell.trace import routes_by_line, strip
from compiler.spell.yaml import yaml_document
from compiler.targets.compose.document import compose_document
from tests.plans import hosts_of
from tests.support import MappingFiles, compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compiler.model.plan import Compilation

MANY = settings(max_examples=20)
SOME = settings(max_examples=5)
DOCKERFILE = {"svc/Dockerfile": "FROM python:3.12\n"}
NAMES = tuple("abcdefgh")
VALUES = ("plain", "$$5", "${OTHER:-x}", "${NEEDED:?say it}", "${secrets.TOKEN}", "${db.one.url}", "${cache.url}")


class Node(NamedTuple):
    """A service of a random manifest; it refers to earlier ones only, so there is no cycle."""

    port: str
    refers: frozenset[str]
    value: str
    migrate: bool
    check: bool


class Shape(NamedTuple):
    """A random manifest: services by name in order, published instances, routes."""

    services: tuple[tuple[str, Node], ...]
    published: frozenset[str]
    routed: frozenset[str]
    debugged: frozenset[str]

    def text(self, low: int = 8000) -> str:
        """The manifest; its ports are allocated from `low`."""
        lines = [
            "version: 1",
            "name: shop",
            "ports:",
            f"  range: {low}-{low + 50}",
            "secrets:",
            "  TOKEN: generated",
            "infrastructure:",
        ]
        for name, kind in (("db", "postgres"), ("cache", "redis"), ("log", "kafka")):
            lines += [f"  {name}:", f"    type: {kind}"]
            lines += ["    publish: true"] if name in self.published and kind != "kafka" else []
            lines += ["    databases:", "      one:"] if kind == "postgres" else []
            lines += ["    topics:", "      all:"] if kind == "kafka" else []
        lines += ["services:", "  use:", "    image: x", "    environment:"]
        lines += ["      A: ${db.one.host} ${cache.host} ${log.brokers} ${secrets.TOKEN}"]
        for name, node in self.services:
            lines += list(_service(name, node, self))
        routes = [name for name, node in self.services if name in self.routed and node.port]
        if routes:
            lines += ["gateway:", "  routes:"]
        for name in routes:
            lines += [f"    - path: /{name}/", f"      service: {name}"]
        return "\n".join(lines) + "\n"


def _service(name: str, node: Node, shape: Shape) -> Any:
    yield from (f"  {name}:", "    build: ./svc")
    if node.port:
        yield f"    port: {node.port}"
    if node.check and node.port:
        yield "    healthcheck: /health"
    if node.migrate:
        yield "    migrate: make it"
    if name in shape.debugged:
        yield f"    develop:\n      debug_port: {9229 + NAMES.index(name)}"
    earlier = [other for other, _ in shape.services[: [each for each, _ in shape.services].index(name)]]
    yield from ("    environment:", f"      VALUE: '{node.value}'")
    for other in earlier:
        if other in node.refers and dict(shape.services)[other].port:
            yield f"      {other.upper()}_URL: ${{{other}.url}}"


NODES = st.builds(
    Node,
    st.sampled_from(["8000", "8000", "internal:9000", ""]),
    st.frozensets(st.sampled_from(NAMES), max_size=3),
    st.sampled_from(VALUES),
    st.booleans(),
    st.booleans(),
)
SHAPES = st.builds(
    lambda names, nodes, published, routed, debugged: Shape(
        tuple(zip(names, nodes, strict=False)), published, routed, debugged
    ),
    st.permutations(NAMES),
    st.lists(NODES, min_size=1, max_size=6),
    st.frozensets(st.sampled_from(["db", "cache"])),
    st.frozensets(st.sampled_from(NAMES), max_size=4),
    st.frozensets(st.sampled_from(NAMES), max_size=2),
)


def request(text: str, lock: str = "") -> Request:
    """A request for a random manifest, with a lock of before and nothing on disk."""
    texts = {"integration.yaml": text, **DOCKERFILE, **({"integration.lock.json": lock} if lock else {})}
    contents = {path: text.encode() for path, text in texts.items()}

    def look(_output: str, wanted: Iterable[str]) -> dict[str, Standing]:
        return {path: Standing("absent") for path in wanted}

    return Request("integration.yaml", MappingFiles(contents), shipped_files(), look)


def planned(text: str, lock: str = "") -> tuple[Compilation, str]:
    """What is decided, and the lock to write."""
    found = plan_manifest(request(text, lock))
    assert found.compilation is not None, (found.diagnostics, text)
    assert not has_errors(found.diagnostics), (found.diagnostics, text)
    return found.compilation, lock_text(found)


@MANY
@given(SHAPES, SHAPES)
def test_an_unrelated_edit_moves_nobodys_port(before: Shape, after: Shape) -> None:
    first, lock = planned(before.text())
    second, _ = planned(after.text(), lock)
    old, new = hosts_of(first.environments["dev"]), hosts_of(second.environments["dev"])
    kept = {name for name in old.keys() & new.keys() if old[name] is not None and new[name] is not None}
    assert {name: new[name] for name in kept} == {name: old[name] for name in kept}
    taken = [port for port in new.values() if port]
    assert len(set(taken)) == len(taken)


@MANY
@given(SHAPES)
def test_deciding_again_with_the_lock_decides_the_same(shape: Shape) -> None:
    for low in (8000, 9226):
        first, lock = planned(shape.text(low))
        assert planned(shape.text(low), lock) == (first, lock)


@SOME
@given(SHAPES)
def test_a_second_compile_changes_nothing(shape: Shape) -> None:
    first = compile_manifest(request(shape.text(9226)))
    second = compile_manifest(request(shape.text(9226), lock_text(first.planned)))
    assert first.tree
    assert second.tree == first.tree


@MANY
@given(SHAPES)
def test_a_traced_emission_without_its_marks_is_the_plain_one(shape: Shape) -> None:
    compilation, _ = planned(shape.text())
    for plan in (compilation.base, *compilation.environments.values()):
        document = compose_document(plan, "integration", {})
        traced = yaml_document(document, traced=True)
        assert strip(traced) == yaml_document(document)
        marked = routes_by_line(traced)
        for number, line in enumerate(strip(traced).split("\n"), start=1):
            assert number in marked or line.endswith(":") or "restart" in line or not line, line


def fifty(more: Mapping[int, str] | None = None, *, databases: str = "", routes: str = "", secrets: str = "") -> str:
    """A manifest of fifty services with infrastructure, routes and edges; `more` is put in by position."""
    head = f"""version: 1
name: shop
networks:
  app: bridge
secrets:
  TOKEN: generated
{secrets}infrastructure:
  db:
    type: postgres
    databases:
      d0:
      d1:
      d2:
{databases}  cache:
    type: redis
  log:
    type: kafka
    topics:
      orders:
      payments:
services:
"""
    blocks: list[str] = []
    for number in range(50):
        lines = [f"  s{number}:", "    build: ./svc", f"    role: Service {number}", "    port: 8000"]
        lines += ["    healthcheck: /health", "    environment:", f"      DB: ${{db.d{number % 3}.url}}"]
        lines += ["      CACHE: ${cache.url}", "      TOKEN: ${secrets.TOKEN}"]
        lines += [f"      UP: ${{s{number // 2}.url}}"] if number > 2 else []
        lines += ["      LOG: ${log.brokers}"] if number % 7 == 0 else []
        lines += ["    migrate: make migrate"] if number % 9 == 0 else []
        blocks.append("".join(f"{line}\n" for line in lines))
    for position, block in (more or {}).items():
        blocks.insert(position, block)
    ways = "".join(f"    - path: /s{number}/\n      service: s{number}\n" for number in range(0, 50, 5))
    tests = "tests:\n  api:\n    - GET s0 /health\n"
    return f"{head}{''.join(blocks)}gateway:\n  routes:\n{ways}{routes}{tests}"


NEWCOMER = """  newcomer:
    build: ./svc
    role: The newest
    port: 8000
    healthcheck: /health
    environment:
      DB: ${db.d1.url}
      CACHE: ${cache.url}
      TOKEN: ${secrets.TOKEN}
      UP: ${s1.url}
"""
RICH = NEWCOMER.replace("db.d1", "db.newcomer").replace("secrets.TOKEN", "secrets.NEWCOMER") + "    migrate: make\n"


def texts_of(found: Compiled) -> dict[str, str]:
    """The whole tree, and the lock."""
    assert found.tree, found.diagnostics
    tree = {path: artifact.text for path, artifact in found.tree.items()}
    return {**tree, "integration.lock.json": lock_text(found.planned)}


@cache
def before() -> dict[str, str]:
    """The tree of the fifty."""
    return texts_of(compile_texts({"integration.yaml": fifty(), **DOCKERFILE}))


class Change(NamedTuple):
    """What a diff without context takes away, and what it adds outside the newcomer's own blocks.

    A block is the newcomer's own when it is one run of added lines and names it.
    """

    removed: list[str]
    added: list[str]


def change(old: Mapping[str, str], new: Mapping[str, str]) -> Change:
    """The change of a whole tree."""
    removed: list[str] = []
    added: list[str] = []
    for path in sorted(old.keys() | new.keys()):
        lines, after = (text.get(path, "").splitlines() for text in (old, new))
        start = _first_difference(lines, after)
        matcher = difflib.SequenceMatcher(None, lines[start:], after[start:], autojunk=False)
        for tag, *span in matcher.get_opcodes():
            if tag == "equal":
                continue
            first, last, new_first, new_last = (start + index for index in span)
            run = after[new_first:new_last]
            removed += lines[first:last]
            added += [] if any("newcomer" in line.lower() for line in run) else run
    return Change(removed, added)


def _first_difference(old: list[str], new: list[str]) -> int:
    """Where two files part: what comes before need not be compared."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(old), len(new)))


@pytest.mark.parametrize("position", [0, 25, 50])
def test_one_service_more_changes_its_own_blocks_and_ten_lines_at_most(position: int) -> None:
    texts = {"integration.yaml": fifty({position: NEWCOMER}), **DOCKERFILE}
    lock = before()["integration.lock.json"]
    found = change(before(), texts_of(compile_texts({**texts, "integration.lock.json": lock})))
    assert len(found.removed) <= 10, found.removed
    assert len(found.added) <= 10, found.added


def test_so_does_one_with_a_route_a_database_a_secret_and_a_migration_but_for_digests() -> None:
    text = fifty(
        {25: RICH},
        databases="      newcomer:\n",
        routes="    - path: /newcomer/\n      service: newcomer\n",
        secrets="  NEWCOMER: required\n",
    )
    lock = before()["integration.lock.json"]
    found = change(
        before(), texts_of(compile_texts({"integration.yaml": text, **DOCKERFILE, "integration.lock.json": lock}))
    )
    digests = ("periplus-signature", "periplus.configuration")
    removed, added = ([line for line in lines if not any(one in line for one in digests)] for lines in found)
    assert len(removed) <= 10, removed
    assert len(added) <= 10, added
    assert len(found.removed) <= 15, "a digest a file that has a block of the newcomer"


def test_what_a_change_is() -> None:
    old = {"a": "1\n2\n3\n", "b": "x\n", "gone": "y\n"}
    new = {"a": "1\nnewcomer\n  its line\n2\n3\n", "b": "z\nx\n"}
    assert change(old, new) == Change(["y"], ["z"])
    moved = {"a": "3\n1\n2\n"}
    assert change({"a": "1\n2\n3\n"}, moved).removed
