"""The README is true: its commands run, its manifest compiles, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.commands.project import example, periplus
from tests.support import ROOT, codes, compile_text

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line for language, text in BLOCKS if language == "sh" for line in text.splitlines() if line.startswith("periplus ")
]
MANIFESTS = [text for language, text in BLOCKS if language == "yaml" and text.startswith("version:")]
EXCERPTS = [text for language, text in BLOCKS if language == "yaml" and not text.startswith(("version:", "lint:"))]
LINTS = [text for language, text in BLOCKS if language == "yaml" and text.startswith("lint:")]


def test_there_is_something_to_try() -> None:
    assert COMMANDS
    assert MANIFESTS


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_runs(line: str, tmp_path: Path) -> None:
    folder = example("02-trading", tmp_path)
    _, *arguments = shlex.split(line, comments=True)
    outcome = periplus(folder, *arguments)
    assert outcome.code in {0, 1}
    assert outcome.out or re.search("no findings|no differen|nothing change", outcome.err)


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_manifest_compiles_without_a_finding(manifest: str) -> None:
    compiled = compile_text(manifest)
    assert compiled.diagnostics == ()
    assert compiled.tree


@pytest.mark.parametrize("lint", LINTS)
def test_what_may_stand_under_lint_does_and_is_idle_where_nothing_is_found(lint: str) -> None:
    assert codes(compile_text(MANIFESTS[0] + lint)) == ["LINT003"]


@pytest.mark.parametrize("excerpt", EXCERPTS)
def test_an_excerpt_is_what_becomes_of_the_manifest_with_lines_left_out(excerpt: str) -> None:
    lines = iter(compile_text(MANIFESTS[0]).tree["docker-compose.yml"].text.splitlines())
    assert [line for line in excerpt.splitlines() if line not in lines] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z0-9-]+)", README))))
def test_a_target_of_make_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
