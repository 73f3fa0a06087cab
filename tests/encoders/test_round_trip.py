"""Every encoder against the interpreter of its language: what was written is what is read, and nothing else happens."""

from __future__ import annotations

import re
import subprocess
from functools import partial
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]

from compiler.spell.dotenv import dotenv_comment, dotenv_line
from compiler.spell.git import git_pattern
from compiler.spell.json import json_document
from compiler.spell.markdown import markdown_code, markdown_text
from compiler.spell.nginx import Directive, nginx_argument, nginx_configuration, nginx_literal
from compiler.spell.shell import shell_comment, shell_word
from compiler.spell.yaml import yaml_document
from tests.encoders.corpus import TEXTS, random_texts
from tests.encoders.oracles import (
    RENDERERS,
    Rendered,
    nginx_statements,
    node_says,
    seen,
    shell_says,
    table_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW, MANY = 300, 10_000
SEED = 20261122
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(params=[FEW, pytest.param(MANY, marks=pytest.mark.slow)], scope="module")
def texts(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The corpus, and random texts that no interpreter has seen before."""
    return tuple(dict.fromkeys((*TEXTS, *random_texts(request.param, SEED))))


def without_nul(texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if "\0" not in text]


@pytest.mark.parametrize("loader", ["SafeLoader", "CSafeLoader"])
def test_pyyaml_reads_every_value_and_key_back(texts: tuple[str, ...], loader: str) -> None:
    document = {"values": list(texts), "keys": {text: text for text in texts if len(text) < 500}}
    assert yaml.load(str(yaml_document(document)), getattr(yaml, loader)) == document


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_shells_read_every_word_back(texts: tuple[str, ...], shell: str, tmp_path: Path) -> None:
    words = without_nul(texts)
    said = shell_says(shell, "printf '%s\\0' " + " ".join(map(shell_word, words)), tmp_path)
    assert said.decode().split("\0")[:-1] == words


@pytest.mark.parametrize("shell", ["bash", "dash"])
@pytest.mark.parametrize("comment", [shell_comment, dotenv_comment])
def test_a_comment_is_nothing_to_a_shell(
    texts: tuple[str, ...], shell: str, comment: Callable[[str], str], tmp_path: Path
) -> None:
    script = "".join(f"# {comment(text)}\nprintf %s. {number}\n" for number, text in enumerate(texts))
    assert shell_says(shell, script, tmp_path).decode() == "".join(f"{number}." for number in range(len(texts)))


def test_a_shell_reads_environment_lines_back(texts: tuple[str, ...], tmp_path: Path) -> None:
    written = [text for text in texts if is_writable(partial(dotenv_line, "K"), text)]
    assert len(written) > len(texts) / 5
    lines = "".join(f"{dotenv_line(f'K{number}', text)}\n" for number, text in enumerate(written))
    asked = "printf '%s\\0' " + " ".join(f'"$K{number}"' for number in range(len(written)))
    assert shell_says("bash", lines + asked, tmp_path).decode().split("\0")[:-1] == written


def test_node_reads_json_back(texts: tuple[str, ...]) -> None:
    code = """
        const read = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        console.log(JSON.stringify([read.values, Object.entries(read.keys)]));
    """
    document = {"values": list(texts), "keys": {f"k{text}": text for text in texts}}
    assert node_says(code, json_document(document)) == [list(texts), [[f"k{text}", text] for text in texts]]


def test_crossplane_reads_every_accepted_argument_back(texts: tuple[str, ...], tmp_path: Path) -> None:
    accepted = [text for text in texts if is_writable(nginx_argument, text)]
    literal = [text for text in texts if is_writable(nginx_literal, text)]
    assert len(literal) > len(TEXTS) / 4
    assert set(literal) < set(accepted)
    directives = [Directive("return", ("200", text), comment=text.strip()) for text in accepted]
    read = nginx_statements(nginx_configuration(directives), tmp_path)
    orders = [statement for statement in read if statement["directive"] != "#"]
    assert [order["args"] for order in orders] == [["200", text] for text in accepted]
    assert {order["directive"] for order in orders} == {"return"}


def is_writable(encoder: Callable[[str], str], text: str) -> bool:
    try:
        encoder(text)
    except ValueError:
        return False
    return True


def test_an_argument_of_nginx_never_holds_what_could_end_it(texts: tuple[str, ...]) -> None:
    for text in texts:
        if set(text) & set(";{}#\n\r\0\x1b"):
            with pytest.raises(ValueError, match="in nginx"):
                nginx_argument(text)
        if set(text) & set("$\\"):
            with pytest.raises(ValueError, match="literally"):
                nginx_literal(text)


@pytest.mark.parametrize("renderer", list(RENDERERS))
def test_a_table_shows_every_text_and_nothing_else(texts: tuple[str, ...], renderer: str) -> None:
    rows = "".join(f"| {markdown_text(text)} | {markdown_code(text)} | {n} |\n" for n, text in enumerate(texts))
    read = table_rows(RENDERERS[renderer](f"| a | b | c |\n|---|---|---|\n{rows}"))
    assert len(read) == len(texts)
    for number, (text, (prose, code, last)) in enumerate(zip(texts, read, strict=True)):
        assert last == Rendered(str(number), ()), text
        assert prose.text == shown(text)
        assert set(prose.elements) <= ({"code"} if "@" in text else set()), text
        assert code.text.strip() == shown(text).strip()
        assert code.elements == ("code",) or "\\|" in text


@pytest.mark.parametrize("renderer", list(RENDERERS))
def test_a_paragraph_and_a_heading_are_nothing_else(texts: tuple[str, ...], renderer: str) -> None:
    told = [text for text in texts if shown(text)]
    document = "".join(f"{markdown_text(text)}\n\n# {markdown_text(text)}: a\n\n" for text in told)
    blocks = re.findall(r"<(p|h1)>(.*?)</\1>\n", RENDERERS[renderer](document), re.DOTALL)
    assert [name for name, _ in blocks] == ["p", "h1"] * len(told)
    for index, text in enumerate(told):
        paragraph, heading = (seen(inner) for _, inner in blocks[2 * index : 2 * index + 2])
        assert (paragraph.text, heading.text) == (shown(text), f"{shown(text)}: a")
        assert {*paragraph.elements, *heading.elements} <= ({"code"} if "@" in text else set()), text


def shown(text: str) -> str:
    """A text on one line, without what would steer a terminal or turn the line around."""
    return STEERING.sub("\ufffd", " ".join(text.split()))


def test_git_takes_a_pattern_for_its_path_and_no_other(texts: tuple[str, ...], tmp_path: Path) -> None:
    def is_path(text: str) -> bool:
        return text not in ("", ".", "..") and len(text) < 200 and not re.search(r"[\x00-\x1f\x7f/]", text)

    paths = [text for text in texts if is_path(text)]
    lines = "".join(f"{git_pattern(path)} merge={number}\n" for number, path in enumerate(paths))
    (tmp_path / ".gitattributes").write_bytes(lines.encode())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    words = ["git", "check-attr", "-z", "--stdin", "merge"]
    fed = "\0".join(paths).encode()
    told = subprocess.run(words, cwd=tmp_path, input=fed, capture_output=True, check=True).stdout.decode().split("\0")
    assert told[2::3] == [str(number) for number in range(len(paths))]
