"""A command line on a real pseudo-terminal: what it shows is waited for, then answered."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.commands.project import command_line, surroundings

PATIENCE_S = 60.0
INTERRUPT = "\x03"
END = "\x04"
_READY = "on a terminal\n"
_ON_TERMINAL = f"""tty=$1; shift; exec <"$tty" >"$tty" 2>&1; echo '{_READY.strip()}'; exec "$@" """
"""The leader of a session that opens a terminal has it for its own: an interrupt typed there reaches the process."""


class Terminal:
    """A process whose stdin, stdout and stderr are a terminal."""

    def __init__(self, folder: Path, *arguments: str, redirected: str = "") -> None:
        """Start the command line in a folder, with what the shell is to do about its streams."""
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            ["sh", "-c", f"{_ON_TERMINAL}{redirected}", "sh", os.ttyname(slave), *command_line(*arguments)],
            cwd=folder,
            env=surroundings(TERM="dumb", COLUMNS="100"),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.shown = ""
        self._read = 0
        self.wait_for(_READY)
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def wait_for(self, text: str) -> None:
        """Read on until the text is shown, behind what was waited for before."""
        while text not in self.shown[self._read :]:
            if not self._more():
                message = f"{text!r} was never shown, but:\n{self.shown[self._read :]}"
                raise AssertionError(message)
        self._read = self.shown.index(text, self._read) + len(text)

    def answer(self, question: str, text: str) -> None:
        """Wait for a question and type an answer."""
        self.wait_for(question)
        self.type(f"{text}\n")

    def type(self, text: str) -> None:
        """Type."""
        os.write(self._master, text.encode())

    def end(self) -> int:
        """Read all that is still shown; gives back the exit code."""
        while self._more():
            pass
        return self._process.wait(PATIENCE_S)

    def interrupted(self) -> int:
        """Interrupt until it ends: Python loses an interrupt right before it waits for input. Gives the exit code."""
        self.type(INTERRUPT)
        end = time.monotonic() + PATIENCE_S
        while self._process.poll() is None:
            if not select.select([self._master], [], [], 1)[0]:
                assert time.monotonic() < end, f"no interrupt ends it:\n{self.shown}"
                self.type(INTERRUPT)
            elif not self._more():
                break
        return self._process.wait(PATIENCE_S)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE_S)
        if not ready:
            return False
        try:
            content = os.read(self._master, 4096)
        except OSError:  # the other end is closed
            return False
        self.shown += content.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(content)
