"""The faults are worth a rule of our own: Compose itself takes each of them without a word, and exits with 0.

Only the plugin is asked, no engine.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.engine.tree import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

HEAD = "services:\n"
DATABASE = "  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${P:-x}\n"
ACCEPTED = {
    "port-duplicate": "  a:\n    image: a:1\n    ports: ['8080:80']\n  b:\n    image: b:1\n    ports: ['8080:80']\n",
    "port-overlap": "  a:\n    image: a:1\n    ports: ['8000-8005:80-85']\n  b:\n    image: b:1\n    ports: ['8003:80']\n",
    "port-range, host": "  a:\n    image: a:1\n    ports:\n      - target: 80\n        published: '70000'\n",
    "port-range, container": "  a:\n    image: a:1\n    ports:\n      - target: 70000\n",
    "healthy-without-check": (
        "  a:\n    image: a:1\n  b:\n    image: b:1\n    depends_on:\n      a:\n        condition: service_healthy\n"
    ),
    "one-shot-unawaited": "  a:\n    image: a:1\n  a-migrate:\n    image: a:1\n    command: migrate\n    restart: 'no'\n",
    "one-shot-as-service": (
        "  a:\n    image: a:1\n    depends_on:\n      a-init:\n        condition: service_started\n"
        "  a-init:\n    image: a:1\n"
    ),
    "old-data-folder": (
        "  a:\n    image: postgres:18\n    volumes: ['data:/var/lib/postgresql/data']\nvolumes:\n  data: {}\n"
    ),
    "base-floating": "  a:\n    build:\n      context: .\n      dockerfile_inline: FROM node\n",
    "base-moved": "  a:\n    build:\n      context: .\n      dockerfile_inline: FROM bitnami/node:22\n",
    "check-left-to-nobody": (
        "  a:\n    image: redis:7.4\n  b:\n    image: b:1\n    depends_on:\n      a:\n"
        "        condition: service_healthy\n"
    ),
    "check-cannot-run": "  a:\n    image: scratch:1\n    healthcheck:\n      test: curl -f http://127.0.0.1/\n",
    "check-first-boot": f"{DATABASE}    healthcheck:\n      test: pg_isready -U postgres\n",
    "check-noauth": (
        "  r:\n    image: redis:8\n    command: redis-server --requirepass ${P:-x}\n"
        "    healthcheck:\n      test: redis-cli ping\n"
    ),
    "start-longer": "  a:\n    image: a:1\n    healthcheck:\n      test: 'true'\n      interval: 30m\n",
    "gateway-stale": "  proxy:\n    image: nginx:1.28\n    volumes: ['./absent.conf:/etc/nginx/conf.d/default.conf:ro']\n",
    "secret-text": "  a:\n    image: a:1\n    environment:\n      API_TOKEN: known-to-all\n",
    "secret-by-default": "  a:\n    image: a:1\n    environment:\n      API_TOKEN: ${API_TOKEN:-known}\n",
    "image-floating": "  a:\n    image: postgres\n",
    "image-moved": "  a:\n    image: bitnami/redis:7.4\n",
    "bind-public": "  a:\n    image: a:1\n    ports: ['0.0.0.0:5432:5432']\n",
    "secret-unused": "  a:\n    image: a:1\nsecrets:\n  unused:\n    environment: UNUSED\n",
    "infrastructure-unused": f"{DATABASE}  a:\n    image: a:1\n",
    "service-unreachable": "  a:\n    image: a:1\n    expose: [9000]\n  b:\n    image: b:1\n    ports: ['80:80']\n",
    "debug-port": "  a:\n    image: node:22\n    command: node --inspect=0.0.0.0 x.js\n    ports: ['9229:9229']\n",
    "sync-node-modules": (
        "  a:\n    build: .\n    develop:\n      watch:\n        - path: .\n          action: sync\n          target: /app\n"
    ),
    "environment-owned": "  a:\n    image: a:1\n    environment:\n      PATH: /opt\n      LD_PRELOAD: /x.so\n",
    "dockerfile-missing": "  a:\n    build: ./absent\n",
    "port-not-exposed": "  a:\n    build: ./listens-on-80\n    ports: ['8080:9999']\n",
    "healthcheck-replaced": "  a:\n    build: ./has-its-own\n    healthcheck:\n      test: 'true'\n",
}
ACCEPTED_SO_FAR = {
    "dependency-inactive": "refused only while that profile is inactive",
    "foreign-compose": "read in place of ours",
    "secret-url-unsafe": "put into the URL as it stands",
}
"""Fault -> what the further tests show of it."""


@pytest.mark.parametrize("fault", ACCEPTED)
def test_compose_accepts_it(fault: str, tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text(HEAD + ACCEPTED[fault])
    done = run(["docker", "compose", "config", "--quiet"], tmp_path)
    assert (done.code, done.text) == (0, "")


def test_compose_sees_a_dependency_in_an_inactive_profile_only_while_that_profile_is_inactive(tmp_path: Path) -> None:
    text = "  a:\n    image: a:1\n    profiles: [tools]\n  b:\n    image: b:1\n    depends_on: [a]\n"
    (tmp_path / "docker-compose.yml").write_text(HEAD + text)
    assert run(["docker", "compose", "--profile", "tools", "config", "--quiet"], tmp_path).code == 0
    assert run(["docker", "compose", "config", "--quiet"], tmp_path).code != 0


def test_compose_puts_a_password_into_a_url_as_it_stands(tmp_path: Path) -> None:
    text = "  a:\n    image: a:1\n    environment:\n      A_URL: http://me:${P}@host/\n"
    (tmp_path / "docker-compose.yml").write_text(HEAD + text)
    (tmp_path / ".env").write_text("P=a/b@c#d\n")
    done = run(["docker", "compose", "config", "--format", "json"], tmp_path)
    assert json.loads(done.out)["services"]["a"]["environment"]["A_URL"] == "http://me:a/b@c#d@host/"


def test_compose_takes_a_foreign_file_before_ours(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text(f"{HEAD}  ours:\n    image: a:1\n")
    (tmp_path / "compose.yaml").write_text(f"{HEAD}  foreign:\n    image: b:1\n")
    done = run(["docker", "compose", "config", "--services"], tmp_path)
    assert (done.code, done.out.split()) == (0, ["foreign"])
