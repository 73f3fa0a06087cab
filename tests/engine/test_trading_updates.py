"""What the running example 02 keeps while its manifest changes, step by step: these tests follow one another.

A service with a database is added, gets a route, is removed, and comes back; a volume gets another name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.engine.tree import Tree, docker, get

if TYPE_CHECKING:
    from tests.engine.conftest import Running

pytestmark = pytest.mark.engine

DATABASE = "      ledger:\n"
SERVICE = """
  ledger:
    build: ./accounts
    port: 3001
    environment:
      DATABASE_URL: ${postgres.ledger.url}
    migrate: alembic upgrade head
"""
ROUTE = """    - path: /ledger/
      service: ledger
      strip_prefix: true
"""
ADDED = {"postgres-ledger", "ledger-migrate", "ledger"}
BEFORE_DATABASE = "        seed: ./trading/seed.sql\n"
BEFORE_SERVICE = "          target: /app/src\n"
BEFORE_ROUTE = "  routes:\n"
REDIS = "    type: redis\n"


@pytest.fixture
def tree(trading: Running) -> Tree:
    return trading.tree


def add(tree: Tree, before: str, text: str) -> None:
    """Write a text behind another into the manifest."""
    tree.edit("integration.yaml", before, before + text)


def remove(tree: Tree, before: str, text: str) -> None:
    """Take it out again."""
    tree.edit("integration.yaml", before + text, before)


def state(tree: Tree) -> dict[str, tuple[str, float]]:
    """Every container, and since when it runs: jobs run at each start, so of those only which container it is."""
    return {
        name: (each.id, each.started if each.status == "running" else 0.0) for name, each in tree.containers().items()
    }


def owner_says(tree: Tree, statement: str, database: str = "trading") -> str:
    """What the owner of a database is told."""
    password = tree.values()[f"POSTGRES_{database.upper()}_PASSWORD"]
    done = tree.sql(statement, database, password, database)
    assert done.code == 0, str(done)
    return done.out.strip()


def test_a_service_with_a_database_is_added_and_nothing_else_is_touched(tree: Tree) -> None:
    owner_says(tree, "create table kept (n int); insert into kept values (7)")
    before, volumes = state(tree), tree.volumes()
    add(tree, BEFORE_DATABASE, DATABASE)
    add(tree, BEFORE_SERVICE, SERVICE)
    tree.recompile()
    started = tree.start()

    after = state(tree)
    assert set(after) - set(before) == ADDED
    assert {name: after[name] for name in before} == before
    containers = tree.containers()
    assert containers["ledger"].health == "healthy"
    assert [containers[job].exit_code for job in ("postgres-ledger", "ledger-migrate")] == [0, 0]
    assert tree.volumes() == volumes
    assert owner_says(tree, "select n from kept") == "7"
    assert "no longer" not in started.text
    assert "kept" not in started.text
    owner_says(tree, "create table entries (n int); insert into entries values (11)", "ledger")


def test_a_route_makes_a_new_gateway_and_nothing_else(tree: Tree) -> None:
    before = state(tree)
    add(tree, BEFORE_ROUTE, ROUTE)
    tree.recompile()
    tree.start()

    after = state(tree)
    assert {name for name in after if after[name] != before.get(name)} == {"gateway"}
    assert json.loads(get(tree.port("gateway", 80), "/ledger/health")[1])["service"] == "accounts"


def test_what_is_removed_is_gone_while_its_data_is_kept_and_told_of(tree: Tree) -> None:
    before, volumes = state(tree), tree.volumes()
    for place, text in ((BEFORE_ROUTE, ROUTE), (BEFORE_SERVICE, SERVICE), (BEFORE_DATABASE, DATABASE)):
        remove(tree, place, text)
    tree.recompile()
    started = tree.start()

    after = state(tree)
    assert set(before) - set(after) == ADDED
    assert {name for name in after if after[name] != before[name]} == {"gateway"}
    assert tree.volumes() == volumes
    gone = [line for line in started.out.splitlines() if line.startswith("no longer declared")]
    assert gone == [
        "no longer declared, so its container goes: ledger",
        "no longer declared, so its container goes: ledger-migrate",
        "no longer declared, so its container goes: postgres-ledger (what it made in postgres stays there)",
    ]
    assert "orphan" not in started.text
    assert "kept, though" not in started.text, "the database lies in the volume of a server that is still used"
    assert owner_says(tree, "select n from entries", "ledger") == "11"
    assert owner_says(tree, "select n from kept") == "7"


def test_what_comes_back_finds_its_data_again(tree: Tree) -> None:
    before = state(tree)
    add(tree, BEFORE_DATABASE, DATABASE)
    add(tree, BEFORE_SERVICE, SERVICE)
    tree.recompile()
    tree.start()
    after = state(tree)
    assert {name: after[name] for name in before} == before
    assert tree.containers()["ledger"].health == "healthy"
    assert owner_says(tree, "select n from entries", "ledger") == "11"


def test_a_volume_of_another_name_leaves_the_old_one_and_says_so(tree: Tree) -> None:
    before, volumes = state(tree), tree.volumes()
    add(tree, REDIS, "    volume: prices\n")
    tree.recompile()
    started = tree.start()

    after = state(tree)
    changed = {name for name in after if after[name] != before[name]}
    assert {"redis"} <= changed <= {"redis", "market"}, "some Compose make what waits for a new container anew, too"
    old, new = f"{tree.project}_redis-data", f"{tree.project}_prices"
    assert tree.volumes() == {*volumes, new}
    said = (
        f"kept, though nothing uses it any more: the volume {old}\n  to destroy it and its data: docker volume rm {old}"
    )
    assert started.out.endswith(f"{said}\n"), str(started)
    docker("volume", "rm", old)
    assert "kept, though" not in tree.start().text
