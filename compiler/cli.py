"""The door of the command line: whatever happens inside becomes an exit code (DESIGN section 8)."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback

from compiler import __version__
from compiler.commands.codes import BUG, DONE, ENVIRONMENT, INTERRUPTED, REFUSED, WRONG
from compiler.hands.folders import RefusedError


def run(arguments: list[str]) -> int:
    """Run the command line; gives back the exit code and never raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except SystemExit as leave:  # click's own way out where the reader of a pipe has gone
        return int(leave.code or DONE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except RefusedError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return REFUSED
    except OSError as problem:
        _drop_output()
        place = f"{problem.filename}: " if problem.filename else ""
        sys.stderr.write(f"error: {place}{problem.strerror or problem}\n")
        return ENVIRONMENT
    except Exception:  # noqa: BLE001 - the last door: a bug is reported, never shown raw
        sys.stderr.write(_report())
        return BUG


def _run(arguments: list[str]) -> int:
    import click  # noqa: PLC0415 - three times the start of Python, and an interrupt here is one, too

    from compiler.commands.group import group  # noqa: PLC0415

    try:
        return int(group.main(arguments, prog_name="periplus", standalone_mode=False) or DONE)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as mistake:
        mistake.show()
        return WRONG


def _drop_output() -> None:
    """What stdout could not take is not tried again when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _report() -> str:
    return (
        "periplus has hit a bug of its own; nothing was written after it. Please report this text:\n\n"
        f"periplus {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{traceback.format_exc()}"
    )
