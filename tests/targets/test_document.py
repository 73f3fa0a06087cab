from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from compiler.targets.compose.document import Composer, compose_document
from tests.plans import file_of, tree_of
from tests.support import EXAMPLES, ROOT

FILES = {
    "web/Dockerfile": "FROM python:3.12 AS prod\n",
    "Dockerfile": "FROM node:22\n",
    "app.sql": "select 1;\n",
    "seed.sql": "select 2;\n",
}


def service(entry: str, name: str = "web", rest: str = "", file: str = "docker-compose.yml") -> dict[str, Any]:
    """A service of the Compose file; `entry` are lines of `web`."""
    found: dict[str, Any] = file_of(f"services:\n  web:\n    {entry}\n{rest}", file, FILES)["services"][name]
    return found


def test_a_small_system_in_full(snapshot: SnapshotAssertion) -> None:
    text = """
networks:
  shared: external
infrastructure:
  db:
    type: postgres
    version: 17
    databases:
      app:
services:
  web:
    build: ./web
    port: 8000
    healthcheck: /health
    environment:
      DATABASE_URL: ${db.app.url}
      PRICE: $$5 and ${LEVEL:-info}
"""
    written = tree_of(text, FILES)["docker-compose.yml"].text
    assert "\n".join(written.splitlines()[2:]) == snapshot


@pytest.mark.parametrize(
    ("entry", "key", "expected"),
    [
        ("image: x:1", "image", "x:1"),
        ("image: ${REGISTRY:-registry.example}/x:1", "image", "${REGISTRY:-registry.example}/x:1"),
        ("build: ./web", "build", {"context": "../web", "dockerfile": "Dockerfile"}),
        ("build: .", "build", {"context": "..", "dockerfile": "Dockerfile"}),
        (
            "build:\n      context: ./web\n      target: prod\n      args:\n        A: ${B:-b}\n        C: $$",
            "build",
            {"context": "../web", "dockerfile": "Dockerfile", "target": "prod", "args": {"A": "${B:-b}", "C": "$$"}},
        ),
        ("image: x\n    command: run 'a $$b' ${C}", "command", ["run", "a $$b", "${C}"]),
        ("image: x\n    profiles:\n      - extra", "profiles", ["extra"]),
        ("image: x\n    replicas: 2", "deploy", {"replicas": 2}),
        ("image: x\n    port: 8000", "ports", ["127.0.0.1:${WEB_PORT:-8000}:8000"]),
        ("image: x\n    port: 8091:8000", "ports", ["127.0.0.1:${WEB_PORT:-8091}:8000"]),
        ("image: x\n    port: internal:8000", "ports", None),
        ("image: x\n    environment:\n      A: $$X $Y ${Z:?z}", "environment", {"A": "$$X $$Y ${Z:?z}"}),
        (
            "image: x\n    volumes:\n      - up:/up\n      - named:/n:ro\n      - ./conf:/conf:ro",
            "volumes",
            ["up:/up", "named:/n:ro", {"type": "bind", "source": "../conf", "target": "/conf", "read_only": True}],
        ),
        ("image: x\n    compose:\n      env_file: a.env", "env_file", "../a.env"),
        (
            "image: x\n    compose:\n      env_file:\n        - a.env\n        - path: b.env\n          required: false",
            "env_file",
            ["../a.env", {"path": "../b.env", "required": False}],
        ),
        ("image: x\n    compose:\n      user: ${UID:-1000}", "user", "${UID:-1000}"),
        ("image: x\n    compose:\n      shm_size: 1gb", "shm_size", "1gb"),
        ("image: x\n    compose:\n      tty: true", "tty", True),
        ("image: x\n    compose:\n      restart: unless-stopped", "restart", "unless-stopped"),
        ("image: x\n    compose:\n      extra_hosts:\n        - a:1.2.3.4", "extra_hosts", ["a:1.2.3.4"]),
        (
            "image: x\n    compose:\n      ulimits:\n        nofile:\n          soft: 1\n          hard: 2",
            "ulimits",
            {"nofile": {"soft": 1, "hard": 2}},
        ),
        ("image: x", "healthcheck", None),
        ("image: x", "networks", None),
        ("image: x", "restart", None),
    ],
)
def test_what_a_service_becomes(entry: str, key: str, expected: object) -> None:
    assert service(entry).get(key) == expected


@pytest.mark.parametrize(
    ("check", "test"),
    [
        ("healthcheck:\n      command: ask $$HOME", ["CMD-SHELL", "ask $$HOME"]),
        ("healthcheck:\n      command:\n        - ask\n        - ${A}", ["CMD", "ask", "${A}"]),
        (
            "healthcheck:\n      liveness: /h$x\n      probe: wget",
            ["CMD", "wget", "-q", "-O", "/dev/null", "-T", "5", "http://127.0.0.1:80/h$$x"],
        ),
    ],
)
def test_checks(check: str, test: list[str]) -> None:
    assert service(f"image: x\n    port: 80\n    {check}")["healthcheck"] == {
        "test": test,
        "interval": "5s",
        "timeout": "5s",
        "retries": 12,
        "start_period": "10s",
    }


@pytest.mark.parametrize("probe", ["image", "none"])
def test_no_check_is_written_where_nobody_asks(probe: str) -> None:
    assert "healthcheck" not in service(
        f"image: x\n    port: 80\n    healthcheck:\n      liveness: /\n      probe: {probe}"
    )


def test_conditions() -> None:
    rest = """    depends_on:
      api:
      slow:
        required: false
      free:
        condition: none
    migrate: make
  api:
    image: x
    port: 80
    healthcheck:
      command: ask
  slow:
    image: x
  free:
    image: x
"""
    assert service("image: x", rest=rest)["depends_on"] == {
        "web-migrate": {"condition": "service_completed_successfully"},
        "api": {"condition": "service_healthy"},
        "slow": {"condition": "service_started", "required": False},
    }


def test_a_job_runs_once_and_publishes_nothing() -> None:
    job = service("build: ./web\n    port: 80\n    healthcheck: /\n    migrate: make it", "web-migrate")
    assert job == {
        "build": {"context": "../web", "dockerfile": "Dockerfile"},
        "command": ["make", "it"],
        "restart": "no",
    }


def test_networks_and_volumes() -> None:
    text = """
networks:
  shared:
    external: true
    name: real
  quiet:
    internal: true
  fast:
    driver: overlay
services:
  web:
    image: x
    volumes:
      - up:/up
"""
    document = file_of(text)
    assert document["networks"] == {
        "shared": {"name": "real", "external": True},
        "quiet": {"driver": "bridge", "internal": True},
        "fast": {"driver": "overlay"},
    }
    assert document["volumes"] == {"up": {}}
    assert document["services"]["web"]["networks"] == ["default", "shared", "quiet", "fast"]


def test_the_test_copy_is_complete_and_alone() -> None:
    text = """
networks:
  shared: external
infrastructure:
  db:
    type: postgres
    publish: 5555
    databases:
      app:
services:
  web:
    image: x
    port: 8000:8000
    environment:
      A: ${db.app.url}
      OWN: ${web.public_url}
"""
    document = file_of(text, "docker-compose.test.yml")
    assert document["name"] == "shop-test"
    assert document["services"]["web"]["ports"] == ["127.0.0.1::8000"]
    assert document["services"]["db"]["ports"] == ["127.0.0.1::5432"]
    assert document["services"]["db"]["tmpfs"] == ["/var/lib/postgresql/data"]
    assert "volumes" not in document
    assert document["networks"] == {"shared": {"driver": "bridge"}}
    assert document["services"]["web"]["environment"]["OWN"] == "http://web:8000"


def test_the_address_that_ports_are_published_on() -> None:
    text = "ports:\n  bind: {}\nservices:\n  web:\n    image: x\n    port: 80\n"
    assert file_of(text.format("0.0.0.0"))["services"]["web"]["ports"] == ["0.0.0.0:${WEB_PORT:-8000}:80"]
    assert file_of(text.format("::1"))["services"]["web"]["ports"] == ["[::1]:${WEB_PORT:-8000}:80"]


def test_the_gateway_notices_a_changed_configuration() -> None:
    text = "services:\n  web:\n    image: x\n    port: 80\ngateway:\n  routes:\n    - path: /{}\n      service: web\n"
    labels = [file_of(text.format(path))["services"]["gateway"]["labels"] for path in ("a", "b", "a")]
    assert labels[0] == labels[2] != labels[1]


def test_an_optional_secret_may_be_empty_and_every_other_must_be_set() -> None:
    rest = "secrets:\n  A: optional\n  B: required\n  C: generated\n"
    entry = "image: x\n    environment:\n      A: ${secrets.A}\n      B: ${secrets.B}\n      C: ${secrets.C}"
    assert service(entry, rest=rest)["environment"] == {
        "A": "${A:-}",
        "B": "${B:?set B in .env, see .env.example}",
        "C": "${C:?set C in .env, see .env.example}",
    }


@pytest.mark.parametrize("folder", [*(f"examples/{name}" for name in EXAMPLES), "tests/manifests/everything"])
def test_what_environments_share_is_what_each_would_have_alone(folder: str) -> None:
    files = DiskFiles(ROOT / folder, ROOT / folder)
    planned = plan_manifest(Request("integration.yaml", files, shipped_files(), lambda _output, _wanted: {}))
    assert planned.compilation is not None
    digests = {f"nginx/{planned.compilation.base.project}.conf": "0123"}
    composer = Composer(planned.output, digests)
    documents = []
    for plan in (planned.compilation.base, *planned.compilation.environments.values()):
        documents.append(composer.document(plan))
        assert documents[-1] == compose_document(plan, planned.output, digests)
    base, *others = (document["services"] for document in documents)
    shared = [value for other in others for name, value in other.items() if value is base.get(name)]
    assert shared
