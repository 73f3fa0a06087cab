"""The door of the command line: whatever happens inside becomes an exit code (DESIGN section 8)."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

from compiler import __version__
from compiler.commands.codes import BUG, DONE, ENVIRONMENT, FOUND, INTERRUPTED, REFUSED, WRONG, MisuseError
from compiler.hands.refused import RefusedError
from compiler.text.twin import twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from compiler.commands.quick_arguments import Asked
    from compiler.commands.settings import Settings


def run(arguments: list[str]) -> int:
    """Run the command line; gives back the exit code and never raises."""
    _open_streams()
    try:
        return _run(arguments)
    except SystemExit as leave:
        return int(leave.code or DONE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except RefusedError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return REFUSED
    except OSError as problem:
        return failed(problem)
    except Exception:  # noqa: BLE001 - the last door: a bug is reported, never shown raw
        sys.stderr.write(_report())
        return BUG


def failed(problem: OSError) -> int:
    """Say what the machine would not do; gives back the exit code. A reader of stdout that has gone is no failure."""
    _drop_output()
    if problem.errno == errno.EPIPE:
        return FOUND
    place = f"{problem.filename}: " if problem.filename else ""
    sys.stderr.write(f"error: {place}{problem.strerror or problem}\n")
    return ENVIRONMENT


def _open_streams() -> None:
    """A stream that was closed before the start leads nowhere; one that cannot take a character takes its escape."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _run(arguments: list[str]) -> int:
    quick = twin("compiler.commands.quick_arguments")
    asked = quick.understood(arguments) if quick else None
    if asked:
        with contextlib.suppress(MisuseError):  # click tells it, with how the command is used
            return _answer(asked)
    import click  # noqa: PLC0415 - three times the start of Python, and an interrupt here is one, too

    from compiler.commands.group import group  # noqa: PLC0415

    try:
        return int(group.main(arguments, prog_name="periplus", standalone_mode=False) or DONE)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as mistake:
        mistake.show()
        return WRONG


def _answer(asked: Asked) -> int:
    from pathlib import Path  # noqa: PLC0415 - an interrupt here is one, too

    from compiler.commands.settings import Settings  # noqa: PLC0415

    settings = Settings(Path(asked.directory), quiet="quiet" in asked.flags)
    try:
        (_diff if asked.command == "diff" else _compile)(settings, asked)
    except KeyboardInterrupt:
        sys.stderr.write("\n")  # closes the line on which the terminal shows the key
        raise
    return DONE


def _compile(settings: Settings, asked: Asked) -> None:
    from compiler.commands.compile import command  # noqa: PLC0415

    command(settings, asked.manifests, check="check" in asked.flags)


def _diff(settings: Settings, asked: Asked) -> None:
    from compiler.commands.diff import command  # noqa: PLC0415

    command(settings, next(iter(asked.manifests), None), None, "text", raw="raw" in asked.flags)


def _drop_output() -> None:
    """What stdout could not take is not tried again when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _report() -> str:
    import traceback  # noqa: PLC0415 - start-up

    return (
        "periplus has hit a bug of its own; nothing was written after it. Please report this text:\n\n"
        f"periplus {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{traceback.format_exc()}"
    )
