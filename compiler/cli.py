"""The command line: one group, one file a command, exit codes the same everywhere (DESIGN section 8)."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from importlib import import_module

import click

from compiler import __version__
from compiler.commands.settings import BUG, DONE, ENVIRONMENT, INTERRUPTED, REFUSED, WRONG, global_options
from compiler.hands.disk import LinkedError

COMMANDS = {
    "compile": "compiler.commands.compile",
    "explain": "compiler.commands.explain",
    "graph": "compiler.commands.graph",
    "lint": "compiler.commands.lint",
    "plan": "compiler.commands.plan",
    "schema": "compiler.commands.schema",
}
"""Command -> the module that holds it as `command`; a module is imported only when its command is asked for."""


class _Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="periplus %(version)s")
@global_options
def group() -> None:
    """Compile one integration.yaml into a complete, runnable integration environment.

    MANIFEST defaults to integration.yaml here or in a folder above.

    Exit codes: 0 done; 1 a check found something; 2 wrong usage or an error in a manifest; 3 refused, because an edit
    would be lost; 4 the machine failed; 70 a bug; 130 interrupted.
    """


def run(arguments: list[str]) -> int:
    """Run the command line; gives back the exit code and never raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(group.main(arguments, prog_name="periplus", standalone_mode=False) or DONE)
    except SystemExit as leave:  # click's own way out where the reader of a pipe has gone
        return int(leave.code or DONE)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as mistake:
        mistake.show()
        return WRONG
    except LinkedError as problem:
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


def _drop_output() -> None:
    """What stdout could not take is not tried again when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _report() -> str:
    return (
        "periplus has hit a bug of its own; nothing was written after it. Please report this text:\n\n"
        f"periplus {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{traceback.format_exc()}"
    )
