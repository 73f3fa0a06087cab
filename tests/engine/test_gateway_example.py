"""Example 01 on the real engine: it starts with one command, in order, and what it says of itself is true."""

from __future__ import annotations

import json
import re
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.engine.tree import Events, Ran, Tree, docker, eventually, get, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.engine.conftest import MakeTree

pytestmark = pytest.mark.engine

SERVICES = ("auth-service", "user-service", "api-gateway")
SECRETS = ("DB_PASSWORD", "REDIS_PASSWORD", "JWT_SECRET", "POSTGRES_PASSWORD")
READY_SIGN = {
    "postgres": "database system is ready to accept connections",
    "redis": "Ready to accept connections",
    **dict.fromkeys(SERVICES, "Uvicorn running on"),
}
HEALTHY = "health_status: healthy"
SPARE_S = 5
"""What the engine and Compose may take beside the services' own readiness and an interval a layer."""
COPIES, ROUNDS = 5, 2
"""So many copies at once, booted so many times each: ten first boots."""


class StartUp(NamedTuple):
    """One start of the example, on a bare checkout whose images are built; moments are seconds since 1970."""

    tree: Tree
    bare: bool
    started: Ran
    start: Mapping[str, float]
    healthy: Mapping[str, float]
    ended: float


@pytest.fixture(scope="module")
def up(make_tree: MakeTree) -> StartUp:
    """The example, started once for this module."""
    tree = make_tree("01-gateway")
    has_network = run(["docker", "network", "inspect", f"{tree.project}-network"]).code == 0
    bare = not (tree.output / ".env").exists() and not has_network
    # Compose wants the values even to build: these are for this one command.
    built = run(["docker", "compose", "build"], tree.output, {**tree.environment, **dict.fromkeys(SECRETS, "x")})
    assert built.code == 0, str(built)
    with Events(tree.project) as events:
        started = tree.start()
        ended = time.time()
        eventually(lambda: len(events.first(HEALTHY)) == 5, 30, "the engine tells of five healthy containers")
    return StartUp(tree, bare, started, events.first("start"), events.first(HEALTHY), ended)


# ---- one command on a bare checkout ----


def test_start_makes_what_a_bare_checkout_lacks(up: StartUp) -> None:
    assert up.bare
    env = up.tree.output / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    values = up.tree.values()
    assert all(re.fullmatch("[A-Za-z0-9]{32}", values[name]) for name in SECRETS)
    assert len({values[name] for name in SECRETS}) == len(SECRETS)
    network = f"{up.tree.project}-network"
    assert docker("network", "inspect", "--format", "{{.Name}}", network) == network
    assert f"created the network {network}" in up.started.out
    assert not any(values[name] in up.started.text for name in SECRETS)


def test_everything_is_healthy_and_says_where(up: StartUp) -> None:
    states = {name: (each.status, each.health, each.exit_code) for name, each in up.tree.containers().items()}
    assert states.pop("postgres-app") == ("exited", "", 0)
    assert states == dict.fromkeys(("postgres", "redis", *SERVICES), ("running", "healthy", 0))
    for service in SERVICES:
        assert re.search(
            rf"{service} +healthy +http://127\.0\.0\.1:{up.tree.port(service, 8000)}$", up.started.out, re.MULTILINE
        )


def test_the_order_is_the_one_the_plan_prints(up: StartUp) -> None:
    plan = up.tree.planned()
    job = up.tree.containers()["postgres-app"]
    satisfied = {**up.healthy, "postgres-app": job.finished}
    waits = {edge: point for edge, point in plan["integration_points"].items() if point["until"] != "none"}
    assert len(waits) == 10
    for edge, point in waits.items():
        source, target = edge.split(" -> ")
        assert point["until"] == ("completed" if target == "postgres-app" else "healthy")
        assert satisfied[target] <= up.start[source], f"{source} started before {target} was {point['until']}"
    layer = {name: unit["layer"] for name, unit in plan["units"].items()}
    by_start = sorted(up.start, key=lambda name: up.start[name])
    assert [layer[name] for name in by_start] == sorted(layer.values())


def test_the_time_to_healthy_is_the_services_own(up: StartUp, measured: Callable[[str], None]) -> None:
    """Images are built before. The path is the longest one through readiness and intervals, as the plan has them."""
    containers = up.tree.containers()
    job = containers["postgres-app"]
    own = {name: up.tree.ready_at(name, sign) - containers[name].started for name, sign in READY_SIGN.items()}
    own["postgres-app"] = job.finished - job.started
    plan = up.tree.planned()
    path = slowest_path(plan, own)
    intervals = sum(interval_of(plan["units"][name]) for name in path)
    asking = sum(up.tree.asking_s(name) for name in path)
    bound = sum(own[name] for name in path) + intervals + asking + SPARE_S
    took = up.ended - min(up.start.values())
    told = ", ".join(f"{name} {own[name]:.1f} s" for name in path)
    measured(
        f"01-gateway: healthy after {took:.1f} s of at most {bound:.1f} s: own readiness on the critical path {told}; "
        f"intervals {intervals:.0f} s; the questions themselves {asking:.1f} s; {SPARE_S} s to spare; start.sh took {up.started.seconds:.1f} s in all"
    )
    assert took <= bound


def interval_of(unit: Mapping[str, Any]) -> float:
    """The seconds between two questions of a unit's health check; none for a job."""
    return float(unit["health"]["interval_ms"]) / 1000 if unit["health"] else 0.0


def slowest_path(plan: Mapping[str, Any], own: Mapping[str, float]) -> list[str]:
    """The units one after the other, of which the last is healthy last if each takes its own time and an interval."""
    edges = [edge.split(" -> ") for edge, point in plan["integration_points"].items() if point["until"] != "none"]
    longest: dict[str, tuple[float, list[str]]] = {}
    for name, unit in sorted(plan["units"].items(), key=lambda item: int(item[1]["layer"])):
        before = max((longest[target] for source, target in edges if source == name), default=(0.0, []))
        longest[name] = (before[0] + own[name] + interval_of(unit), [*before[1], name])
    return max(longest.values())[1]


def test_every_service_is_ready(up: StartUp) -> None:
    asked = {
        "auth-service": {"database", "redis"},
        "user-service": {"database", "redis", "auth_service"},
        "api-gateway": {"auth_service", "user_service"},
    }
    for service, checks in asked.items():
        status, body = get(up.tree.port(service, 8000), "/health/ready")
        assert (status, json.loads(body)) == (200, {"status": "ready", "checks": dict.fromkeys(checks, "healthy")})


def test_generated_passwords_open_what_is_theirs_and_no_other_does(up: StartUp) -> None:
    values = up.tree.values()
    asked = "select current_user, current_database()"
    assert up.tree.sql(asked, "app", values["DB_PASSWORD"], "app").out == "app|app\n"
    assert up.tree.sql(asked, "postgres", values["POSTGRES_PASSWORD"], "postgres").out == "postgres|postgres\n"
    for user, database in (("app", "app"), ("postgres", "postgres")):
        refused = up.tree.sql(asked, user, values["REDIS_PASSWORD"], database)
        assert refused.code != 0
        assert "password authentication failed" in refused.err
    ping = ("redis-cli", "-h", "redis", "ping")
    assert up.tree.inside("redis", *ping, REDISCLI_AUTH=values["REDIS_PASSWORD"]).out == "PONG\n"
    assert "NOAUTH" in up.tree.inside("redis", *ping, REDISCLI_AUTH="").out


def test_no_container_holds_a_volume_without_a_name(up: StartUp) -> None:
    ids = [each.id for each in up.tree.containers().values()]
    mounts = [mount for each in json.loads(docker("inspect", *ids)) for mount in each["Mounts"]]
    names = {mount["Name"] for mount in mounts if mount["Type"] == "volume"}
    assert names == {f"{up.tree.project}_postgres-data", f"{up.tree.project}_redis-data"}


# ---- the scripts that verify ----


def test_health_check_and_tests_pass(up: StartUp) -> None:
    checked = up.tree.script("health-check")
    assert (checked.code, checked.out.splitlines()[-1]) == (0, "all 6 are well"), str(checked)
    tested = up.tree.script("test")
    assert (tested.code, tested.out.splitlines()[-1]) == (0, "all tests passed"), str(tested)


@pytest.mark.parametrize(
    ("stopped", "dragged_along"),
    [("auth-service", {"user-service", "api-gateway"}), ("redis", {"auth-service", "user-service"})],
)
def test_both_fail_and_name_what_is_stopped(up: StartUp, stopped: str, dragged_along: set[str]) -> None:
    container = up.tree.containers()[stopped].id
    docker("stop", "--time", "2", container)
    try:
        checked = up.tree.script("health-check")
        tested = up.tree.script("test")
    finally:
        docker("start", container)
        eventually(lambda: up.tree.containers()[stopped].health == "healthy", 60, f"{stopped} is healthy again")
    for done in (checked, tested):
        assert done.code == 1, str(done)
        assert re.search(rf"^FAIL +{stopped} +(has ended|ended with \d+)$", done.out, re.MULTILINE), str(done)
        named = re.search(r"^health-check\.sh: \d of 6 failed: (.*)$", done.err, re.MULTILINE)
        assert named, str(done)
        assert {stopped} <= set(named[1].split()) <= {stopped, *dragged_along}
    assert "test.sh: failed: tests/health-checks.sh" in tested.err
    assert "all tests passed" not in tested.out


def test_a_second_start_changes_nothing(up: StartUp) -> None:
    env = up.tree.output / ".env"
    before = env.read_bytes(), up.tree.ids(), up.tree.volumes()
    password = up.tree.values()["DB_PASSWORD"]
    made = up.tree.sql("create table kept (n int); insert into kept values (7)", "app", password, "app")
    assert made.code == 0, str(made)
    restarts = {name: each.started for name, each in up.tree.containers().items() if name in before[1]}
    up.tree.start()
    assert (env.read_bytes(), up.tree.ids(), up.tree.volumes()) == before
    assert {name: each.started for name, each in up.tree.containers().items() if name in before[1]} == restarts
    assert up.tree.sql("select n from kept", "app", password, "app").out == "7\n"


# ---- plain Compose ----


@pytest.mark.usefixtures("up")
def test_plain_compose_starts_it_from_the_first_boot_ten_times_in_ten(
    make_tree: MakeTree, measured: Callable[[str], None]
) -> None:
    trees = [make_tree("01-gateway") for _ in range(COPIES)]
    with ThreadPoolExecutor(COPIES) as at_once:
        seconds = [each for boots in at_once.map(first_boots, trees) for each in boots]
    assert len(seconds) == 10
    measured(
        f"01-gateway: `docker compose up --wait` from the first boot, {len(seconds)} of {len(seconds)}, "
        f"{COPIES} copies at once: {min(seconds):.1f} to {max(seconds):.1f} s"
    )


def first_boots(tree: Tree) -> list[float]:
    """How long each first boot took, in seconds; fails where one is not healthy at its end."""
    tree.start("--prepare")
    assert not tree.containers()
    tree.compose("build")
    return [first_boot(tree) for _ in range(ROUNDS)]


def first_boot(tree: Tree) -> float:
    """How long `up --wait` took on empty volumes, in seconds; everything is gone afterwards."""
    assert not tree.volumes()
    done = tree.compose("up", "--wait")
    states = {name: each.health or each.exit_code for name, each in tree.containers().items()}
    assert states == {"postgres-app": 0, **dict.fromkeys(("postgres", "redis", *SERVICES), "healthy")}
    ready = [(tree.port(service, 8000), "/health/ready") for service in SERVICES]
    eventually(lambda: {get(*each)[0] for each in ready} == {200}, 30, "all are ready")
    tree.compose("down", "--volumes", "--timeout", "2")
    return done.seconds
