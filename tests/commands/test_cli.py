"""The command line as a person meets it: a process with streams, colour, exit codes and signals."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compiler import __version__
from compiler.commands.group import COMMANDS
from compiler.hands.guard import alone
from tests.commands.project import (
    COMPOSE,
    LOCK,
    MANIFEST,
    command_line,
    compiled,
    contents,
    edit,
    everything,
    periplus,
    periplus_apart,
    project,
    surroundings,
    write,
)
from tests.support import ROOT

WRONG = MANIFEST.replace("cache.url", "cahce.url")
COLOUR = "\x1b["


def test_version_and_help_as_processes(tmp_path: Path) -> None:
    assert periplus_apart(tmp_path, "--version") == (0, f"periplus {__version__}\n", "")
    outcome = periplus_apart(tmp_path, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert all(f"  {name} " in outcome.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_the_global_options(name: str, tmp_path: Path) -> None:
    outcome = periplus(tmp_path, name, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert all(option in outcome.out for option in ("--directory", "--color", "--quiet", "--help"))


def test_the_version_needs_no_click(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "compiler", "--version"],
        cwd=tmp_path,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "compiler" in imported
    assert not imported & {"click", "jinja2", "strictyaml", "jsonschema", "compiler.pipeline"}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["none"],
        ["--none"],
        ["compile", "--none"],
        ["compile", "--mode", "none"],
        ["explain"],
        ["explain", "A001", "A002"],
        ["--color", "blue", "plan"],
        ["-C", "none", "plan"],
        ["plan", "-C", "integration.yaml"],
    ],
)
def test_wrong_usage_is_two_and_told_on_stderr(arguments: list[str], tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop"), *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Usage: periplus" in outcome.err


def test_a_process_ends_with_the_code_and_data_is_on_stdout(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    assert periplus_apart(folder, "compile", "--check").code == 1
    first = periplus_apart(folder, "compile")
    assert (first.code, first.err) == (0, "")
    assert first.out.endswith("created, 0 unchanged\n")
    edit(folder / COMPOSE, "\n", "\n# mine\n")
    refused = periplus_apart(folder, "compile")
    assert (refused.code, refused.out) == (3, "")
    assert "nothing was written" in refused.err
    write(folder, {"integration.yaml": WRONG})
    wrong = periplus_apart(folder, "plan")
    assert (wrong.code, wrong.out) == (2, "")
    assert "error[REF" in wrong.err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("manifest", "arguments", "code"),
    [(MANIFEST, "compile", 0), (MANIFEST, "plan", 0), (WRONG, "compile", 2), (WRONG, "lint", 2), (MANIFEST, "none", 2)],
)
def test_a_stream_that_was_closed_before_the_start_changes_no_exit_code(
    closed: str, manifest: str, arguments: str, code: int, tmp_path: Path
) -> None:
    folder = project(tmp_path / "shop", integration__yaml=manifest)
    started = ["sh", "-c", f'exec "$@" {closed}', "sh", *command_line(arguments)]
    done = subprocess.run(started, cwd=folder, env=surroundings(), capture_output=True, check=False)
    assert done.returncode == code
    assert (folder / COMPOSE).is_file() == ((arguments, code) == ("compile", 0))
    assert b"bug" not in done.stdout + done.stderr


def test_directory_is_where_it_runs_before_or_after_the_command(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    expected = periplus_apart(folder, "plan")
    assert expected.code == 0
    assert periplus_apart(tmp_path, "-C", "shop", "plan") == expected
    assert periplus_apart(tmp_path, "plan", "-C", "shop") == expected
    assert periplus(tmp_path, "-C", "shop", "-C", "integration", "plan", "-C", "..") == expected


@pytest.mark.parametrize(
    ("arguments", "environment", "is_coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "auto"], {}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour(
    arguments: list[str],
    environment: dict[str, str],
    is_coloured: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    folder = project(tmp_path / "shop", integration__yaml=WRONG)
    for outcome in (periplus(folder, *arguments, "lint"), periplus(folder, "lint", *arguments)):
        assert (COLOUR in outcome.err) == is_coloured
    assert (COLOUR in periplus(folder, *arguments, "explain", "PORT001").out) == is_coloured
    assert COLOUR not in periplus(folder, *arguments, "lint", "--format", "json").out


def test_a_terminal_gets_colour_unless_no_color_is_set(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=WRONG)
    assert COLOUR in on_terminal(folder, "lint")
    assert COLOUR not in on_terminal(folder, "lint", NO_COLOR="1")
    assert "\x1b" not in on_terminal(folder, "lint", TERM="dumb")


def test_sentences_are_folded_on_a_terminal_only(tmp_path: Path) -> None:
    folder = project(
        tmp_path / "shop", integration__yaml=WRONG.replace("api", "the-name-of-a-service-that-is-quite-long")
    )
    told, piped = on_terminal(folder, "lint", TERM="dumb"), periplus_apart(folder, "lint").err
    assert max(map(len, told.splitlines())) <= 80 < max(map(len, piped.splitlines()))
    assert told.split() == piped.split()


def on_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """What a command writes to a terminal."""
    controller, terminal = os.openpty()
    environment = {"TERM": "xterm", **environment}
    subprocess.run(
        command_line(*arguments),
        cwd=folder,
        env=surroundings(**environment),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        check=False,
    )
    os.close(terminal)
    text = b""
    try:
        while chunk := os.read(controller, 65_536):
            text += chunk
    except OSError:  # how a terminal says on Linux that nobody writes any more
        pass
    finally:
        os.close(controller)
    return text.decode()


def test_a_locale_without_characters_breaks_no_output(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=MANIFEST.replace("hello", "grüße ☃"))
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    assert periplus_apart(folder, "compile", **plain).code == 0
    assert "grüße ☃" in (folder / COMPOSE).read_text(encoding="utf-8")
    assert periplus_apart(folder, "plan", "--format", "json", **plain).code == 0


def small_files() -> None:
    """A disk with room for files of two kilobytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_a_full_disk_is_the_machines_fault_and_nothing_is_replaced(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    before = everything(folder)
    done = subprocess.run(
        command_line("compile"),
        cwd=folder,
        env=surroundings(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=small_files,
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("error: ")
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(folder) == before


def no_special_powers() -> None:
    """Even root minds the modes of files (Linux: `PR_CAPBSET_DROP` of `CAP_DAC_OVERRIDE`)."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.parametrize("closed", [".", "integration", "integration/scripts"])
def test_a_directory_without_permission_is_the_machines_fault(closed: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    (folder / "integration/scripts/start.sh").unlink()
    (folder / LOCK).unlink()
    before = everything(folder)
    (folder / closed).chmod(0o555)
    done = subprocess.run(
        command_line("compile"),
        cwd=folder,
        env=surroundings(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=no_special_powers,
    )
    (folder / closed).chmod(0o755)
    assert (done.returncode, done.stdout) == (4, "")
    assert re.search(r"^error: .*Permission denied", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
    assert contents(folder) == {path: content for path, (content, _, _) in before.items() if (folder / path).is_file()}


def test_a_full_stdout_is_the_machines_fault(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command_line("plan"),
            cwd=project(tmp_path / "shop"),
            env=surroundings(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (4, "error: No space left on device\n")


def test_a_reader_that_goes_away_leaves_no_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            command_line("plan"),
            cwd=project(tmp_path / "shop"),
            env=surroundings(),
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")


def copy_of_the_program(folder: Path) -> Path:
    """The program with what it ships, to be broken."""
    for name in ("compiler", "schemas", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_a_bug_has_a_report_to_paste(tmp_path: Path) -> None:
    program = copy_of_the_program(tmp_path / "program")
    (program / "schemas" / "integration.schema.json").write_text("{")
    outcome = periplus_apart(project(tmp_path / "shop"), "compile", PYTHONPATH=str(program))
    assert (outcome.code, outcome.out) == (70, "")
    assert "Please report this text" in outcome.err
    assert f"periplus {__version__}, Python {sys.version.split()[0]}, {sys.platform}" in outcome.err
    assert "Traceback" in outcome.err
    assert "JSONDecodeError" in outcome.err
    assert not (tmp_path / "shop" / "integration").exists()


def test_a_broken_installation_is_the_machines_fault(tmp_path: Path) -> None:
    program = copy_of_the_program(tmp_path / "program")
    shutil.rmtree(program / "schemas")
    outcome = periplus_apart(project(tmp_path / "shop"), "compile", PYTHONPATH=str(program))
    assert (outcome.code, outcome.out) == (4, "")
    assert "the installation of periplus is broken" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.slow
def test_waiting_for_another_run_ends_in_ten_seconds_or_with_an_interrupt(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    words = {"cwd": folder, "env": surroundings(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with alone(folder / "integration.yaml"):
        began = time.monotonic()
        patient, interrupted = (subprocess.Popen(command_line("compile"), **words) for _ in range(2))  # type: ignore[call-overload]
        assert periplus(folder, "compile", "--check").code == 1
        time.sleep(3)
        interrupted.send_signal(signal.SIGINT)
        assert "Traceback" not in interrupted.communicate()[1]
        assert interrupted.returncode == 130
        told = patient.communicate()[1]
        assert patient.returncode == 3
    assert "another periplus is at work on this manifest" in told
    assert 10 <= time.monotonic() - began < 20
    assert everything(folder) == before
