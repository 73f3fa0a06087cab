"""The plainest command lines mean to us what they mean to click, and all others are left to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.commands.group import group
from compiler.commands.options import settings_of

if TYPE_CHECKING:
    from pathlib import Path

quick: Any = pytest.importorskip("compiler.commands.quick_arguments")
OTHER = ("--confirm", "--none", "-qC", "--", "-", "", "--color", "never", "-h", "--check=1", "--directory=sub", "-Csub")
WORDS = (
    "compile",
    "compile",
    "diff",
    "--check",
    "--raw",
    "-q",
    "--quiet",
    "-C",
    "--directory",
    "sub",
    ".",
    "..",
    "a.yaml",
    "plan",
)
LINES = st.lists(st.sampled_from(WORDS), max_size=7) | st.lists(st.sampled_from((*WORDS, *OTHER)), max_size=7)


@given(LINES)
def test_what_is_understood_means_the_same_to_click(folder: Path, words: list[str]) -> None:
    asked = quick.understood(words)
    if asked is None:
        return
    context = _understood_by_click(words)
    assert context.command.name == asked.command
    if asked.command == "diff":
        assert context.params.pop("output_format") == "text"
        manifests = filter(None, [context.params.pop("manifest")])
    else:
        manifests = context.params.pop("manifests")
    assert list(manifests) == asked.manifests
    assert {name for name, value in context.params.items() if value} | {"quiet"} == {*asked.flags, "quiet"}
    assert settings_of(context) == (folder.joinpath(asked.directory), "auto", "quiet" in asked.flags)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "-q",
        "plan",
        "--check compile",
        "compile --confirm",
        "compile -C",
        "compile -C none",
        "compile -C -q",
        "compile -qC sub",
        "compile --",
        "compile --color never",
        "-C sub",
        "--version",
        "compile --help",
        "compile --raw",
        "diff --check",
        "diff --base HEAD",
        "diff --format text",
        "diff a.yaml b.yaml",
        "diff --help",
    ],
)
def test_all_else_is_left_to_click(words: str, folder: Path) -> None:
    assert (folder / "sub").is_dir()
    assert quick.understood(words.split()) is None


def test_completion_is_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PERIPLUS_COMPLETE", "bash_source")
    assert quick.understood(["compile"]) is None


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Where the command lines are typed: there is one folder below, `sub`, and nothing in it."""
    there = tmp_path_factory.mktemp("typed")
    (there / "sub").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(there)
        yield there


def _understood_by_click(words: list[str]) -> click.Context:
    outer = group.make_context("periplus", list(words))
    name, command, rest = group.resolve_command(outer, [*outer._protected_args, *outer.args])
    assert command is not None
    return command.make_context(name, rest, parent=outer)
