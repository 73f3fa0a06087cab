"""The gateway of an emitted tree on the real engine, before services that say what reached them.

What nginx does with every kind of path stands in test_gateway_paths.py; here it is the tree as a person starts it, and
the promises of docs/gateway.md, whose table is read from there.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import ssl
import subprocess
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.engine.tree import ROOT, Tree, docker, eventually, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.conftest import MakeTree

pytestmark = pytest.mark.engine

RECOVERY_S = 10
"""Within so many seconds a service is found again (DESIGN, section 3)."""
AT_ONCE_S = 4
"""An absent service is answered for at once; the engine's name server may take two seconds to say so."""
ECHO = """
import json, os, socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        heard = {"name": os.environ["NAME"], "target": self.path, "headers": dict(self.headers)}
        body = json.dumps({**heard, "container": socket.gethostname()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass

ThreadingHTTPServer(("", 8000), Echo).serve_forever()
"""
DOCKERFILE = """
FROM python:3.12-slim
COPY echo.py /echo.py
CMD ["python", "-u", "/echo.py"]
"""
MANIFEST = """
version: 1
name: entrance
ports:
  range: 8000-8099
defaults:
  healthcheck:
    liveness: /health
    interval: 1s
    retries: 60
services:
  api:
    build: ./echo
    port: internal:8000
    environment:
      NAME: api
  keep:
    build: ./echo
    port: internal:8000
    environment:
      NAME: keep
  root:
    build: ./echo
    port: internal:8000
    replicas: 2
    environment:
      NAME: root
gateway:
  host: entrance.test
  routes:
    - path: /api/
      service: api
      strip_prefix: true
    - path: /keep/
      service: keep
    - path: /health
      service: api
      access_log: false
    - path: /
      service: root
tests:
  api:
    - request: GET gateway /api/users?x=1
      contains: '"target": "/users?x=1"'
    - GET gateway /api/../keep 400
  smoke:
    - name: through the gateway
      steps:
        - request: GET gateway /keep/it
          save:
            place: .name
        - request: GET gateway /${place}/again
          contains: '"target": "/keep/again"'
"""
FILES = {"integration.yaml": MANIFEST, "echo/echo.py": ECHO, "echo/Dockerfile": DOCKERFILE}
REFUSAL = "the gateway refuses this path: write it plainly, without empty, . or .. segments"


class Answer(NamedTuple):
    """What came back; `echo` is what the service says it received, empty where no service answered."""

    status: int
    text: str
    seconds: float

    @property
    def echo(self) -> dict[str, Any]:
        """What the service received."""
        return json.loads(self.text) if self.text.startswith("{") else {}

    @property
    def received(self) -> tuple[object, object]:
        """The service, and the path and query it received."""
        return self.echo.get("name"), self.echo.get("target")


class Client(NamedTuple):
    """Asks the gateway of a tree; a target goes out as it stands."""

    port: int
    tls: ssl.SSLContext | None = None

    def ask(self, target: str, **headers: str) -> Answer:
        """One request, one answer; status 0 where nobody answers."""
        began = time.monotonic()
        secure = self.tls is not None
        made = (
            http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.tls)
            if secure
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        )
        with contextlib.closing(made) as connection:
            try:
                connection.request("GET", target, headers={"Host": f"entrance.test:{self.port}", **headers})
                response = connection.getresponse()
                return Answer(response.status, response.read().decode(), time.monotonic() - began)
            except OSError as error:
                return Answer(0, str(error), time.monotonic() - began)


class Entrance(NamedTuple):
    """The running tree, what its gateway said while it was alone, and how soon each service was found."""

    tree: Tree
    client: Client
    alone: dict[str, Answer]
    lonely_id: str
    found_after_s: float


@pytest.fixture(scope="module")
def entrance(make_tree: MakeTree) -> Entrance:
    """The tree: first the gateway without any service, then all."""
    tree = make_tree(FILES)
    tree.start("--prepare")
    tree.compose("up", "--detach", "--no-deps", "--wait", "gateway")
    client = Client(tree.port("gateway", 80))
    alone = {path: client.ask(path) for path in ("/__gateway/health", "/api/x", "/keep/x", "/x", "/%61pi/x")}
    lonely_id = tree.containers()["gateway"].id
    tree.start()
    back = time.monotonic()
    eventually(lambda: client.ask("/api/x").status == 200, RECOVERY_S, "the gateway finds api")
    return Entrance(tree, client, alone, lonely_id, time.monotonic() - back)


# ---- without its services ----


def test_it_starts_without_any_service_and_says_so_at_once(entrance: Entrance) -> None:
    assert {path: answer.status for path, answer in entrance.alone.items()} == {
        "/__gateway/health": 200,
        "/api/x": 502,
        "/keep/x": 502,
        "/x": 502,
        "/%61pi/x": 400,
    }
    assert max(answer.seconds for answer in entrance.alone.values()) < AT_ONCE_S


def test_it_finds_its_services_without_a_restart(entrance: Entrance) -> None:
    assert entrance.found_after_s < RECOVERY_S
    assert entrance.tree.containers()["gateway"].id == entrance.lonely_id


# ---- what reaches a service ----


def documented() -> Iterator[tuple[str, str, str]]:
    """Route, what the client asks for, and what the service receives (empty: nothing), from the table of the manual."""
    manual = (ROOT / "docs" / "gateway.md").read_text(encoding="utf-8")
    table = manual.partition("| route |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        route, _, asked, received = (cell.strip() for cell in line.strip("|").split("|"))
        targets = re.findall(r"`([^`]+)`", asked)
        arriving = re.findall(r"`([^`]+)`", received.partition(":")[0])
        assert len(arriving) in (0, len(targets)), line
        for target, arrived in zip(targets, arriving or [""] * len(targets), strict=True):
            yield route.strip("`"), target, arrived


def test_the_manual_still_has_its_table() -> None:
    assert len(list(documented())) == 15


@pytest.mark.parametrize(("route", "target", "arrives"), list(documented()))
def test_path_and_query_arrive_as_the_manual_says(entrance: Entrance, route: str, target: str, arrives: str) -> None:
    service = {"/api/": "api", "/keep/": "keep", "/health": "api", "/": "root"}[route]
    # What a route does not take is another's: here everything else is root's, unchanged.
    expected = (service, arrives) if arrives else ("root", target)
    assert entrance.client.ask(target).received == expected


AMBIGUOUS = (
    "/api/../keep",
    "/api/%2e%2e/keep",
    "/api/..%2Fkeep",
    "/api/..;/keep",
    "/api/./x",
    "/%61pi/x",
    "/api%2Fx",
    "//api/x",
    "/api//host",
    "//host",
)


@pytest.mark.parametrize("target", AMBIGUOUS)
def test_what_could_mean_another_path_is_refused(entrance: Entrance, target: str) -> None:
    answer = entrance.client.ask(target)
    assert (answer.status, answer.text) == (400, REFUSAL)


def test_a_service_learns_who_asks_and_how(entrance: Entrance) -> None:
    sent = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    headers = entrance.client.ask("/api/x", **sent).echo["headers"]
    assert headers["Host"] == f"entrance.test:{entrance.client.port}"
    assert headers["X-Forwarded-Proto"] == "http"
    assert headers["X-Forwarded-For"] == f"192.0.2.7, {headers['X-Real-IP']}"
    assert "Upgrade" not in headers


def test_all_containers_of_a_service_are_used(entrance: Entrance) -> None:
    assert len({entrance.client.ask("/x").echo["container"] for _ in range(12)}) == 2


def test_a_route_without_access_log_leaves_no_line(entrance: Entrance) -> None:
    entrance.client.ask("/health?secret-of-health")
    entrance.client.ask("/api/plain-of-api")
    logs = run(["docker", "logs", entrance.tree.containers()["gateway"].id]).text
    assert "plain-of-api" in logs
    assert "secret-of-health" not in logs
    assert "/__gateway/health" not in logs


# ---- a service that goes and comes back ----


def test_a_service_is_found_again_at_a_new_address(entrance: Entrance, measured: Callable[[str], None]) -> None:
    tree, client = entrance.tree, entrance.client
    old = addresses(tree, "api")
    docker("rm", "--force", tree.containers()["api"].id)
    gone = client.ask("/api/x")
    assert gone.status in (502, 504)
    eventually(lambda: client.ask("/api/x").status == 502, RECOVERY_S, "the absent service is answered for with 502")
    assert client.ask("/api/x").seconds < AT_ONCE_S
    assert client.ask("/keep/x").status == 200, "other routes are not affected"
    network = docker("network", "ls", "--quiet", "--filter", f"name=^{tree.project}_default$")
    label = f"--label=com.docker.compose.project={tree.project}"
    docker("run", "--detach", label, "--network", network, "busybox:1.36", "sleep", "600")
    tree.compose("up", "--detach", "--no-deps", "api")
    assert not addresses(tree, "api") & old, "the old address is taken"
    eventually(lambda: client.ask("/api/x").received == ("api", "/x"), RECOVERY_S, "the gateway finds api again")
    took = time.time() - tree.containers()["api"].started
    measured(f"gateway: a service at a new address is found again {took:.1f} s after its start, {RECOVERY_S} s allowed")
    assert took < RECOVERY_S
    assert tree.containers()["gateway"].id == entrance.lonely_id


def addresses(tree: Tree, service: str) -> set[str]:
    """The addresses of a service's container."""
    inspected = json.loads(docker("inspect", tree.containers()[service].id))
    return {network["IPAddress"] for network in inspected[0]["NetworkSettings"]["Networks"].values()}


# ---- the scripts ----


def test_the_scripts_ask_through_the_gateway(entrance: Entrance) -> None:
    entrance.tree.start()
    health = entrance.tree.script("health-check")
    assert health.code == 0, str(health)
    tests = entrance.tree.script("test")
    assert tests.code == 0, str(tests)
    for line in ("PASS  GET gateway /api/users?x=1 answers 200", "PASS  GET gateway /api/../keep answers 400"):
        assert line in tests.out
    assert "PASS  through the gateway" in tests.out


def test_the_scripts_speak_tls_where_the_gateway_does(make_tree: MakeTree) -> None:
    tls = "  tls:\n    certificate: ./tls/certificate.pem\n    key: ./tls/key.pem\n  routes:\n"
    tree = make_tree({**FILES, "integration.yaml": MANIFEST.replace("  routes:\n", tls)})
    (tree.folder / "tls").mkdir()
    certificate = tree.folder / "tls" / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=entrance.test"]
    subprocess.run(
        [*command, "-keyout", tree.folder / "tls" / "key.pem", "-out", certificate], check=True, capture_output=True
    )
    started = tree.start()
    port = tree.port("gateway", 443)
    assert re.search(rf"gateway +healthy +https://127\.0\.0\.1:{port}$", started.out, re.MULTILINE)
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    answer = Client(port, context).ask("/api/x?y")
    assert answer.received == ("api", "/x?y")
    assert answer.echo["headers"]["X-Forwarded-Proto"] == "https"
    health = tree.script("health-check")
    assert health.code == 0, str(health)
    tests = tree.script("test")
    assert tests.code == 0, str(tests)
    assert "PASS  through the gateway" in tests.out
