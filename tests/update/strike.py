"""Children that are struck by a real signal at one call after the other: `strike BEFORE FOLDER SIGNAL STEP WORD...`.

Every child works in a copy of its own, `FOLDER/<number of the call>`, and sends itself the signal there. A line for
each is printed: the number, the call and how it ended. The last one is struck by nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from tests.commands.project import periplus
from tests.update.faults import Faults
from tests.update.remember import remember


def main(before: Path, folder: Path, number: int, step: int, words: list[str]) -> None:
    """Strike at every call whose number is one more than a multiple of `step`."""
    remember(setattr)
    shutil.copytree(before, folder / "warm")
    assert periplus(folder / "warm", *words).code == 0
    at, status = 1, -1
    while status != 0:
        shutil.copytree(before, folder / str(at))
        child = os.fork()
        if not child:
            _work(folder / str(at), number, at, words)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(at, status, flush=True)  # noqa: T201 - what the test reads
        at += step


def _work(folder: Path, number: int, at: int, words: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the parent of all this thinks of it
    faults = Faults(at, lambda _: signal.raise_signal(number))
    faults.patch(setattr)
    os._exit(periplus(folder, *words).code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
