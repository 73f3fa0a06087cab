"""What a running system keeps while it changes: one copy of example 01, used by these tests in turn.

Its superuser's password is one a person wrote, with all the characters that break URLs, SQL and shells: only the
server and the jobs use it, and in no URL.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.tree import Tree, docker, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import MakeTree

pytestmark = pytest.mark.engine

WRITTEN = "p@s/w#r'd \\x%"
DEFAULTS = "    readiness: /health/ready\n"
DATABASES = """        password: ${secrets.DB_PASSWORD}
"""
REPORTS = """
  reports:
    build: ./user-service
    role: Reports
    port: 8093:8000
    environment:
      DATABASE_URL: ${postgres.reports.url}
      REDIS_URL: ${redis.url}
      AUTH_SERVICE_URL: ${auth-service.url}
"""
"""A service more, with a database of its own."""


@pytest.fixture(scope="module")
def tree(make_tree: MakeTree) -> Tree:
    """The running system; asked each second, so that the tests need not wait for five."""
    made = make_tree("01-gateway")
    made.edit("integration.yaml", DEFAULTS, f"{DEFAULTS}    interval: 1s\n    retries: 60\n")
    made.recompile()
    made.start("--prepare")
    generated = made.values()["POSTGRES_PASSWORD"]
    made.edit("integration/.env", f"POSTGRES_PASSWORD={generated}\n", f'POSTGRES_PASSWORD="{quoted(WRITTEN)}"\n')
    made.start()
    return made


def quoted(text: str) -> str:
    """As it stands between double quotes in `.env`."""
    return text.replace("\\", "\\\\")


def owner_says(tree: Tree, statement: str) -> str:
    """What the owner of the database `app` is told."""
    done = tree.sql(statement, "app", tree.values()["DB_PASSWORD"], "app")
    assert done.code == 0, str(done)
    return done.out.strip()


def test_a_written_password_outside_of_urls_is_used_as_it_is(tree: Tree) -> None:
    asked = tree.sql("select current_user", "postgres", WRITTEN, "postgres")
    assert asked.out == "postgres\n", str(asked)
    assert tree.sql("select 1", "postgres", f"{WRITTEN}x", "postgres").code != 0
    assert tree.containers()["postgres-app"].exit_code == 0


def test_a_new_database_appears_on_the_volume_that_exists(tree: Tree) -> None:
    owner_says(tree, "create table kept (n int); insert into kept values (7)")
    before, env = tree.containers(), (tree.output / ".env").read_text(encoding="utf-8")
    volumes = tree.volumes()
    add_reports(tree)
    started = tree.start()

    after = tree.containers()
    assert set(after) - set(before) == {"postgres-reports", "reports"}
    assert {name: after[name].id for name in before} == {name: each.id for name, each in before.items()}
    servers = set(before) - {"postgres-app"}
    assert {name: after[name].started for name in servers} == {name: before[name].started for name in servers}
    assert tree.volumes() == volumes
    assert owner_says(tree, "select n from kept") == "7"
    assert after["reports"].health == "healthy"
    grown = (tree.output / ".env").read_text(encoding="utf-8")
    assert grown.startswith(env)
    assert grown.removeprefix(env).startswith("POSTGRES_REPORTS_PASSWORD=")
    assert "generated into .env: POSTGRES_REPORTS_PASSWORD" in started.out


def add_reports(tree: Tree) -> None:
    """A database and a service that uses it, and the manifest compiled."""
    tree.edit("integration.yaml", DATABASES, f"{DATABASES}      reports:\n")
    first = int(tree.plan["units"]["auth-service"]["ports"]["default"]["host"])
    tree.edit("integration.yaml", "\ngateway:\n", f"{REPORTS.replace('8093', str(first + 2))}\ngateway:\n")
    tree.recompile()


def test_each_login_reaches_its_own_database_and_no_other(tree: Tree) -> None:
    values = tree.values()
    passwords = {"app": values["DB_PASSWORD"], "reports": values["POSTGRES_REPORTS_PASSWORD"]}
    for user, password in passwords.items():
        for database in passwords:
            asked = tree.sql("create table own (); drop table own", user, password, database)
            if user == database:
                assert asked.code == 0, str(asked)
            else:
                assert f'permission denied for database "{database}"' in asked.err, str(asked)
        other = next(each for name, each in passwords.items() if name != user)
        assert "password authentication failed" in tree.sql("select 1", user, other, user).err


def test_stop_needs_no_env_and_leaves_the_data(tree: Tree) -> None:
    env, away = tree.output / ".env", tree.output / ".env.away"
    volumes = tree.volumes()
    env.rename(away)
    try:
        stopped = tree.script("stop")
        refused = tree.script("start")
        assert not env.exists()
    finally:
        away.rename(env)
    assert stopped.code == 0, str(stopped)
    assert all(volume in stopped.out for volume in volumes)
    # And the start that would have made new passwords for old data is refused, with the ways out.
    assert refused.code == 3, str(refused)
    assert "there is data, but not the passwords it was made with" in refused.err
    assert all(volume in refused.err for volume in volumes)
    assert "restore .env" in refused.err
    assert "scripts/reset.sh --yes" in refused.err
    assert not tree.containers()
    assert tree.volumes() == volumes == {f"{tree.project}_postgres-data", f"{tree.project}_redis-data"}


def test_a_later_start_finds_the_data_again(tree: Tree) -> None:
    tree.start()
    assert owner_says(tree, "select n from kept") == "7"


def test_reset_starts_empty_and_keeps_env(tree: Tree, measured: Callable[[str], None]) -> None:
    env = (tree.output / ".env").read_bytes()
    unasked = tree.script("reset")
    assert (unasked.code, owner_says(tree, "select n from kept")) == (2, "7"), str(unasked)
    made = {volume: docker("volume", "inspect", "--format", "{{.CreatedAt}}", volume) for volume in tree.volumes()}

    done = tree.script("reset", "--yes")
    assert done.code == 0, str(done)
    measured(f"01-gateway, asked each second: reset.sh --yes took {done.seconds:.1f} s")
    assert (tree.output / ".env").read_bytes() == env
    assert tree.volumes() == set(made)
    assert owner_says(tree, "select to_regclass('kept') is null") == "t"
    checked = tree.script("health-check")
    assert checked.code == 0, str(checked)


def test_without_periplus_it_starts_is_tested_and_stops(tree: Tree) -> None:
    """Leaving is deleting: nothing in the tree calls Periplus or reads what belongs to it."""
    stopped = tree.script("stop")
    assert stopped.code == 0, str(stopped)
    for path in ("integration.yaml", "integration.lock.json", "PORT_REGISTRY.json"):
        (tree.folder / path).unlink()
    for folder in (tree.output / ".periplus", tree.folder / ".git"):
        shutil.rmtree(folder, ignore_errors=True)
    folders = [each for each in os.environ["PATH"].split(os.pathsep) if not Path(each, "periplus").exists()]
    path = os.pathsep.join(folders)
    gone = run(["python3", "-c", "import compiler"], tree.folder, {"PATH": path, "PYTHONPATH": ""})
    assert "No module named 'compiler'" in gone.err, str(gone)

    for script, said in (("start", "is up:"), ("test", "all tests passed"), ("stop", "is stopped")):
        done = tree.script(script, PATH=path, PYTHONPATH="")
        assert done.code == 0, str(done)
        assert said in done.out
    assert not tree.containers()
