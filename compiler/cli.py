"""The door of the command line: whatever happens inside becomes an exit code (DESIGN section 8)."""

from __future__ import annotations

import contextlib
import os
import sys

from compiler import __version__
from compiler.commands.codes import BUG, DONE, ENVIRONMENT, FOUND, INTERRUPTED, REFUSED, WRONG, MisuseError
from compiler.commands.saying import complain, drop
from compiler.hands.refused import RefusedError
from compiler.text.twin import twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from compiler.commands.quick_arguments import Asked
    from compiler.commands.settings import Settings

_HELP = frozenset({"-h", "--help", "--version"})


def run(arguments: list[str]) -> int:
    """Run the command line; gives back the exit code and never raises."""
    _open_streams()
    stdout = sys.stdout
    try:
        return _run(arguments)
    except SystemExit as leave:
        has_left = sys.stdout is not stdout  # then click has put another there, and leaves with 1
        return _left(arguments) if has_left else int(leave.code or DONE)
    except BrokenPipeError:
        return _left(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except RefusedError as problem:
        complain(f"error: {_shown(problem)}\n")
        return REFUSED
    except OSError as problem:
        return failed(problem)
    except Exception as error:  # noqa: BLE001 - the last door: a bug is reported, never shown raw
        if _is_interrupt(error):
            return INTERRUPTED
        complain(_report())
        return BUG


def failed(problem: OSError) -> int:
    """Say what the machine would not do; gives back the exit code."""
    drop(sys.stdout)
    place = f"{_shown(problem.filename)}: " if problem.filename else ""
    complain(f"error: {place}{problem.strerror or problem}\n")
    return ENVIRONMENT


def _shown(words: object) -> str:
    """Words that name a file, so that no name can steer a terminal or start a line of its own."""
    from compiler.text.display import escaped  # noqa: PLC0415 - start-up

    return escaped(str(words))


def _open_streams() -> None:
    """A stream that was closed before the start leads nowhere; one that cannot take a character takes its escape.

    One that somebody before us made non-blocking is waited for again, else what does not fit at once is lost.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
            with contextlib.suppress(OSError):
                os.set_blocking(stream.fileno(), True)


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
        vars(mistake)["message"] = _shown(mistake.message)  # it quotes what was typed
        with contextlib.suppress(OSError):
            mistake.show()
        drop(sys.stderr)
        return WRONG


def _answer(asked: Asked) -> int:
    from pathlib import Path  # noqa: PLC0415 - an interrupt here is one, too

    from compiler.commands.settings import Settings  # noqa: PLC0415

    settings = Settings(Path(asked.directory), quiet="quiet" in asked.flags)
    try:
        (_diff if asked.command == "diff" else _compile)(settings, asked)
    except KeyboardInterrupt:
        complain("\n")  # closes the line on which the terminal shows the key
        raise
    return DONE


def _compile(settings: Settings, asked: Asked) -> None:
    from compiler.commands.compile import command  # noqa: PLC0415

    command(settings, asked.manifests, check="check" in asked.flags)


def _diff(settings: Settings, asked: Asked) -> None:
    from compiler.commands.diff import command  # noqa: PLC0415

    command(settings, next(iter(asked.manifests), None), None, "text", raw="raw" in asked.flags)


def _left(arguments: list[str]) -> int:
    """The exit code where a reader has gone while click spoke: it has had enough of help, and where asked says no."""
    drop(sys.stdout)
    drop(sys.stderr)
    return DONE if _HELP.intersection(arguments) else FOUND


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether an interrupt is behind an error: Python makes a RuntimeError of one while a class is made."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _report() -> str:
    import traceback  # noqa: PLC0415 - start-up

    from compiler.text.secrets import veiled  # noqa: PLC0415

    return veiled(
        "periplus has hit a bug of its own; nothing was written after it. Please report this text:\n\n"
        f"periplus {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{traceback.format_exc()}"
    )
