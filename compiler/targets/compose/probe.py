"""How a container is asked from inside: a question and the tool at hand make a command.

Always 127.0.0.1, never localhost (it may mean ::1), and GET, never HEAD (GNU wget's spider fails where a route has
only GET): facts of the engine, tried.
"""

from __future__ import annotations

import json
import shlex
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.model.plan import Asker, Connect, Execute, HttpGet

if TYPE_CHECKING:
    from collections.abc import Callable

    from compiler.model.plan import Health, Question

CMD, CMD_SHELL = "CMD", "CMD-SHELL"


LOOPBACK = "127.0.0.1"


def probe(question: Question, health: Health, host: str = LOOPBACK) -> tuple[str, ...]:
    """The command with its mode in front (`CMD` or `CMD-SHELL`), not yet escaped for Compose.

    `host` is who is asked: the container itself, or another one by its name. Empty where nothing in the image can
    ask. An Execute is not asked here: its words are texts.
    """
    if isinstance(question, Execute):
        return ()
    return _asked(question, health.asker, max(1, health.timing.timeout_ms // 1000), host)


@lru_cache(maxsize=1024)
def _asked(question: HttpGet | Connect, asker: Asker, seconds: int, host: str) -> tuple[str, ...]:
    """The same question is asked of many units, and in every environment."""
    if asker is Asker.FIRST_FOUND:
        return (CMD_SHELL, _first_found(question, host, seconds))
    ask = _ASKERS.get(asker)
    return (CMD, *ask(question, host, seconds)) if ask else ()


def _url(question: HttpGet, host: str) -> str:
    return f"http://{host}:{question.port}{question.path}"


def _curl(question: HttpGet | Connect, host: str, seconds: int) -> tuple[str, ...]:
    if isinstance(question, HttpGet):
        return ("curl", "-fsS", "-o", "/dev/null", "--max-time", str(seconds), _url(question, host))
    asked = f"curl -s -o /dev/null --max-time {seconds} http://{host}:{question.port}"
    return ("sh", "-c", f"{asked}; case $? in 6|7|28) exit 1;; esac")


def _wget(question: HttpGet | Connect, host: str, seconds: int) -> tuple[str, ...]:
    if isinstance(question, HttpGet):
        return ("wget", "-q", "-O", "/dev/null", "-T", str(seconds), _url(question, host))
    return ("nc", "-z", "-w", str(seconds), host, str(question.port))


def _python(question: HttpGet | Connect, host: str, seconds: int) -> tuple[str, ...]:
    if isinstance(question, HttpGet):
        code = f"import urllib.request as r; r.urlopen({_url(question, host)!r}, timeout={seconds})"
    else:
        code = f"import socket as s; s.create_connection(({host!r}, {question.port}), {seconds})"
    return ("python3", "-c", code)


def _node(question: HttpGet | Connect, host: str, seconds: int) -> tuple[str, ...]:
    if isinstance(question, HttpGet):
        asked = f"fetch({json.dumps(_url(question, host))}, {{signal: AbortSignal.timeout({seconds * 1000})}})"
        code = f"{asked}.then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
    else:
        code = (
            f"require('net').connect({question.port}, {json.dumps(host)})"
            ".on('connect', () => process.exit(0)).on('error', () => process.exit(1))"
        )
    return ("node", "-e", code)


def _bash(question: HttpGet | Connect, host: str, _seconds: int) -> tuple[str, ...]:
    return ("bash", "-c", _bash_code(question, host))


def _bash_code(question: HttpGet | Connect, host: str) -> str:
    connect = f"exec 3<>/dev/tcp/{host}/{question.port}"
    if isinstance(question, Connect):
        return connect
    request = shlex.quote(f"GET {question.path} HTTP/1.0\\r\\nHost: {host}\\r\\n\\r\\n".replace("%", "%%"))
    return f'{connect}; printf {request} >&3; read -r _ status _ <&3; [ "$status" -ge 200 ] && [ "$status" -lt 400 ]'


def _first_found(question: HttpGet | Connect, host: str, seconds: int) -> str:
    """Nothing is known of the base image: the container looks for the first tool that it has."""
    tools = [
        ("curl", shlex.join(_curl(question, host, seconds))),
        ("wget", shlex.join(_wget(question, host, seconds))),
        ("python3", shlex.join(_python(question, host, seconds))),
        ("node", shlex.join(_node(question, host, seconds))),
        ("bash", shlex.join(_bash(question, host, seconds))),
    ]
    if isinstance(question, Connect):
        tools = [("nc", tools[1][1]), *tools[2:]]
    branches = " ".join(
        f"{'if' if index == 0 else 'elif'} command -v {tool} >/dev/null 2>&1; then {command};"
        for index, (tool, command) in enumerate(tools)
    )
    return f"{branches} else echo 'no curl, wget, python3, node or bash in this image to ask with'; exit 1; fi"


_ASKERS: dict[Asker, Callable[[HttpGet | Connect, str, int], tuple[str, ...]]] = {
    Asker.CURL: _curl,
    Asker.WGET: _wget,
    Asker.PYTHON: _python,
    Asker.NODE: _node,
    Asker.BASH: _bash,
}
