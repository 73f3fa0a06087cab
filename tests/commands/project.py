"""A project on disk, and the real command line run on it: inside this process, or as one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compiler.cli import run
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = """\
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  api:
    image: example/api:1
    port: 8000
    healthcheck:
      liveness: /health
      probe: curl
    environment:
      CACHE_URL: ${cache.url}
      GREETING: hello
"""
OUTPUT = "integration"
COMPOSE = "integration/docker-compose.yml"
LOCK = "integration.lock.json"


class Outcome(NamedTuple):
    """What a command left: its exit code, and the text of both streams."""

    code: int
    out: str
    err: str


def project(folder: Path, **texts: str) -> Path:
    """A repository with the manifest above; further files by keyword, their names with `__` for a dot."""
    (folder / ".git").mkdir(parents=True)
    write(folder, {"integration.yaml": MANIFEST, **{name.replace("__", "."): text for name, text in texts.items()}})
    return folder


def compiled(folder: Path, **texts: str) -> Path:
    """The same with its tree."""
    project(folder, **texts)
    for path, content, mode in _tree(tuple(texts.items())):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        (folder / path).chmod(mode)
    return folder


@cache
def _tree(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, bytes, int], ...]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = project(Path(temporary) / "project", **dict(texts))
        assert periplus(folder, "compile").code == 0
        return tuple((path, content, (folder / path).stat().st_mode) for path, content in contents(folder).items())


def example(name: str, folder: Path) -> Path:
    """A copy of an example, as committed."""
    return Path(shutil.copytree(ROOT / "examples" / name, folder / name))


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Put texts at paths below a folder."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first of `old`, which must be there."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def periplus(folder: Path, *arguments: str) -> Outcome:
    """The command line, run here as if started in `folder`."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = run(["-C", str(folder), *arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


def command_line(*arguments: str) -> list[str]:
    """The words that start the command line as a process."""
    return [sys.executable, "-m", "compiler", *arguments]


def surroundings(**environment: str) -> dict[str, str]:
    """An environment in which a process finds this checkout, with no wish about colour but the given ones.

    What stands on `PYTHONPATH` stays before it: there the tests' plain mode (`make plain`) stands.
    """
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "CI"}}
    path = os.pathsep.join(filter(None, (kept.get("PYTHONPATH"), str(ROOT))))
    return {**kept, "PYTHONPATH": path, **environment}


def periplus_apart(folder: Path, *arguments: str, **environment: str) -> Outcome:
    """The command line as a process of its own, started in `folder`."""
    done = subprocess.run(
        command_line(*arguments),
        cwd=folder,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def everything(folder: Path) -> dict[str, tuple[bytes | str, int, int]]:
    """Path -> content (or where a link leads), mode and, of a file, time of the last change; the record left out."""
    found = (path for path in sorted(folder.rglob("*")) if not _is_remembered(path))
    return {path.relative_to(folder).as_posix(): _state(path) for path in found}


def contents(folder: Path) -> dict[str, bytes]:
    """Path -> bytes of every file below a folder, but for the record of the last compile."""
    found = (path for path in folder.rglob("*") if path.is_file() and not _is_remembered(path))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _is_remembered(path: Path) -> bool:
    """Whether it is the record of the last compile, or holds nothing else."""
    if path.name == ".periplus" and path.is_dir() and not path.is_symlink():
        return [inside.name for inside in path.iterdir()] == ["unchanged"]
    return path.parts[-2:] == (".periplus", "unchanged")


def _state(path: Path) -> tuple[bytes | str, int, int]:
    status = path.lstat()
    if path.is_symlink():
        return str(path.readlink()), 0, status.st_mtime_ns
    if path.is_dir():
        return b"", stat.S_IMODE(status.st_mode), 0
    return path.read_bytes(), stat.S_IMODE(status.st_mode), status.st_mtime_ns
