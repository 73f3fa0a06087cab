"""Whatever its streams are like, a command ends with the right code and never with a traceback.

A reader that has gone changes no exit code: the verdict of `lint | head` is that of `lint`. A stream that takes nothing
is the machine's fault. An interrupt is 130 from the first line of ours to the last.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from compiler.cli import run
from compiler.commands.codes import DONE, ENVIRONMENT, INTERRUPTED, WRONG
from tests.commands.project import COMPOSE, MANIFEST, command_line, compiled, everything, surroundings, write
from tests.support import ROOT

LARGEST_PIPE = 65_536
WRONG_MANIFEST = MANIFEST.replace("${cache.url}", "${nothing.url}")
AS_EVER = {
    "a reader that has gone": 'exec 3> >(exec true); wait $!; "$@" >&3',
    "a reader that stops": '"$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}',
    "nobody reads stderr": 'exec 3> >(exec true); wait $!; "$@" 2>&3',
    "nobody reads anything": 'exec 3> >(exec true); wait $!; "$@" >&3 2>&3',
    "stdout closed": '"$@" >&-',
    "stderr closed": '"$@" 2>&-',
    "all closed": '"$@" <&- >&- 2>&-',
    "stdin closed": '"$@" <&-',
    "nothing on stdin": '"$@" </dev/null',
    "cp1252": 'PYTHONIOENCODING=cp1252 "$@"',
    "ascii": 'PYTHONIOENCODING=ascii "$@"',
    "no locale": 'LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 "$@"',
}
"""Streams that change no exit code, as bash makes them."""
FULL = {"stdout": '"$@" >/dev/full', "stderr": '"$@" 2>/dev/full', "both": '"$@" >/dev/full 2>/dev/full'}


class Case(NamedTuple):
    """A command line in one of the folders below, its exit code, and the code where a stream is full."""

    folder: str
    words: str
    code: int = DONE
    full_stdout: int = ENVIRONMENT
    full_stderr: int = DONE


CASES = {
    "compile": Case("new", "compile"),
    "compile, nothing new": Case("done", "compile"),
    "compile, the door": Case("remembered", "compile"),
    "compile --check": Case("done", "compile --check"),
    "compile, wrong": Case("wrong", "compile", WRONG, WRONG, ENVIRONMENT),
    "lint": Case("wrong", "lint", WRONG, WRONG, ENVIRONMENT),
    "lint json": Case("wrong", "lint --format json", WRONG, ENVIRONMENT, WRONG),
    "lint github": Case("wrong", "lint --format github", WRONG, ENVIRONMENT, WRONG),
    "lint sarif": Case("wrong", "lint --format sarif"),
    "plan": Case("done", "plan"),
    "plan json": Case("done", "plan --format json"),
    "diff": Case("done", "-q diff --raw"),
    "explain": Case("done", "explain PORT001"),
    "explain a line": Case("done", "explain integration/docker-compose.yml:12"),
    "graph": Case("done", "graph"),
    "schema": Case("done", "schema"),
    "ports": Case("done", "ports"),
    "review": Case("done", "review", WRONG, WRONG, WRONG),
    "keep": Case("new copy", "keep integration/README.md"),
    "help": Case("done", "--help"),
    "help of a command": Case("done", "lint --help"),
    "version": Case("done", "--version"),
    "a misuse": Case("done", "lint --nope", WRONG, WRONG, WRONG),
}
FEW = [
    ("compile, the door", "a reader that has gone"),
    ("lint json", "a reader that has gone"),
    ("help", "a reader that has gone"),
    ("version", "a reader that has gone"),
    ("version", "stdout closed"),
    ("lint", "nobody reads stderr"),
]
ALWAYS_TRIED = {"compile", "lint", "diff", "a reader that has gone", "nobody reads anything", "all closed", "cp1252"}
"""Commands tried with all streams, and streams with all commands."""


class Ended(NamedTuple):
    """How a process ended, and what it said on either stream."""

    code: int
    said: str


@cache
def _folder(kind: str) -> Path:
    """A project made once; whoever writes into one gets a copy."""
    top = Path(tempfile.mkdtemp(prefix="streams-"))
    folder = compiled(top / "shop")
    if kind == "wrong":
        write(folder, {"integration.yaml": WRONG_MANIFEST})
    if kind == "new":
        shutil.rmtree(folder / "integration")
    if kind == "remembered":
        run(["-C", str(folder), "-q", "compile"])
    return folder


@pytest.fixture(scope="module", autouse=True)
def _swept() -> object:
    yield
    for kind in ("new", "new copy", "done", "remembered", "wrong"):
        shutil.rmtree(_folder(kind).parent)
    _folder.cache_clear()


def ended(case: Case, shell: str, tmp_path: Path) -> Ended:
    folder = _folder(case.folder)
    if case.folder.startswith("new"):
        folder = Path(shutil.copytree(folder, tmp_path / "shop"))
    words = ["bash", "-c", shell, "bash", *command_line(*case.words.split())]
    done = subprocess.run(
        words, cwd=folder, env=surroundings(), capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    return Ended(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))


def assert_quiet(said: str) -> None:
    for word in ("Traceback", "Exception ignored", "Errno", "bug of its own"):
        assert word not in said, said


@pytest.mark.parametrize(("name", "streams"), FEW)
def test_streams_change_no_exit_code(name: str, streams: str, tmp_path: Path) -> None:
    found = ended(CASES[name], AS_EVER[streams], tmp_path)
    assert_quiet(found.said)
    assert found.code == CASES[name].code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "streams"),
    [(name, streams) for name in CASES for streams in AS_EVER if name in ALWAYS_TRIED or streams in ALWAYS_TRIED],
)
def test_no_stream_changes_the_exit_code_of_any_command(name: str, streams: str, tmp_path: Path) -> None:
    test_streams_change_no_exit_code(name, streams, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_full_stream_is_the_machines_fault(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    for streams, shell in FULL.items():
        found = ended(case, shell, tmp_path / streams)
        assert_quiet(found.said)
        either = {case.full_stdout, case.full_stderr} - {DONE}
        expected = {"stdout": {case.full_stdout}, "stderr": {case.full_stderr, ENVIRONMENT}, "both": either}[streams]
        assert found.code in expected, (streams, found)


def test_where_stderr_is_full_nothing_is_written_unsaid(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(_folder("new"), tmp_path / "shop"))
    write(folder, {"integration.yaml": WRONG_MANIFEST})
    before = everything(folder)
    words = ["bash", "-c", FULL["stderr"], "bash", *command_line("compile")]
    done = subprocess.run(words, cwd=folder, env=surroundings(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (ENVIRONMENT, b"", b"")
    assert everything(folder) == before


def test_a_compile_whose_reader_has_gone_has_done_all(tmp_path: Path) -> None:
    shell = AS_EVER["nobody reads anything"]
    assert ended(CASES["compile"], shell, tmp_path).code == DONE
    assert (tmp_path / "shop" / COMPOSE).is_file()


def test_a_pipe_that_does_not_block_gets_all_of_it(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen(command_line("schema"), cwd=tmp_path, env=surroundings(), stdout=writing) as process:
        os.close(writing)
        time.sleep(0.2)
        with os.fdopen(reading, "rb") as pipe:
            content = pipe.read()
    assert process.returncode == DONE
    assert content == (ROOT / "schemas" / "integration.schema.json").read_bytes()
    assert len(content) > LARGEST_PIPE


INTERRUPTING = """\
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if f"{name}, hidden" == at:
            raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()
        if name == at:
            os.kill(os.getpid(), signal.SIGINT)
at, *sys.argv[1:] = sys.argv[1:]
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)
from compiler.__main__ import main
try:
    main()
finally:
    os.kill(os.getpid(), signal.SIGINT) if at == "the end" else None
"""


@pytest.mark.parametrize(
    ("at", "words", "code"),
    [
        ("compiler.text.twin", "plan", INTERRUPTED),
        ("compiler.targets.compose.emit", "compile", INTERRUPTED),
        ("click", "plan", INTERRUPTED),
        ("compiler.pipeline, hidden", "plan", INTERRUPTED),
        ("the end", "plan", DONE),
    ],
)
def test_an_interrupt_ends_it_at_once_and_quietly(at: str, words: str, code: int, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(_folder("new"), tmp_path / "shop"))
    before = everything(folder)
    line = [sys.executable, "-c", INTERRUPTING, at, *words.split()]
    done = subprocess.run(line, cwd=folder, env=surroundings(), capture_output=True, text=True, check=False)
    assert_quiet(done.stderr)
    assert done.returncode == code
    assert everything(folder) == before


@pytest.mark.slow
@pytest.mark.parametrize("words", ["plan", "lint --format sarif"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_at_any_time_shows_no_line_of_ours(words: str, sent: signal.Signals, code: int) -> None:
    folder = _folder("done")
    for number in range(16):
        process = subprocess.Popen(
            command_line(*words.split()), cwd=folder, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        time.sleep(0.012 * number)
        process.send_signal(sent)
        said = process.communicate()[1].decode()
        assert "in _answered" not in said, said
        assert "bug of its own" not in said
        if not said:  # else Python itself had not yet started
            assert process.returncode in {code, -sent, DONE}
