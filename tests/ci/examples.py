"""The examples in docs/ci, read, and their shell run as the forges would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from tests.hooks.repository import alone
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = ROOT / "docs" / "ci"
GITHUB, GITLAB = FOLDER / "github-actions.yml", FOLDER / "gitlab-ci.yml"
WORKFLOW: dict[str, Any] = yaml.safe_load(GITHUB.read_text())
PIPELINE: dict[str, Any] = yaml.safe_load(GITLAB.read_text())
JOBS: dict[str, dict[str, Any]] = {name: job for name, job in PIPELINE.items() if name != "variables"}


def steps() -> dict[str, dict[str, Any]]:
    """The steps of the workflow that run a script, by name."""
    return {step["name"]: step for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step}


def scripts() -> dict[str, tuple[str, str]]:
    """Every script of both examples by a name, with the shell that runs it there."""
    found = {name: ("bash", str(step["run"])) for name, step in steps().items()}
    for name, job in JOBS.items():
        shell = "sh" if "alpine" in job["image"] else "bash"
        found.update({f"{name} {index}": (shell, line) for index, line in enumerate(job["script"])})
    return found


def run(shell: str, script: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A script, stopped by its first failure, with our own `periplus` and none of this machine's secrets."""
    options = ["-euo", "pipefail"] if shell == "bash" else ["-eu"]
    commands = folder.parent / "commands"
    commands.mkdir(exist_ok=True)
    program = commands / "periplus"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m compiler "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join((str(commands), str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        [shell, *options, "-c", script],
        cwd=folder,
        env=alone(PATH=path, PYTHONPATH=str(ROOT), **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
