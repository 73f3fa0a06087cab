"""What stops a start: each time nothing is started, and the message names the cause and the way out."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from tests.engine.tree import Tree, docker, free_ports, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.conftest import MakeTree

pytestmark = pytest.mark.engine

USER_PORT = "    role: User management\n"


@pytest.fixture(scope="module")
def tree(make_tree: MakeTree) -> Tree:
    """Example 01, prepared and never started: in it, one thing at a time stands in the way."""
    made = make_tree("01-gateway")
    made.start("--prepare")
    return made


def refusal(tree: Tree, code: int, *arguments: str) -> str:
    """What start.sh says as it refuses with this exit code, starting nothing and changing no value."""
    env = tree.output / ".env"
    before = tree.ids(), tree.volumes(), env.read_bytes() if env.exists() else None
    done = tree.script("start", *arguments)
    assert done.code == code, str(done)
    assert done.err.startswith("start.sh: "), str(done)
    assert (tree.ids(), tree.volumes(), env.read_bytes() if env.exists() else None) == before
    return done.err


@contextlib.contextmanager
def written(tree: Tree, name: str, value: str) -> Iterator[None]:
    """A value written by hand at the end of `.env`, where it wins."""
    env = tree.output / ".env"
    before = env.read_text(encoding="utf-8")
    env.write_text(f"{before}{name}={value}\n", encoding="utf-8")
    yield
    env.write_text(before, encoding="utf-8")


# ---- values ----


def test_a_missing_required_value(make_tree: MakeTree) -> None:
    tree = make_tree("01-gateway")
    described = "JWT_SECRET:\n    value: required\n    description: ask the security team"
    tree.edit("integration.yaml", "JWT_SECRET: generated", described)
    tree.recompile()
    first = tree.script("start")
    assert first.code == 2, str(first)
    assert "JWT_SECRET: ask the security team (needed by auth-service)" in first.err
    assert "write them into .env as NAME=value, or export them, and try again" in first.err
    assert not tree.containers()
    assert not tree.volumes()
    assert refusal(tree, 2) == first.err
    assert tree.script("start", "--prepare", JWT_SECRET="x").code == 0
    with written(tree, "JWT_SECRET", "x"):
        tree.start("--prepare")


@pytest.mark.parametrize("character", ["@", "/", "#", "'"])
def test_a_password_that_would_break_its_url(tree: Tree, character: str) -> None:
    password = f"pass{character}word"
    with written(tree, "DB_PASSWORD", f'"{password}"'):
        said = refusal(tree, 2)
    assert "these hold a character that breaks the URL they become part of" in said
    assert "\n  DB_PASSWORD (who needs it stands in .env.example)\n" in said
    assert "only letters, digits and . _ ~ - are safe there" in said
    assert "choose another value" in said
    assert password not in said


# ---- what belongs to others ----


def test_a_host_port_held_by_a_program(tree: Tree) -> None:
    port = int(tree.plan["units"]["user-service"]["ports"]["default"]["host"])
    with contextlib.closing(socket.create_server(("127.0.0.1", port))):
        said = refusal(tree, 4)
        assert f"{port} for user-service: " in said
        assert "set USER_SERVICE_PORT in .env" in said
        if shutil.which("ss") or shutil.which("lsof"):
            assert f"process {os.getpid()}" in said
        with written(tree, "USER_SERVICE_PORT", str(free_ports())):
            tree.start("--prepare")
    tree.start("--prepare")


def test_a_host_port_held_by_a_container(tree: Tree) -> None:
    port = int(tree.plan["units"]["api-gateway"]["ports"]["default"]["host"])
    with foreign(f"{tree.project}-holder", "--publish", f"127.0.0.1:{port}:80") as name:
        assert f"{port} for api-gateway: container {name}; set API_GATEWAY_PORT in .env" in refusal(tree, 4)
    tree.start("--prepare")


@contextlib.contextmanager
def foreign(name: str, *options: str) -> Iterator[str]:
    """A container of somebody else."""
    docker("run", "--detach", "--name", name, *options, "busybox:1.36", "httpd", "-f", "-p", "80")
    yield name
    docker("rm", "--force", name)


@pytest.mark.parametrize("alias", ["auth-service", "postgres"])
def test_a_stranger_that_answers_to_our_name_on_the_shared_network(tree: Tree, alias: str) -> None:
    network = f"{tree.project}-network"
    with foreign(f"{tree.project}-stranger", "--network", network, "--network-alias", alias) as name:
        said = refusal(tree, 3)
        assert f"on the network `{network}`, {name} answers to our name `{alias}`" in said
        way_out = f"docker network disconnect {network} {name}"
        assert way_out in said
        docker(*way_out.split()[1:])
        tree.start("--prepare")


def test_another_checkout_owns_the_project_name(tree: Tree) -> None:
    tree.compose("create")
    owned = tree.containers()
    second = Tree(tree.folder.parent / "second" / tree.folder.name, tree.project)
    shutil.copytree(tree.folder, second.folder)
    try:
        for script, options in (("start", ()), ("start", ("--prepare",)), ("reset", ("--yes",))):
            done = second.script(script, *options)
            assert done.code == 3, str(done)
            said = f"{script}.sh: the project `{tree.project}` was started from another folder: {tree.output}\n"
            assert done.err.startswith(said), str(done)
            assert "stop it there, or here with scripts/stop.sh (its data stays)" in done.err
            assert "--project NAME" in done.err
        assert tree.containers() == owned
        other = f"{tree.project}-other"
        assert second.script("start", "--prepare", "--project", other).code == 0
    finally:
        tree.compose("down", "--volumes")
    assert second.script("start", "--prepare").code == 0


# ---- a service that never becomes healthy ----


def test_a_service_that_never_becomes_healthy(make_tree: MakeTree) -> None:
    tree = make_tree("01-gateway")
    impatient = "    healthcheck:\n      interval: 1s\n      timeout: 20s\n      retries: 2\n      start_period: 1s\n"
    tree.edit("integration.yaml", USER_PORT, USER_PORT + impatient)
    healthy = 'return {"status": "healthy", "service": "user-service"}'
    tree.edit("user-service/main.py", healthy, 'log.warning("asked, unwell"); raise HTTPException(503)')
    tree.recompile()
    done = tree.script("start")
    assert done.code == 1, str(done)
    report = done.err[done.err.index("\nuser-service: unhealthy\n") :]
    assert "its health check last said:\n" in report
    assert "HTTP Error 503: Service Unavailable" in report
    assert "its last log lines:\n" in report
    assert "    WARNING: asked, unwell" in report
    assert "waiting for it: api-gateway" in report
    assert "start.sh: failed: user-service\n" in report
    assert "not started: api-gateway" in report
    assert "scripts/logs.sh user-service" in report
    assert "auth-service: " not in report
    states = {name: each.health for name, each in tree.containers().items()}
    assert (states["auth-service"], states["user-service"], states["api-gateway"]) == ("healthy", "unhealthy", "")
    logs = run([str(tree.output / "scripts/logs.sh"), "--help"])
    assert logs.code == 0, str(logs)
