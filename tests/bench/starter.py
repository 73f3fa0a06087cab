"""Starts the processes that are measured, from a process of its own that is kept small.

A process counts the peak memory of the one that started it as its own, so nothing heavy may be imported here:
`python -I -S starter.py` reads tasks from stdin and answers on stdout, both as `marshal` writes them.
"""

from __future__ import annotations

import marshal
import os
import sys
import time


def _start(
    command: tuple[str, ...], folder: str, surroundings: dict[str, str], errors: str
) -> tuple[int, float, float, int]:
    """Exit code (negative for a signal), wall seconds, CPU seconds and peak bytes of one process and its children."""
    os.chdir(folder)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    begun = time.perf_counter()
    process = os.posix_spawn(command[0], command, surroundings, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - begun
    return os.waitstatus_to_exitcode(status), wall, used.ru_utime + used.ru_stime, used.ru_maxrss * _MAXRSS_BYTES


_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Answer every task until stdin ends."""
    while True:
        try:
            task = marshal.load(sys.stdin.buffer)
        except EOFError:
            return
        marshal.dump(_start(*task), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
