from __future__ import annotations

import pytest

from compiler.model.plan import Asker, Execute, Health, HttpGet, Timing
from compiler.passes.health import has_check
from tests.plans import defects_of, plan_of

PYTHON = "FROM python:3.12-slim\n"
OWN = PYTHON + "HEALTHCHECK CMD true\n"


def health_of(check: str, dockerfile: str = PYTHON, ports: str = "port: 80") -> Health | None:
    """The health of `web`, `check` and `ports` being lines of it."""
    text = f"services:\n  web:\n    build: .\n    {ports}\n{check}"
    plan = plan_of(text, {"Dockerfile": dockerfile})
    assert plan.defects == ()
    return plan.units["web"].health


@pytest.mark.parametrize(
    ("check", "dockerfile", "liveness", "readiness", "asker"),
    [
        ("    healthcheck: /live\n", PYTHON, HttpGet(80, "/live"), None, Asker.PYTHON),
        ("    healthcheck: /live\n", "FROM node:22\n", HttpGet(80, "/live"), None, Asker.NODE),
        ("    healthcheck: /live\n", "FROM alpine\n", HttpGet(80, "/live"), None, Asker.WGET),
        ("    healthcheck: /live\n", "FROM some/thing\n", HttpGet(80, "/live"), None, Asker.FIRST_FOUND),
        (
            "    healthcheck:\n      readiness: /ready\n",
            PYTHON,
            HttpGet(80, "/ready"),
            HttpGet(80, "/ready"),
            Asker.PYTHON,
        ),
        (
            "    healthcheck:\n      liveness: /live\n      readiness: /ready\n",
            PYTHON,
            HttpGet(80, "/live"),
            HttpGet(80, "/ready"),
            Asker.PYTHON,
        ),
        ("    healthcheck:\n      command: ask\n", PYTHON, Execute((("ask",),), True), None, Asker.FIRST_FOUND),
        (
            "    healthcheck:\n      liveness: /live\n      probe: curl\n",
            "FROM scratch\n",
            HttpGet(80, "/live"),
            None,
            Asker.CURL,
        ),
        ("    healthcheck:\n      probe: image\n", PYTHON, None, None, Asker.IMAGE),
        ("    healthcheck:\n      readiness: /ready\n", OWN, None, HttpGet(80, "/ready"), Asker.IMAGE),
        ("    healthcheck:\n      interval: 2s\n", OWN, None, None, Asker.IMAGE),
        (
            "    healthcheck:\n      probe: none\n      readiness: /ready\n",
            OWN,
            None,
            HttpGet(80, "/ready"),
            Asker.NONE,
        ),
        ("", OWN, None, None, Asker.IMAGE),
    ],
)
def test_who_is_asked_what(check: str, dockerfile: str, liveness: object, readiness: object, asker: Asker) -> None:
    health = health_of(check, dockerfile)
    assert health is not None
    assert (health.liveness, health.readiness, health.asker) == (liveness, readiness, asker)


def test_without_a_check_there_is_none() -> None:
    assert health_of("") is None
    assert health_of("", PYTHON + "HEALTHCHECK NONE\n") is None


@pytest.mark.parametrize(
    ("ports", "check", "port"),
    [
        ("ports:\n      admin: 90\n      main: 80", "", 90),
        ("ports:\n      main: 80\n      admin: 90", "      port: admin\n", 90),
        ("ports:\n      main: 80", "      port: 99\n", 99),
        ("port: internal:81", "", 81),
    ],
)
def test_which_port_is_asked(ports: str, check: str, port: int) -> None:
    health = health_of(f"    healthcheck:\n      liveness: /live\n{check}", ports=ports)
    assert health is not None
    assert health.liveness == HttpGet(port, "/live")


def test_the_debug_port_is_never_asked() -> None:
    text = "services:\n  web:\n    build: .\n    port: 80\n    healthcheck: /\n    develop:\n      debug_port: 9229\n"
    health = plan_of(text, {"Dockerfile": PYTHON}, "dev").units["web"].health
    assert health is not None
    assert health.liveness == HttpGet(80, "/")


@pytest.mark.parametrize(
    ("service", "files", "expected"),
    [
        ("image: x\n    port: 80\n    healthcheck: /", {}, ("health.unknown-asker", {"unit": "web", "image": "x"})),
        ("build: .\n    port: 80\n    healthcheck: /", {}, ("health.unknown-asker", {"unit": "web", "context": "."})),
        (
            "build: .\n    port: 80\n    healthcheck: /",
            {"Dockerfile": "FROM scratch\n"},
            ("health.no-asker", {"unit": "web", "base": "scratch"}),
        ),
        ("image: x\n    healthcheck:\n      liveness: /\n      probe: curl", {}, ("health.no-port", {"unit": "web"})),
        (
            "image: x\n    port: 80\n    healthcheck:\n      liveness: /\n      probe: curl\n      port: admin",
            {},
            ("health.unknown-port", {"unit": "web", "port": "admin", "accepted": "default"}),
        ),
    ],
)
def test_what_cannot_be_asked(service: str, files: dict[str, str], expected: tuple[str, dict[str, str]]) -> None:
    ((kind, facts),) = defects_of(f"services:\n  web:\n    {service}\n", files)
    assert kind == expected[0]
    assert expected[1].items() <= facts.items()


def test_a_build_outside_the_repository_is_not_read() -> None:
    text = "services:\n  web:\n    build: ../web\n    port: 80\n    healthcheck: /\n"
    files = {"../web/Dockerfile": PYTHON}
    assert [defect.kind for defect in plan_of(text, files).defects] == ["health.unknown-asker"]
    assert plan_of(text, files, reach=1).defects == ()


@pytest.mark.parametrize(
    ("liveness", "asker", "expected"),
    [
        (HttpGet(80, "/"), Asker.CURL, True),
        (HttpGet(80, "/"), Asker.NONE, False),
        (None, Asker.IMAGE, True),
        (None, Asker.CURL, False),
    ],
)
def test_whether_something_can_wait(liveness: HttpGet | None, asker: Asker, expected: bool) -> None:
    assert has_check(Health(liveness, None, Timing(1, 1, 1, 1), asker, ())) is expected
    assert has_check(None) is False


def test_an_instance_is_asked_as_its_kind_says() -> None:
    units = plan_of("infrastructure:\n  db:\n    type: postgres\n  obs:\n    type: otel-lgtm\n").units
    asked = units["db"].health
    assert asked is not None
    assert isinstance(asked.liveness, Execute)
    assert asked.liveness.shell
    assert asked.timing == Timing(2000, 5000, 30, 30_000)
    assert has_check(units["obs"].health)
