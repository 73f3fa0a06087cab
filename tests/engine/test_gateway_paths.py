"""What a real nginx does with the gateway's configuration, byte by byte, in both modes.

The text is used as it is emitted: in container mode with the engine's own name server, in host mode in the network of
the machine on which the services are published. Needs a Docker engine and the images of tests/engine/setup/images.sh.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import socket
import ssl
import subprocess
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from compiler.model.plan import GatewayPlan, Plan, RoutePlan
from compiler.spell.nginx import nginx_configuration
from compiler.targets.compose.gateway import (
    CERTIFICATE_PATH,
    CONFIGURATION_PATH,
    KEY_PATH,
    gateway_configuration,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

RECOVERY = 10
"""Within so many seconds an upstream is found again (DESIGN, section 3)."""
NGINX = "nginx:1.28.0-alpine"
PYTHON = "python:3.12-slim"
ECHO = """
import json, socketserver, sys

class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline().decode("latin-1").rstrip("\\r\\n"):
            headers = {}
            while header := self.rfile.readline().decode("latin-1").rstrip("\\r\\n"):
                name, _, value = header.partition(":")
                headers[name.strip().lower()] = value.strip()
            if headers.get("upgrade") == "websocket":
                self.wfile.write(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\n")
                self.wfile.write(b"Connection: Upgrade\\r\\n\\r\\n")
                self.wfile.write(b"echo " + self.rfile.readline())
                return
            size = len(self.rfile.read(int(headers.get("content-length", 0))))
            method, target, _ = line.split(" ")
            answer = dict(name=sys.argv[2], method=method, target=target, headers=headers, size=size)
            answer["peer"] = self.client_address[1]
            body = json.dumps(answer).encode()
            self.wfile.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
            if headers.get("connection") == "close":
                return

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

Server(("", int(sys.argv[1])), Echo).serve_forever()
"""


class Answer(NamedTuple):
    """What came back; `echo` is what the service says it received, empty where no service answered."""

    status: int
    body: str
    echo: dict[str, object]

    @property
    def received(self) -> tuple[object, object]:
        """The service, and the path and query it received."""
        return self.echo.get("name"), self.echo.get("target")


def route(path: str, service: str, port: int, **changes: Any) -> RoutePlan:
    """A route to a service that is published on the port on which it listens."""
    plain = RoutePlan(path, path.endswith("/"), service, port, port, False, True, False, 5000, ())
    return plain._replace(**changes)


ROUTES = (
    route("/api/", "api", 8001, strip_prefix=True),
    route("/api/v2/", "next", 8002, strip_prefix=True),
    route("/keep/", "next", 8002),
    route("/health", "api", 8001, access_log=False),
    route("/live/", "next", 8002, websocket=True),
    route("/a@b+c/", "api", 8001, strip_prefix=True),
    route("/caf%C3%A9 au lait/".replace(" ", "%20"), "api", 8001, strip_prefix=True),
    route("/(it's)/", "api", 8001),
    route("/late/", "late", 8003),
    route("/", "root", 8004),
)
FORWARDED = (
    # as the client writes it        service  as the service receives it
    ("/api/users", "api", "/users"),
    ("/api/", "api", "/"),
    ("/api", "api", "/"),
    ("/api?x=1", "api", "/?x=1"),
    ("/api/?x=1", "api", "/?x=1"),
    ("/api/users?x=1&y=%2F..%2F&z=//", "api", "/users?x=1&y=%2F..%2F&z=//"),
    ("/api/users?", "api", "/users?"),
    ("/api/a%2Fb", "api", "/a%2Fb"),
    ("/api/%2Fetc", "api", "/%2Fetc"),
    ("/api/a//b", "api", "/a//b"),
    ("/api/a%20b%3Fc%23d%25", "api", "/a%20b%3Fc%23d%25"),
    ("/api/%C3%A9", "api", "/%C3%A9"),
    ("/api/+a;b=c,d", "api", "/+a;b=c,d"),
    ("/api/...a/.b/c../d..e", "api", "/...a/.b/c../d..e"),
    ("/api/http://other/x", "api", "/http://other/x"),
    ("/api/x?next=/api/../keep", "api", "/x?next=/api/../keep"),
    ("/api/v2", "next", "/"),
    ("/api/v2/x", "next", "/x"),
    ("/api/v20/x", "api", "/v20/x"),
    ("/keep/x%2Fy//z?q", "next", "/keep/x%2Fy//z?q"),
    ("/keep", "next", "/keep/"),
    ("/keep?x", "next", "/keep/?x"),
    ("/health", "api", "/health"),
    ("/health?deep=1", "api", "/health?deep=1"),
    ("/a@b+c/x", "api", "/x"),
    ("/a%40b%2bc/x", "api", "/x"),
    ("/caf%C3%A9%20au%20lait/x", "api", "/x"),
    ("/caf%c3%a9%20au%20lait", "api", "/"),
    ("/(it's)/%28", "api", "/(it's)/%28"),
    ("/%28it%27s%29/", "api", "/(it's)/"),
    ("/", "root", "/"),
    ("/?x=1", "root", "/?x=1"),
    ("/apix", "root", "/apix"),
    ("/health/", "root", "/health/"),
    ("/healthy", "root", "/healthy"),
    ("/API/", "root", "/API/"),
    ("/a//b%2Fc", "root", "/a//b%2Fc"),
    ("/.well-known/x", "root", "/.well-known/x"),
    ("http://other.example/api/x?y", "api", "/x?y"),
)
REFUSED = (
    "/api/../keep/x",
    "/api/..",
    "/api/..?x",
    "/api/./x",
    "/api/.",
    "/./api/x",
    "/x/../api/x",
    "/api/%2e%2e/keep/x",
    "/api/%2E./keep/x",
    "/api/.%2e/keep/x",
    "/api/..%2fkeep/x",
    "/api%2F..%2Fkeep/x",
    "/api/x%2f..%2F..%2Fkeep",
    "/api/..;/keep/x",
    "/api/..%3b/keep/x",
    "/api/..\\keep",
    "/api/..%5ckeep",
    "/api/x\\..\\keep",
    "/api/..#",
    "/health/../keep",
    "/keep/../health",
    "/%61pi/x",
    "/ap%69",
    "/h%65alth",
    "/api%2Fx",
    "/api%2F",
    "//api/x",
    "//other.example",
    "/api//other.example",
    "/api//",
    "/api/\\other.example",
    "//",
    "/api/%762/x",
    "/api//v2/x",
)


def docker(*arguments: str) -> str:
    """The output of a docker command; fails with its words."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"docker {' '.join(arguments[:3])}: {done.stderr}"
    return done.stdout.strip()


class Place:
    """A network of its own with containers in it; everything is gone after `remove`."""

    def __init__(self) -> None:
        self.name = f"periplus-gateway-{secrets.token_hex(4)}"
        self._containers: list[str] = []
        docker("network", "create", self.name)

    def run(self, *arguments: str) -> str:
        """The id of a new container."""
        made = docker("run", "--detach", "--init", *arguments)
        self._containers.append(made)
        return made

    def service(self, name: str, port: int, *options: str) -> str:
        """A service that echoes what it receives, known in the network by its name."""
        network = ("--network", self.name, "--network-alias", name)
        return self.run(*network, *options, PYTHON, "python", "-c", ECHO, str(port), name)

    def drop(self, container: str) -> None:
        """The container is killed and gone."""
        docker("rm", "--force", "--volumes", container)
        self._containers.remove(container)

    def address(self, container: str) -> str:
        """The container's address in this network."""
        return docker(
            "inspect", "--format", f'{{{{(index .NetworkSettings.Networks "{self.name}").IPAddress}}}}', container
        )

    def remove(self) -> None:
        """Nothing stays."""
        for made in tuple(self._containers):
            self.drop(made)
        docker("network", "rm", self.name)


def configuration(entrance: GatewayPlan, folder: Path) -> str:
    """The option that mounts the emitted text where the image looks for it."""
    plan = Plan("shop", "", {}, {}, (), (), 0, {}, {}, {}, {}, entrance, (), (), "127.0.0.1", {}, ())
    file = folder / "gateway.conf"
    file.write_text(nginx_configuration(gateway_configuration(plan)), encoding="utf-8", newline="\n")
    file.chmod(0o644)
    return f"--volume={file}:{CONFIGURATION_PATH}:ro"


def published(container: str, port: int = 80) -> int:
    """The host port of a container's port."""
    return int(docker("port", container, f"{port}/tcp").splitlines()[0].rsplit(":", 1)[1])


class Client(NamedTuple):
    """Puts requests to a port of this machine; a target goes out as it stands."""

    port: int
    tls: ssl.SSLContext | None = None

    def connect(self) -> socket.socket:
        """A connection, encrypted where there is a context."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return self.tls.wrap_socket(plain, server_hostname="gateway.test") if self.tls else plain

    def ask(self, target: str, *headers: str, method: str = "GET", body: str = "") -> Answer:
        """One request, one answer."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: gateway.test:{self.port}", "Connection: close", *headers]
        with contextlib.closing(self.connect()) as connection:
            connection.sendall("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode())
            return answer_of(b"".join(iter(lambda: connection.recv(65536), b"")).decode())

    def answers(self) -> bool:
        """Whether the gateway itself answers."""
        try:
            return self.ask("/__gateway/health").status == 200
        except OSError:
            return False


def answer_of(text: str) -> Answer:
    """An HTTP response, parsed as far as the tests need."""
    head, _, body = text.partition("\r\n\r\n")
    status = int(head.split(" ")[1]) if head else 0
    try:
        echo = json.loads(body) if status == 200 else {}
    except ValueError:
        echo = {}
    return Answer(status, head + "\n\n" + body, echo)


def eventually(question: Callable[[], bool], seconds: float) -> float:
    """How long it took until the question was answered with yes, in seconds."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """A network for the module's containers."""
    made = Place()
    yield made
    made.remove()


@pytest.fixture(scope="module", params=["container", "host"])
def client(request: pytest.FixtureRequest, place: Place, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """To a gateway in front of `api`, `next` and `root`; `late` is absent."""
    folder = tmp_path_factory.mktemp(request.param)
    option = configuration(GatewayPlan(request.param, "", "", "", (), ROUTES, ()), folder)
    start = on_the_host if request.param == "host" else in_a_container
    made = Client(published(start(place, option)))
    eventually(lambda: made.answers() and all(made.ask(path).echo for path in ("/api/", "/keep/", "/")), 60)
    return made


def in_a_container(place: Place, option: str) -> str:
    """The gateway beside the services: the container that publishes it."""
    for name, port in (("api", 8001), ("next", 8002), ("root", 8004)):
        place.service(name, port)
    return place.run("--network", place.name, "--publish", "127.0.0.1::80", option, NGINX)


def on_the_host(place: Place, option: str) -> str:
    """The gateway on a machine on which the services are published: the container that stands for the machine."""
    machine = place.service("api", 8001, "--publish", "127.0.0.1::80")
    inside = ("--network", f"container:{machine}")
    for name, port in (("next", 8002), ("root", 8004)):
        place.run(*inside, PYTHON, "python", "-c", ECHO, str(port), name)
    place.run(*inside, option, NGINX)
    return machine


@pytest.mark.parametrize(("target", "service", "received"), FORWARDED)
def test_what_reaches_the_service(client: Client, target: str, service: str, received: str) -> None:
    assert client.ask(target).received == (service, received)


@pytest.mark.parametrize("target", REFUSED)
def test_a_path_that_could_mean_another_is_refused(client: Client, target: str) -> None:
    answer = client.ask(target)
    assert (answer.status, answer.echo) == (400, {})
    assert "the gateway refuses this path" in answer.body


def test_an_absent_upstream_is_502_at_once(client: Client) -> None:
    began = time.monotonic()
    assert client.ask("/late/x").status == 502
    assert time.monotonic() - began < 4


def test_method_body_and_forwarded_headers_arrive(client: Client) -> None:
    spoofed = ("X-Forwarded-For: 192.0.2.1", "X-Real-IP: 192.0.2.2", "X-Forwarded-Proto: https")
    echo = client.ask("/api/x", *spoofed, method="POST", body="x" * 2_000_000).echo
    assert (echo["method"], echo["target"], echo["size"]) == ("POST", "/x", 2_000_000)
    headers = headers_of(echo)
    assert headers["host"] in ("gateway.test", f"gateway.test:{client.port}")
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-real-ip"] != "192.0.2.2"
    assert headers["x-forwarded-for"] == f"192.0.2.1, {headers['x-real-ip']}"


def test_a_websocket_route_upgrades(client: Client) -> None:
    request = "GET /live/feed?x HTTP/1.1\r\nHost: gateway.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with contextlib.closing(client.connect()) as connection, connection.makefile("rwb") as stream:
        stream.write(request.encode())
        stream.flush()
        assert b" 101 " in stream.readline()
        while stream.readline().strip():
            pass
        stream.write(b"hello\n")
        stream.flush()
        assert stream.readline() == b"echo hello\n"


def test_no_other_route_upgrades(client: Client) -> None:
    headers = headers_of(client.ask("/keep/", "Upgrade: websocket").echo)
    assert "upgrade" not in headers


def test_without_an_upgrade_a_websocket_route_is_a_plain_one(client: Client) -> None:
    assert client.ask("/live/x").received == ("next", "/live/x")


def test_it_starts_without_upstreams_and_finds_one_again_at_a_new_address(place: Place, tmp_path: Path) -> None:
    routes = (route("/late/", "comes-late", 8003, strip_prefix=True),)
    option = configuration(GatewayPlan("container", "", "", "", (), routes, ()), tmp_path)
    client = Client(published(place.run("--network", place.name, "--publish", "127.0.0.1::80", option, NGINX)))
    eventually(client.answers, 60)
    assert client.ask("/late/x").status == 502

    first = place.service("comes-late", 8003)
    eventually(lambda: client.ask("/late/x").received == ("comes-late", "/x"), RECOVERY)
    left = place.address(first)
    place.drop(first)
    eventually(lambda: client.ask("/late/x").status == 502, RECOVERY)
    assert client.answers()

    place.service("takes-its-address", 9)
    second = place.service("comes-late", 8003)
    assert place.address(second) != left
    eventually(lambda: client.ask("/late/x").received == ("comes-late", "/x"), RECOVERY)


def test_an_upstream_that_moves_while_it_serves_is_found_again(place: Place, tmp_path: Path) -> None:
    routes = (route("/moves/", "moves", 8003, strip_prefix=True),)
    option = configuration(GatewayPlan("container", "", "", "", (), routes, ()), tmp_path)
    before = place.service("moves", 8003)
    client = Client(published(place.run("--network", place.name, "--publish", "127.0.0.1::80", option, NGINX)))

    # Each worker of nginx remembers addresses for itself: so many requests reach them all.
    def serves() -> bool:
        return client.answers() and all(client.ask("/moves/x").status == 200 for _ in range(60))

    eventually(serves, RECOVERY)
    place.service("moves", 8003)
    place.drop(before)
    eventually(serves, RECOVERY)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_the_container_speaks_tls_with_the_certificate_it_is_given(place: Place, tmp_path: Path) -> None:
    certificate, key = certificate_in(tmp_path)
    option = configuration(GatewayPlan("container", "gateway.test", "c.pem", "k.pem", (), ROUTES, ()), tmp_path)
    place.service("api", 8001)
    files = (f"--volume={certificate}:{CERTIFICATE_PATH}:ro", f"--volume={key}:{KEY_PATH}:ro")
    ports = ("--publish", "127.0.0.1::80", "--publish", "127.0.0.1::443")
    made = place.run("--network", place.name, *ports, *files, option, NGINX)
    plain, encrypted = Client(published(made)), Client(published(made, 443), trusting(certificate))
    eventually(plain.answers, 60)
    assert plain.ask("/api/x").received == ("api", "/x")
    echo = encrypted.ask("/api/x").echo
    assert headers_of(echo)["x-forwarded-proto"] == "https"
    assert negotiated(encrypted) == "h2"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_the_host_redirects_to_tls(place: Place, tmp_path: Path) -> None:
    certificate, key = certificate_in(tmp_path)
    entrance = GatewayPlan("host", "gateway.test", CERTIFICATE_PATH, KEY_PATH, (), ROUTES, ())
    machine = place.service("machine", 8001, "--publish", "127.0.0.1::80", "--publish", "127.0.0.1::443")
    files = (f"--volume={certificate}:{CERTIFICATE_PATH}:ro", f"--volume={key}:{KEY_PATH}:ro")
    place.run("--network", f"container:{machine}", *files, configuration(entrance, tmp_path), NGINX)
    plain, encrypted = Client(published(machine)), Client(published(machine, 443), trusting(certificate))
    eventually(encrypted.answers, 60)
    redirect = plain.ask("/api/a%2Fb?x=1", method="POST")
    assert redirect.status == 308
    assert "Location: https://gateway.test/api/a%2Fb?x=1" in redirect.body.splitlines()
    assert encrypted.ask("/api/a%2Fb?x=1").received == ("machine", "/a%2Fb?x=1")
    assert negotiated(encrypted) == "h2"


def test_on_the_host_connections_to_a_service_are_kept(place: Place, tmp_path: Path) -> None:
    routes = (route("/", "machine", 8001),)
    machine = place.service("machine", 8001, "--publish", "127.0.0.1::80")
    option = configuration(GatewayPlan("host", "", "", "", (), routes, ()), tmp_path)
    place.run("--network", f"container:{machine}", option, NGINX)
    client = Client(published(machine))
    eventually(lambda: client.answers() and client.ask("/").status == 200, 60)
    peers = [client.ask("/").echo["peer"] for _ in range(20)]
    assert len(set(peers)) < len(peers)


def headers_of(echo: dict[str, object]) -> dict[str, str]:
    """The headers a service received."""
    headers = echo["headers"]
    assert isinstance(headers, dict)
    return headers


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for gateway.test and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = ("-subj", "/CN=gateway.test", "-addext", "subjectAltName=DNS:gateway.test")
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names)
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def trusting(certificate: Path) -> ssl.SSLContext:
    """A context that trusts this certificate alone and speaks HTTP/1.1 unless asked."""
    return ssl.create_default_context(cafile=str(certificate))


def negotiated(client: Client) -> str | None:
    """The protocol that is chosen for a client that knows HTTP/2."""
    assert client.tls is not None
    client.tls.set_alpn_protocols(["h2", "http/1.1"])
    with contextlib.closing(client.connect()) as connection:
        assert isinstance(connection, ssl.SSLSocket)
        return connection.selected_alpn_protocol()
