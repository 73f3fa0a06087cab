from __future__ import annotations

import http.server
import json
import shutil
import socket
import subprocess
import threading
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from compiler.model.plan import Asker, Connect, Execute, Health, HttpGet, Timing
from compiler.targets.compose.probe import probe

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMING = Timing(5000, 2000, 12, 10_000)
ASKERS = (Asker.CURL, Asker.WGET, Asker.PYTHON, Asker.NODE, Asker.BASH, Asker.FIRST_FOUND)
TOOLS = {Asker.CURL: "curl", Asker.WGET: "wget", Asker.PYTHON: "python3", Asker.NODE: "node", Asker.BASH: "bash"}


def asked(question: HttpGet | Connect, asker: Asker, timing: Timing = TIMING) -> tuple[str, ...]:
    """The command of a probe."""
    return probe(question, Health(question, None, timing, asker, ()))


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers `/health?a=b` and redirects; only GET is there."""

    def do_GET(self) -> None:
        """Answer."""
        statuses = {"/health?a='b' ": 200, "/moved": 307, "/broken": 500}
        self.send_response(statuses.get(unquote(self.path), 404))
        if self.path == "/moved":
            self.send_header("Location", "/health?a='b'%20")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server on 127.0.0.1 only."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def run(command: tuple[str, ...]) -> int:
    """How the command ends here, its mode dropped."""
    words = ["sh", "-c", command[1]] if command[0] == "CMD-SHELL" else command[1:]
    return subprocess.run(words, capture_output=True, check=False, timeout=10).returncode


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(
    ("path", "healthy"), [("/health?a='b'%20", True), ("/moved", True), ("/broken", False), ("/none", False)]
)
def test_a_get_on_this_machine(asker: Asker, path: str, healthy: bool, port: int) -> None:
    if asker in TOOLS and shutil.which(TOOLS[asker]) is None:
        pytest.skip(f"no {TOOLS[asker]} here")
    assert (run(asked(HttpGet(port, path), asker)) == 0) is healthy


@pytest.mark.parametrize("asker", ASKERS)
def test_nobody_listens(asker: Asker) -> None:
    if asker in TOOLS and shutil.which(TOOLS[asker]) is None:
        pytest.skip(f"no {TOOLS[asker]} here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    assert run(asked(HttpGet(closed, "/"), asker)) != 0
    if asker is not Asker.WGET:
        assert run(asked(Connect(closed), asker)) != 0


@pytest.mark.parametrize("asker", [Asker.CURL, Asker.PYTHON, Asker.NODE, Asker.BASH, Asker.FIRST_FOUND])
def test_a_connection(asker: Asker, port: int) -> None:
    if asker in TOOLS and shutil.which(TOOLS[asker]) is None:
        pytest.skip(f"no {TOOLS[asker]} here")
    assert run(asked(Connect(port), asker)) == 0


@pytest.mark.parametrize("asker", [Asker.IMAGE, Asker.NONE, Asker.UNKNOWN])
def test_who_cannot_ask(asker: Asker) -> None:
    assert asked(HttpGet(80, "/"), asker) == ()


def test_what_is_asked_as_a_command_of_ones_own() -> None:
    question = Execute((("true",),))
    assert probe(question, Health(question, None, TIMING, Asker.CURL, ())) == ()


@pytest.mark.parametrize("asker", ASKERS)
def test_never_localhost_and_never_head(asker: Asker) -> None:
    text = json.dumps(asked(HttpGet(80, "/"), asker))
    assert "127.0.0.1" in text
    assert "localhost" not in text
    assert "--spider" not in text
    assert "HEAD" not in text


@pytest.mark.parametrize(("timeout_ms", "seconds"), [(5000, "5"), (500, "1"), (2900, "2")])
def test_the_asker_gives_up_before_the_engine_does(timeout_ms: int, seconds: str) -> None:
    command = asked(HttpGet(80, "/"), Asker.CURL, TIMING._replace(timeout_ms=timeout_ms))
    assert command[command.index("--max-time") + 1] == seconds


def test_another_host_is_asked_by_its_name() -> None:
    command = probe(HttpGet(80, "/h"), Health(None, None, TIMING, Asker.WGET, ()), "other")
    assert command[-1] == "http://other:80/h"


def test_the_first_tool_that_is_there() -> None:
    _, text = asked(HttpGet(80, "/"), Asker.FIRST_FOUND)
    positions = [text.index(f"command -v {tool} ") for tool in ("curl", "wget", "python3", "node", "bash")]
    assert positions == sorted(positions)
    (_, connect) = asked(Connect(80), Asker.FIRST_FOUND)
    assert connect.startswith("if command -v nc ")
    empty = subprocess.run(["/bin/sh", "-c", text], env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert (empty.returncode, "no curl, wget" in empty.stdout) == (1, True)
