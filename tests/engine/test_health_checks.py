"""Health checks tell the truth: in images without curl, and of a server that is not there yet."""

from __future__ import annotations

import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.engine.tree import Tree, docker, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.engine.conftest import MakeTree

pytestmark = pytest.mark.engine

TOOLS = ("curl", "wget", "python3", "node", "bash")
PYTHON = 'CMD ["python3", "-m", "http.server", "8000", "--directory", "/www"]'
NODE = "require('http').createServer((q, s) => {s.statusCode = q.url === '/health' ? 200 : 404; s.end()}).listen(8000)"
PERL = """use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  my $request = <$client>;
  while (my $line = <$client>) { last if $line =~ /^\\r?$/ }
  my $status = $request =~ m{^GET /health } ? "200 OK" : "404 Not Found";
  print $client "HTTP/1.0 $status\\r\\nContent-Length: 0\\r\\n\\r\\n";
  close $client;
}
"""
UNKNOWN = f"periplus-health-base-{secrets.token_hex(3)}"
"""The name under which an image of a kind nobody can know is built upon."""


class Service(NamedTuple):
    """A service that answers GET /health, and nothing else, at port 8000."""

    dockerfile: str
    asker: str
    tools: tuple[str, ...]
    """Of TOOLS, those that the image has."""


SERVICES = {
    "python": Service(f"FROM python:3.12-slim\nCOPY health /www/\n{PYTHON}\n", "python", ("python3", "bash")),
    "busybox": Service(
        'FROM busybox:1.36\nCOPY health /www/\nCMD ["httpd", "-f", "-p", "8000", "-h", "/www"]\n', "wget", ("wget",)
    ),
    "node": Service(f"FROM node:22-alpine\nCMD {json.dumps(['node', '-e', NODE])}\n", "node", ("wget", "node")),
    "debian": Service(
        'FROM debian:bookworm-slim\nCOPY server.pl /\nCMD ["perl", "/server.pl"]\n', "first found", ("bash",)
    ),
    "unknown": Service(f"FROM {UNKNOWN}\nCOPY health /www/\n{PYTHON}\n", "first found", ("python3", "bash")),
}
"""By the tool that is to ask: python3, wget, node, and where nothing is known of the base bash and python3."""


@pytest.fixture(scope="module")
def web(make_tree: MakeTree) -> Iterator[Tree]:
    """One service of each image, started; asked each second."""
    entries = [f"  {name}:\n    build: ./{name}\n    port: internal:8000\n" for name in SERVICES]
    timing = "defaults:\n  healthcheck:\n    liveness: /health\n    interval: 1s\n    retries: 60\n"
    files = {"integration.yaml": f"version: 1\nname: askers\n{timing}services:\n{''.join(entries)}"}
    for name, service in SERVICES.items():
        files |= {f"{name}/Dockerfile": service.dockerfile, f"{name}/health": "ok\n", f"{name}/server.pl": PERL}
    docker("tag", "python:3.12-slim", UNKNOWN)
    try:
        tree = make_tree(files)
        tree.start()
        yield tree
    finally:
        docker("image", "rm", UNKNOWN)


def test_every_image_is_healthy_without_curl(web: Tree) -> None:
    assert {name: each.health for name, each in web.containers().items()} == dict.fromkeys(SERVICES, "healthy")
    for name, service in SERVICES.items():
        has = tuple(tool for tool in TOOLS if web.inside(name, "sh", "-c", f"command -v {tool}").code == 0)
        assert has == service.tools, name
    assert {name: unit["health"]["asker"] for name, unit in web.plan["units"].items()} == {
        name: service.asker for name, service in SERVICES.items()
    }
    checked = web.script("health-check")
    assert (checked.code, checked.out.splitlines()[-1]) == (0, "all 5 are well"), str(checked)


@pytest.mark.parametrize("name", SERVICES)
def test_its_check_says_no_where_there_is_no_answer(web: Tree, name: str) -> None:
    mode, *words = json.loads(
        docker("inspect", "--format", "{{json .Config.Healthcheck.Test}}", web.containers()[name].id)
    )
    command = ["sh", "-c", *words] if mode == "CMD-SHELL" else words
    assert any(":8000" in word for word in command) or any("/8000" in word for word in command)
    absent = [word.replace("/health", "/absent") for word in command]
    closed = [word.replace("8000", "8001") for word in command]
    assert web.inside(name, *command).code == 0
    assert web.inside(name, *absent).code != 0
    assert web.inside(name, *closed).code != 0


# ---- a first boot that takes its time ----

SLOW = """version: 1
name: firstboot
infrastructure:
  postgres:
    type: postgres
    image: periplus-test/postgres-slow:15
    databases:
      app:
services:
  web:
    image: busybox:1.36
    command: httpd -f -p 8000
    port: internal:8000
    environment:
      DATABASE_URL: ${postgres.app.url}
    healthcheck:
      liveness: /
      probe: none
"""
LIAR = """services:
  postgres:
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "postgres"]
"""
"""What is often written: it asks the socket, on which the server of the first boot listens, too."""


class Sample(NamedTuple):
    """What was so at one moment of the boot: first the health was read, then both questions were put."""

    health: str
    works: bool
    socket: bool


def sampled(tree: Tree) -> list[Sample]:
    """The first boot of the server, as it goes, until it works and is healthy."""
    samples: list[Sample] = []
    end = time.monotonic() + 120
    while not samples or samples[-1][:2] != ("healthy", True):
        assert time.monotonic() < end, f"no end of the boot in {samples[-5:]}"
        health = tree.containers()["postgres"].health
        works = tree.sql("select 1", "postgres", tree.values()["POSTGRES_PASSWORD"], "postgres").out == "1\n"
        samples.append(Sample(health, works, tree.inside("postgres", "pg_isready", "-q", "-U", "postgres").code == 0))
    return samples


def lies(samples: Sequence[Sample]) -> int:
    """How often it was healthy without taking work."""
    return sum(each.health == "healthy" and not each.works for each in samples)


class Boots(NamedTuple):
    """Two slow first boots, at the same time: one with the check as it is emitted, one with that of the liar."""

    tree: Tree
    honest: list[Sample]
    lying: list[Sample]


@pytest.fixture(scope="module")
def boots(make_tree: MakeTree) -> Boots:
    """Both boots, from the first sample to the last."""
    honest, lying = (make_tree({"integration.yaml": SLOW}) for _ in range(2))
    (lying.output / "docker-compose.local.yml").write_text(LIAR, encoding="utf-8")
    with ThreadPoolExecutor(2) as at_once:
        return Boots(honest, *at_once.map(booted, (honest, lying)))


def booted(tree: Tree) -> list[Sample]:
    """The samples of a boot that plain Compose started."""
    tree.start("--prepare")
    tree.compose("up", "--detach", "postgres")
    eventually(lambda: tree.containers()["postgres"].status == "running", 60, "the container runs")
    return sampled(tree)


def test_a_server_is_not_healthy_before_it_takes_work(boots: Boots) -> None:
    assert any(each.socket and not each.works for each in boots.honest), "the mutant did not boot slowly"
    assert lies(boots.honest) == 0, boots.honest
    # What waits for it finds it ready: the job makes its database at the first attempt.
    boots.tree.start()
    states = {name: (each.status, each.exit_code) for name, each in boots.tree.containers().items()}
    assert states["postgres-app"] == ("exited", 0)


def test_a_check_of_the_socket_would_have_been_caught(boots: Boots) -> None:
    assert lies(boots.lying) > 0, boots.lying
