"""What is no file where one is expected, or cannot be read, or has no end: a quick answer, no hang, nothing written."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from compiler.commands.codes import ENVIRONMENT, WRONG
from tests.commands.project import command_line, surroundings, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

HEAD = "version: 1\nname: shop\n"
WEB = "services:\n  web:\n    image: nginx:1.27\n    port: 8000\n"
INCLUDES = f"{HEAD}include:\n  - part.yaml\n{WEB}"
PATTERN = f"{HEAD}include:\n  - parts/*.yaml\n{WEB}"
REGISTRY = f"{HEAD}ports:\n  registry: PORTS.json\n{WEB}"
BUILD = f"{HEAD}services:\n  web:\n    build: ./web\n    port: 8000\n    healthcheck: /\n"
KIND = f"{HEAD}infrastructure:\n  queue:\n    type: nats\n{WEB}"
SEED = f"""\
{HEAD}infrastructure:
  postgres:
    type: postgres
    databases:
      shop:
        seed: seed.sql
services:
  web:
    image: nginx:1.27
    port: 8000
    environment:
      DB: ${{postgres.shop.url}}
"""
PATIENCE_S = 20
"""Only against a hang: an answer takes a fraction of a second."""


class Trap(NamedTuple):
    """A manifest, where the trap is set, and what comes of it."""

    manifest: str
    path: str
    code: int
    says: str


TRAPS = (
    Trap(HEAD + WEB, "integration.yaml", WRONG, "integration.yaml"),
    Trap(INCLUDES, "part.yaml", WRONG, "INCLUDE001"),
    Trap(PATTERN, "parts/a.yaml", WRONG, "INCLUDE001"),
    Trap(REGISTRY, "PORTS.json", WRONG, "PORT007"),
    Trap(BUILD, "web/Dockerfile", WRONG, "HEALTH002"),
    Trap(KIND, "kinds/nats/kind.yaml", WRONG, "KIND001"),
    Trap(SEED, "seed.sql", WRONG, "DATA003"),
    Trap(HEAD + WEB, "integration.lock.json", WRONG, "integration.lock.json"),
)


def pipe(path: Path) -> None:
    """Nobody ever writes into it."""
    os.mkfifo(path)


def bound_socket(path: Path) -> None:
    """A socket, whose path may be no longer than a hundred bytes."""
    here = os.getcwd()  # noqa: PTH109
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def link_to(target: str) -> Callable[[Path], None]:
    """A link to somewhere."""
    return lambda path: path.symlink_to(target)


SETTERS: Mapping[str, Callable[[Path], None]] = {
    "a pipe": pipe,
    "a socket": bound_socket,
    "a directory": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": link_to("nothing-here"),
    "a link to a device without end": link_to("/dev/zero"),
    "a link to a terminal": link_to("/dev/tty"),
    "a link to standard input": link_to("/dev/stdin"),
    "a link to the memory of the process": link_to("/proc/self/mem"),
    "a link out of the repository": link_to("/etc/passwd"),
}
EVERY = [(trap, name) for trap in TRAPS for name in SETTERS]
FAST = EVERY[::39]


def asked(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, which may not hang."""
    return subprocess.run(
        command_line(*words),
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_S,
    )


def insist_on_an_answer(trap: Trap, setter: str, folder: Path) -> None:
    """The trap is set, and the command says what is wrong."""
    (folder / ".git").mkdir()
    write(folder, {"integration.yaml": trap.manifest, "web/other": "x"})
    place = folder / trap.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    SETTERS[setter](place)
    before = {path: path.lstat().st_mode for path in folder.rglob("*")}
    done = asked(folder, "compile", "integration.yaml")
    assert {path: path.lstat().st_mode for path in folder.rglob("*")} == before
    assert "Traceback" not in done.stderr
    assert (done.returncode, trap.says in done.stderr) == (trap.code, True), done.stderr


@pytest.mark.parametrize(("trap", "setter"), FAST, ids=str)
def test_what_is_no_file_is_answered(trap: Trap, setter: str, tmp_path: Path) -> None:
    insist_on_an_answer(trap, setter, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("trap", "setter"), [each for each in EVERY[1::3] if each not in FAST], ids=str)
def test_all_else_that_is_no_file_is_answered(trap: Trap, setter: str, tmp_path: Path) -> None:
    insist_on_an_answer(trap, setter, tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.path)
def test_what_may_not_be_read_is_answered(trap: Trap, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"integration.yaml": trap.manifest, trap.path: trap.manifest})
    (tmp_path / trap.path).chmod(0)
    done = asked(tmp_path, "compile", "integration.yaml")
    assert done.returncode == ENVIRONMENT
    assert "Permission denied" in done.stderr
    assert not (tmp_path / "integration").exists()


@pytest.mark.slow
@pytest.mark.parametrize("setter", ["a pipe", "a link to a device without end", "a directory", "a link to itself"])
def test_a_trap_in_the_output_directory_is_refused(setter: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"integration.yaml": HEAD + WEB, "integration/scripts/mine": "mine\n"})
    SETTERS[setter](tmp_path / "integration" / "README.md")
    done = asked(tmp_path, "compile")
    assert done.returncode == 3
    assert "OWN002" in done.stderr
    assert not (tmp_path / "integration" / "docker-compose.yml").exists()


def test_a_million_files_beside_it_are_not_looked_at(tmp_path: Path) -> None:
    """A pattern looks into the folders that it names, not into those that are never ours."""
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"integration.yaml": f"{HEAD}include:\n  - '**/none.yaml'\n{WEB}", "node_modules/a/none.yaml": ":"})
    (tmp_path / "ring").symlink_to(".")
    done = asked(tmp_path, "compile")
    assert done.returncode == WRONG
    assert "INCLUDE001" in done.stderr


@pytest.mark.slow
def test_a_pattern_that_matches_thousands_is_answered(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"integration.yaml": PATTERN})
    (tmp_path / "parts").mkdir()
    for number in range(3000):
        (tmp_path / "parts" / f"{number}.yaml").write_text(f"services:\n  s{number}:\n    image: nginx:1.27\n")
    assert asked(tmp_path, "compile", "--check").returncode == 1


@pytest.mark.slow
def test_a_file_that_is_replaced_while_it_is_read_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    texts = [f"{HEAD}services:\n  web:\n    image: nginx:1.{number}\n" + "#" * 100_000 for number in (26, 27)]
    write(tmp_path, {"integration.yaml": texts[0]})
    is_done = threading.Event()

    def swap() -> None:
        number = 0
        while not is_done.is_set():
            number += 1
            write(tmp_path, {"next": texts[number % 2]})
            (tmp_path / "next").replace(tmp_path / "integration.yaml")

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(8):
            done = asked(tmp_path, "compile")
            assert done.returncode == 0, done.stderr
    finally:
        is_done.set()
        thread.join()


@pytest.mark.slow
def test_an_interrupt_while_much_is_read_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    services = "".join(f"  s{number}:\n    image: nginx:1.27\n" for number in range(5000))
    write(tmp_path, {"integration.yaml": f"{HEAD}services:\n{services}"})
    with subprocess.Popen(command_line("compile"), cwd=tmp_path, env=surroundings(), stderr=subprocess.PIPE) as running:
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 130
    assert b"Traceback" not in said
    assert not (tmp_path / "integration").exists()
