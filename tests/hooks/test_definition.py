"""`.pre-commit-hooks.yaml` says what pre-commit and the command line understand."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from compiler.commands.group import group
from tests.support import ROOT

DEFINITION = ROOT / ".pre-commit-hooks.yaml"
HOOKS: list[dict[str, Any]] = yaml.safe_load(DEFINITION.read_text())


def test_pre_commit_accepts_it() -> None:
    words = [sys.executable, "-m", "pre_commit", "validate-manifest", str(DEFINITION)]
    assert subprocess.run(words, check=False).returncode == 0


def test_there_are_two_and_they_run_whatever_a_commit_touches() -> None:
    assert [hook["id"] for hook in HOOKS] == ["periplus-compile", "periplus-check"]
    assert all(hook["always_run"] and not hook["pass_filenames"] and hook["require_serial"] for hook in HOOKS)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_its_entry_is_a_command_with_options_that_exist(hook: dict[str, Any]) -> None:
    program, name, *options = shlex.split(" ".join([hook["entry"], *hook["args"]]))
    command = group.get_command(group.make_context("periplus", [name]), name)
    assert program == "periplus"
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(options) <= known


def test_no_stage_is_one_in_which_a_message_is_written() -> None:
    stages = {stage for hook in HOOKS for stage in hook["stages"]}
    assert stages == {"pre-commit", "pre-merge-commit", "pre-push", "manual"}
