"""Example 02 on the real engine: migrations, seed, hot reload, gateway, the isolated copy, and who may read what."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.tree import PROJECT, Tree, docker, eventually, get, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.conftest import MakeTree, Running

pytestmark = pytest.mark.engine

JOBS = {"postgres-trading", "postgres-trading-seed", "postgres-accounts", "accounts-migrate"}
SERVERS = {"postgres", "redis", "events", "gateway"}
SERVICES = {"accounts": 3001, "market": 3002, "trading": 3000}
FLOW = "PASS  register, then read the account back"
STAND_INS = Path(__file__).parent / "standins"


@pytest.fixture
def tree(trading: Running) -> Tree:
    return trading.tree


# ---- the start ----


def test_the_required_key_is_asked_for_before_anything_starts(trading: Running) -> None:
    assert trading.refused.code == 2, str(trading.refused)
    asked = "MARKET_API_KEY: key of the market data provider, ask the market team (needed by market)"
    assert asked in trading.refused.err
    assert "Creating" not in trading.refused.text


def test_everything_is_healthy_and_every_job_has_ended_well(tree: Tree) -> None:
    states = {name: (each.status, each.health, each.exit_code) for name, each in tree.containers().items()}
    assert states == {
        **dict.fromkeys(JOBS, ("exited", "", 0)),
        **dict.fromkeys((*SERVERS, *SERVICES), ("running", "healthy", 0)),
    }


def test_start_says_where_everything_is(trading: Running) -> None:
    for service, inside in {**SERVICES, "gateway": 80}.items():
        port = trading.tree.port(service, inside)
        assert re.search(rf"{service} +healthy +http://127\.0\.0\.1:{port}$", trading.started.out, re.MULTILINE)


def test_migrations_and_seed_ran_before_what_needs_them(tree: Tree) -> None:
    made = tree.containers()
    for job, after in (
        ("postgres-accounts", "accounts-migrate"),
        ("accounts-migrate", "accounts"),
        ("postgres-trading", "postgres-trading-seed"),
        ("postgres-trading-seed", "trading"),
    ):
        assert made[job].finished <= made[after].started, f"{after} started before {job} had ended"
    assert made["trading"].started >= made["accounts"].started


def test_every_service_is_ready(tree: Tree) -> None:
    asked = {
        "accounts": {"database", "migrations"},
        "market": {"redis"},
        "trading": {"database", "broker", "accounts", "market"},
    }
    for service, checks in asked.items():
        status, body = get(tree.port(service, SERVICES[service]), "/health/ready")
        assert (status, json.loads(body)) == (200, {"status": "ready", "checks": dict.fromkeys(checks, "healthy")})


def test_health_check_and_tests_pass(tree: Tree) -> None:
    health = tree.script("health-check")
    assert health.code == 0, str(health)
    for name in (*JOBS, *SERVERS, *SERVICES):
        assert re.search(rf"^ok +{name} ", health.out, re.MULTILINE), f"{name}\n{health}"
    tests = tree.script("test")
    assert tests.code == 0, str(tests)
    for line in (FLOW, "PASS  GET accounts /health answers 200", "PASS  trading -> market: asked inside trading"):
        assert line in tests.out, str(tests)
    assert "FAIL" not in tests.out


def test_the_flow_goes_through_the_gateway(tree: Tree) -> None:
    flow = run([str(tree.output / "tests" / "smoke-tests.sh")], tree.folder, tree.environment)
    assert (flow.code, flow.out) == (0, f"{FLOW}\nall 1 flows passed\n")
    logs = run(["docker", "logs", "--tail", "5", tree.containers()["gateway"].id]).text
    assert re.search(r'"GET /accounts/accounts/\d+ HTTP/1.1" 200', logs)


def test_the_routes_of_the_manifest_reach_the_services(tree: Tree) -> None:
    gateway = tree.port("gateway", 80)
    # `/accounts/` is taken off for accounts, everything else is trading's.
    assert json.loads(get(gateway, "/accounts/health")[1])["service"] == "accounts"
    assert json.loads(get(gateway, "/health")[1])["service"] == "trading"
    assert get(gateway, "/accounts?x=1")[0] == 404
    assert get(gateway, "/accountsx") == (404, '{"detail":"there is no GET /accountsx"}')
    assert get(gateway, "/orders/1%2F2?x") == (404, '{"detail":"there is no GET /orders/1%2F2"}')


def test_a_second_start_changes_nothing_and_seeds_nothing(tree: Tree) -> None:
    assert orders(tree) == 3
    before = tree.ids()
    kept = (tree.output / ".env").read_bytes()
    tree.start()
    assert tree.ids() == before
    assert (tree.output / ".env").read_bytes() == kept
    assert orders(tree) == 3, "the seed is applied once"


def orders(tree: Tree) -> int:
    """How many orders there are."""
    done = tree.sql("SELECT count(*) FROM orders", "trading", tree.values()["POSTGRES_TRADING_PASSWORD"], "trading")
    assert done.code == 0, str(done)
    return int(done.out)


# ---- who may read what ----


def test_each_login_reaches_its_own_database_and_no_other(tree: Tree) -> None:
    passwords = {name: tree.values()[f"POSTGRES_{name.upper()}_PASSWORD"] for name in ("trading", "accounts")}
    for user, other in (("trading", "accounts"), ("accounts", "trading")):
        own = tree.sql("SELECT current_user || '@' || current_database()", user, passwords[user], user)
        assert own.out.strip() == f"{user}@{user}", str(own)
        for database, complaint in (
            (other, f'permission denied for database "{other}"'),
            ("postgres", ""),
        ):
            refused = tree.sql("SELECT 1 FROM pg_authid", user, passwords[user], database)
            assert refused.code != 0, str(refused)
            assert complaint in refused.err
        mistaken = tree.sql("SELECT 1", user, passwords[other], user)
        assert "password authentication failed" in mistaken.err, str(mistaken)


AMQP = """
import { connect } from 'amqplib';
const url = new URL(process.env.AMQP_URL);
for (const [user, password] of [[url.username, url.password], [url.username, 'wrong'], ['guest', 'guest'], ['', '']]) {
  url.username = user; url.password = password;
  try { await (await connect(url.href, { timeout: 5000 })).close(); console.log('in'); }
  catch (error) { console.log(/ACCESS_REFUSED|403/.test(error.message) ? 'refused' : error.message); }
}
"""


def test_the_broker_wants_its_password(tree: Tree) -> None:
    done = tree.inside("trading", "node", "--input-type=module", "--eval", AMQP)
    assert done.out.split("\n") == ["in", "refused", "refused", "refused", ""], str(done)


REDIS = """
version: 1
name: locked
infrastructure:
  cache:
    type: redis
    version: 7
    password: ${secrets.CACHE_PASSWORD}
secrets:
  CACHE_PASSWORD: generated
services:
  client:
    image: busybox:1.36
    command: sleep 600
    environment:
      CACHE_URL: ${cache.url}
    compose:
      init: true
environments:
  staging:
    services:
      client:
        environment:
          STAGE: staging
"""


@pytest.fixture(scope="module")
def locked(make_tree: MakeTree) -> Tree:
    """A cache with a password, and a client."""
    tree = make_tree({"integration.yaml": REDIS})
    tree.start()
    return tree


def test_the_cache_wants_its_password(locked: Tree) -> None:
    password = locked.values()["CACHE_PASSWORD"]
    for given, answer in ((password, "PONG"), ("wrong", "NOAUTH"), ("", "NOAUTH")):
        done = locked.inside("cache", "redis-cli", "-h", "cache", "ping", REDISCLI_AUTH=given)
        assert answer in done.text, str(done)


def test_another_environment_keeps_its_data_and_opens_it_again(locked: Tree) -> None:
    """Unlike the test copy, it is a system to stay: what was generated for it is in `.env`."""
    cli = ["docker", "compose", "--project-name", f"{locked.project}-staging", "exec", "-T", "cache", "redis-cli"]
    locked.start("--env", "staging")
    assert run([*cli, "set", "kept", "yes"]).out == "OK\n"
    assert run([*cli, "save"]).out == "OK\n"
    stopped = locked.script("stop", "--env", "staging")
    assert stopped.code == 0, str(stopped)
    locked.start("--env", "staging")
    assert run([*cli, "get", "kept"]).out == "yes\n"
    locked.script("stop", "--env", "staging")


# ---- the dev overlay ----


def test_the_dev_command_runs_and_the_debugger_answers(tree: Tree) -> None:
    command = docker("inspect", "--format", "{{json .Config.Cmd}}", tree.containers()["trading"].id)
    assert json.loads(command) == ["npm", "run", "dev"]
    status, version = get(tree.port("trading", 9229), "/json/version")
    assert status == 200
    assert json.loads(version)["Browser"].startswith("node.js/")


def test_a_changed_source_is_carried_into_the_container(tree: Tree, tmp_path: Path) -> None:
    engine = int(docker("version", "--format", "{{.Server.Version}}").split(".")[0])
    if engine < 28 and run(["getent", "passwd", "1000"]).code != 0:
        # https://github.com/moby/moby/issues/34142
        pytest.skip("Docker before 28 syncs only as a user whom its own machine knows, and 1000 is nobody here")
    before = tree.ids()
    with watching(tree, tmp_path / "said") as said:
        eventually(lambda: "atch" in said.read_text().rpartition("is up:")[2], 120, "compose watches")
        source = tree.folder / "trading" / "src" / "server.js"
        text = source.read_text(encoding="utf-8")

        def is_carried() -> bool:
            # Written until it is seen: Compose says that it watches a moment before it does.
            source.write_text(text.replace("service: 'trading'", f"service: 'changed', at: {time.time()}"))
            time.sleep(0.5)
            return "changed" in get(tree.port("trading", 3000), "/health")[1]

        eventually(is_carried, 90, "trading answers with the changed source")
    assert tree.ids() == before


@contextlib.contextmanager
def watching(tree: Tree, said: Path) -> Iterator[Path]:
    """`start.sh --watch` runs within; the file holds what it says."""
    command = [str(tree.output / "scripts" / "start.sh"), "--watch"]
    with said.open("w") as out:
        process = subprocess.Popen(
            command, env={**os.environ, **tree.environment}, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield said
        assert process.poll() is None, said.read_text()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


# ---- a service that is away ----


def test_an_edge_that_waits_for_nothing_delays_nothing(tree: Tree) -> None:
    ids = tree.containers()
    docker("rm", "--force", ids["market"].id, ids["trading"].id)
    tree.start("--only", "trading")
    assert tree.containers()["trading"].health == "healthy"
    assert "market" not in tree.containers()
    tree.start()
    assert tree.containers()["market"].health == "healthy"


def test_what_is_stopped_is_named(tree: Tree) -> None:
    # The wait of health-checks.sh for a service to come back would take a minute.
    waits = tree.output / "tests" / "health-checks.sh"
    whole = waits.read_text(encoding="utf-8")
    waits.write_text(whole.replace("--wait 60", "--wait 1"), encoding="utf-8")
    try:
        docker("stop", "--time", "2", tree.containers()["market"].id)
        health = tree.script("health-check")
        assert health.code == 1, str(health)
        assert re.findall(r"^FAIL +(\S+) ", health.out, re.MULTILINE) == ["market"]
        assert health.err.startswith("health-check.sh: 1 of 11 failed: market\n"), str(health)
        done = tree.script("test")
        assert done.code == 1, str(done)
        assert "failed: tests/health-checks.sh tests/api-tests.sh\n" in done.err
        assert re.findall(r"^FAIL  (\S+ -> \S+):", done.out, re.MULTILINE) == ["market -> redis", "trading -> market"]
        docker("stop", "--time", "2", tree.containers()["accounts"].id)
        flow = run([str(tree.output / "tests" / "smoke-tests.sh")], tree.folder, tree.environment)
        assert flow.code == 1, str(flow)
        assert re.match(rf"FAIL {FLOW.removeprefix('PASS ')}\n +step 1, POST accounts /accounts: ", flow.out), str(flow)
    finally:
        waits.write_text(whole, encoding="utf-8")
        tree.start()


# ---- the isolated copy ----


def test_two_copies_are_tested_beside_the_running_system(tree: Tree) -> None:
    before, rows, volumes = tree.ids(), orders(tree), tree.volumes()
    with ThreadPoolExecutor(2) as pool:
        copies = [pool.submit(tree.script, "test", "--env", "test") for _ in range(2)]
        done = [copy.result() for copy in copies]
    for each in done:
        assert each.code == 0, str(each)
        assert FLOW in each.out
        assert "all tests passed" in each.out
    names = {name for each in done for name in re.findall(r"removing the copy (\S+)", each.out)}
    assert len(names) == 2
    assert left_of(names) == []
    assert tree.ids() == before
    assert (orders(tree), tree.volumes()) == (rows, volumes)


def left_of(projects: set[str]) -> list[str]:
    """What the engine still has of these projects: containers, volumes, networks, images."""
    label = f'{{{{.Label "{PROJECT}"}}}}'
    listed = [
        docker("ps", "--all", f"--format={label}"),
        docker("volume", "ls", f"--format={label}"),
        docker("network", "ls", "--format={{.Name}}"),
        docker("images", "--format={{.Repository}}"),
    ]
    return [line for lines in listed for line in lines.split() if any(line.startswith(name) for name in projects)]


# ---- what the images really are ----


def test_report_of_stand_ins(measured: Callable[[str], None]) -> None:
    """A stand-in carries an official name and another version: whoever reads this report shall know."""
    lines = [line for file in sorted(STAND_INS.glob("*/images")) for line in file.read_text().splitlines()]
    names = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    assert "postgres:14-alpine" in names
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "periplus-standin-version"]
    with ThreadPoolExecutor(4) as pool:
        for name, said in zip(names, pool.map(lambda name: run([*command, name]), names), strict=True):
            measured(
                f"{name} -> " + (f"stand-in, really {said.out.strip()}" if said.code == 0 else "the official image")
            )
