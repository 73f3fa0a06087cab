"""The programs that a health check asks with: every path of the grammar is a text in Python, JavaScript and shell."""

from __future__ import annotations

import ast
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.model.plan import Asker, Health, HttpGet, Timing
from compiler.targets.compose.probe import probe
from tests.encoders.oracles import node_says, shell_says
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

GRAMMAR: str = json.loads((ROOT / "schemas/integration.schema.json").read_text(encoding="utf-8"))["definitions"][
    "url_path"
]["pattern"]
HOSTILE = (
    "/health",
    "/'",
    "/')+process.exit(0)+('",
    "/$(id)",
    "/$HOME",
    "/';id;'",
    "/&&id",
    "/*",
    "/!!",
    "/~",
    "/%s%n%d%%",
    "/%0d%0aX:%20y",
    "/a?b=c&d='e'",
    "/(a)(b)",
    "//",
    "/--",
)


def paths(count: int) -> list[str]:
    """The hostile ones, and random ones of every letter that the grammar knows."""
    letters = [chr(code) for code in range(128) if re.fullmatch(GRAMMAR, f"/{chr(code)}")]
    chance = random.Random(8)
    return [*HOSTILE, *("/" + "".join(chance.choices(letters, k=12)) for _ in range(count))]


@pytest.fixture(params=[100, pytest.param(10_000, marks=pytest.mark.slow)], scope="module")
def asked(request: pytest.FixtureRequest) -> list[str]:
    found = paths(request.param)
    assert all(re.fullmatch(GRAMMAR, path) for path in found)
    return found


def words(path: str, asker: Asker) -> tuple[str, ...]:
    return probe(HttpGet(8000, path), Health(None, None, Timing(5000, 5000, 3, 0), asker, ()), "other")


def code_of(path: str, asker: Asker) -> str:
    *_, code = words(path, asker)
    return code


def test_python_opens_that_url(asked: Sequence[str]) -> None:
    for path in asked:
        _, call = ast.parse(code_of(path, Asker.PYTHON)).body
        assert isinstance(call, ast.Expr)
        assert ast.unparse(call) == f"r.urlopen({f'http://other:8000{path}'!r}, timeout=5)"


def test_node_fetches_that_url(asked: Sequence[str]) -> None:
    code = """
        const urls = [];
        const process = { exit() {} };
        const fetch = (url) => { urls.push(url); return { then() {} }; };
        for (const code of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
          new Function('fetch', 'process', 'AbortSignal', code)(fetch, process, { timeout() {} });
        }
        console.log(JSON.stringify(urls));
    """
    codes = json.dumps([code_of(path, Asker.NODE) for path in asked])
    assert node_says(code, codes) == [f"http://other:8000{path}" for path in asked]


def test_bash_sends_that_line(asked: Sequence[str], tmp_path: Path) -> None:
    sent = [re.search(r"; (printf .*) >&3; ", code_of(path, Asker.BASH)) for path in asked]
    script = "".join(f"{found[1]}\nprintf '\\0'\n" for found in sent if found)
    said = shell_says("bash", script, tmp_path).decode().split("\0")[:-1]
    assert said == [f"GET {path} HTTP/1.0\r\nHost: other\r\n\r\n" for path in asked]


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_whoever_is_found_first_is_asked_for_that_url(asked: Sequence[str], shell: str, tmp_path: Path) -> None:
    stub = 'command() { [ "$2" = wget ]; }\nwget() { for last; do :; done; printf \'%s\\0\' "$last"; }\n'
    script = stub + "".join(f"{code_of(path, Asker.FIRST_FOUND)}\n" for path in asked)
    said = shell_says(shell, script, tmp_path).decode().split("\0")[:-1]
    assert said == [f"http://other:8000{path}" for path in asked]
