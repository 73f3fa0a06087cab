"""A project of its own on the real engine: a copy of an example, or a small manifest, under a name nobody else has.

Every copy has its own project name, networks and host ports, so copies, leftovers and the person's own examples never
meet. Whatever a project left on the engine is found by its name and removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120
"""No command of these tests may take longer, unless it says so."""
LABEL = "com.docker.compose.project"


class Ran(NamedTuple):
    """A command that has ended."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        """What it said, on both streams."""
        return self.out + self.err

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\nended with {self.code} after {self.seconds:.1f} s\n{self.text}"


class Container(NamedTuple):
    """A container as the engine sees it; the times are seconds since 1970, 0 where it never happened."""

    id: str
    name: str
    service: str
    status: str
    health: str
    exit_code: int
    started: float
    finished: float


def run(
    *command: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = PATIENCE_S,
    feed: str = "",
) -> Ran:
    """Run a command to its end, with `feed` on its standard input; past `seconds` it is killed, children and all."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        out, err = process.communicate(feed, timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        message = f"{' '.join(command)}: not ended after {seconds} s, and killed\n{out}{err}"
        raise AssertionError(message) from None
    return Ran(command, process.returncode, out, err, time.monotonic() - began)


def docker(*arguments: str, seconds: float = PATIENCE_S, feed: str = "") -> str:
    """What a docker command says; fails where it fails."""
    done = run("docker", *arguments, seconds=seconds, feed=feed)
    assert done.code == 0, str(done)
    return done.out.strip()


def eventually[T](question: Callable[[], T], seconds: float, what: str) -> T:
    """The first answer that is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return answer
