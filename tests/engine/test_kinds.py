"""The servers of the kinds `redis` and `rabbitmq`, as their kind.yaml has them, run for real."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from compiler.catalog.load import load_kind
from compiler.model.kind import Kind

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a@/#b'\"\\$x y"
IMAGES = {"redis": "redis:7-alpine", "rabbitmq": "rabbitmq:4-management-alpine"}

Start = Callable[..., str]


class Repository:
    """The files of this repository."""

    reach = 0

    def read(self, path: str) -> bytes | None:
        file = ROOT / path
        return file.read_bytes() if file.is_file() else None

    def glob(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)))


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False, timeout=300
    )


def kind_of(name: str, *given: str) -> Kind:
    kind = load_kind(name, Repository(), Repository(), "", frozenset(given))
    assert kind is not None
    return kind


def filled(text: str, kind: Kind) -> str:
    values = {"name": "it", "user": "it", "password": PASSWORD, "port": str(kind.ports[0].container)}
    return re.sub(r"\{([a-z][a-z_.]*)\}", lambda match: values[match[1]], text)


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the server of a kind on a volume; every server and volume is removed at the end."""
    containers: list[str] = []
    volumes: list[str] = []

    def started(kind: Kind, volume: str = "", arguments: Sequence[str] = ()) -> str:
        image = IMAGES[kind.name]
        if run(["docker", "image", "inspect", image]).returncode:
            run([str(ROOT / "tests/engine/setup/images.sh"), kind.name])
        name = f"periplus-kind-{secrets.token_hex(4)}"
        environment = {key: filled(value, kind) for key, value in kind.environment.items()}
        command = ["docker", "run", "--detach", "--name", name, "--volume", f"{volume or name}:{kind.data}"]
        command += ["--hostname", "it"] if kind.hostname else []
        for key in environment:
            command += ["--env", key]
        containers.append(name)
        volumes.append(volume or name)
        ran = run([*command, image, *(filled(word, kind) for word in (*kind.command, *arguments))], environment)
        assert ran.returncode == 0, ran.stderr
        return name

    yield started
    run(["docker", "rm", "--force", *containers])
    run(["docker", "volume", "rm", *volumes])


def is_healthy(container: str, kind: Kind) -> bool:
    assert kind.health_shell
    return run(["docker", "exec", container, "sh", "-c", filled(kind.health[0], kind)]).returncode == 0


def wait_until_healthy(container: str, kind: Kind) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if is_healthy(container, kind):
            return
        time.sleep(0.2)
    pytest.fail(run(["docker", "logs", "--tail", "30", container]).stdout)


def ask(container: str, *command: str) -> str:
    return run(["docker", "exec", container, *command]).stdout.strip()


@pytest.mark.parametrize("given", [(), ("password",)])
def test_redis_is_healthy_and_keeps_what_it_has_after_a_new_container(start: Start, given: tuple[str, ...]) -> None:
    kind = kind_of("redis", *given)
    first = start(kind)
    wait_until_healthy(first, kind)
    assert ask(first, "redis-cli", "set", "kept", "7") == "OK"
    run(["docker", "stop", first])
    second = start(kind, volume=first)
    wait_until_healthy(second, kind)
    assert ask(second, "redis-cli", "get", "kept") == "7"


def test_redis_with_a_password_refuses_whoever_has_none_and_is_not_healthy_for_them(start: Start) -> None:
    kind = kind_of("redis", "password")
    container = start(kind)
    wait_until_healthy(container, kind)
    stranger = ["docker", "exec", "--env", "REDISCLI_AUTH=wrong", container]
    assert "NOAUTH" in run([*stranger, "redis-cli", "ping"]).stdout
    assert run([*stranger, "sh", "-c", kind.health[0]]).returncode != 0


def test_redis_takes_its_config_as_arguments(start: Start) -> None:
    kind = kind_of("redis", "password", "config")
    entry = [word.replace("{key}", "maxmemory").replace("{value}", "10mb") for word in kind.config]
    container = start(kind, arguments=entry)
    wait_until_healthy(container, kind)
    assert ask(container, "redis-cli", "config", "get", "maxmemory").split() == ["maxmemory", "10485760"]


def test_rabbitmq_is_healthy_only_when_it_takes_its_login_however_early_it_is_asked(start: Start) -> None:
    kind = kind_of("rabbitmq")
    container = start(kind)
    assert not is_healthy(container, kind)
    wait_until_healthy(container, kind)
    login = run(["docker", "exec", container, "rabbitmqctl", "-q", "authenticate_user", "it", PASSWORD])
    assert login.returncode == 0, login.stderr
    assert (
        run(["docker", "exec", container, "rabbitmqctl", "-q", "authenticate_user", "guest", "guest"]).returncode != 0
    )


def test_rabbitmq_keeps_what_it_has_after_a_new_container(start: Start) -> None:
    kind = kind_of("rabbitmq")
    first = start(kind)
    wait_until_healthy(first, kind)
    run(["docker", "exec", first, "rabbitmqctl", "-q", "add_vhost", "kept"])
    run(["docker", "rm", "--force", first])
    second = start(kind, volume=first)
    wait_until_healthy(second, kind)
    assert "kept" in ask(second, "rabbitmqctl", "-q", "list_vhosts").split()
