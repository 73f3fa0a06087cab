"""The real interpreters: each reads what an encoder wrote, thousands of texts in one run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, NamedTuple

import cmarkgfm  # type: ignore[import-untyped]
import crossplane  # type: ignore[import-untyped]
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_VOID = frozenset({"br", "hr", "img"})
_CELLS = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
_ROWS = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


class Rendered(NamedTuple):
    """A piece of HTML as a reader sees it: its text, and the elements around or in it, with their attributes."""

    text: str
    elements: tuple[str, ...]


def tool(name: str) -> str:
    """The path of a program of this machine; without it the test is skipped, and says so."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def shell_says(shell: str, script: str, folder: Path) -> bytes:
    """What a script prints; it must not print on standard error, and end well."""
    file = folder / "script"
    file.write_bytes(script.encode())
    done = subprocess.run([tool(shell), str(file)], capture_output=True, cwd=folder, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def node_says(code: str, feed: str) -> Any:
    """What JavaScript prints as JSON, `feed` on its standard input."""
    words = [tool("node"), "--eval", code]
    done = subprocess.run(words, input=feed.encode(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def nginx_statements(text: str, folder: Path) -> list[dict[str, Any]]:
    """The statements that crossplane reads in a configuration."""
    file = folder / "nginx.conf"
    file.write_bytes(text.encode())
    read = crossplane.parse(str(file), single=True, comments=True, check_ctx=False, check_args=False)
    assert read["errors"] == []
    statements: list[dict[str, Any]] = read["config"][0]["parsed"]
    return statements


def github(text: str) -> str:
    """HTML as GitHub's own renderer makes it: tables, links without marks, and nothing taken out."""
    made: str = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return made


def commonmark(text: str) -> str:
    """HTML as a reader of CommonMark with tables makes it."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


RENDERERS: dict[str, Callable[[str], str]] = {"github": github, "commonmark": commonmark}


def table_rows(html: str) -> list[list[Rendered]]:
    """The cells of each row of all tables but their heads."""
    rows = (_CELLS.findall(row) for row in _ROWS.findall(html))
    return [[seen(cell) for cell in row] for row in rows if row]


def seen(html: str) -> Rendered:
    """The text of a piece of HTML, and its elements."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, html
    return Rendered("".join(reader.text), tuple(reader.elements))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.elements: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append(" ".join((tag, *(f"{name}={value}" for name, value in attrs))))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements.append(f"comment {data}")
