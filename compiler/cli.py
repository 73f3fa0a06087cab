"""The command line: one group, one file a command, exit codes the same everywhere (DESIGN section 8)."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click

from compiler import __version__
from compiler.commands.settings import BUG, DONE, ENVIRONMENT, FOUND, INTERRUPTED, WRONG, Settings

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
@click.option("-C", "--directory", type=click.Path(path_type=Path), default=Path(), help="Run as if started in DIR.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the output.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.")
@click.pass_context
def group(ctx: click.Context, directory: Path, color: str, *, quiet: bool) -> None:
    """Compile one integration.yaml into a complete, runnable integration environment.

    MANIFEST defaults to integration.yaml here or in a folder above.
    """
    if not directory.is_dir():
        message = f"{directory} is not a directory"
        raise click.UsageError(message)
    ctx.obj = Settings(directory.absolute(), color, quiet)


def run(arguments: list[str]) -> int:
    """Run the command line; gives back the exit code and never raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(group.main(arguments, prog_name="periplus", standalone_mode=False) or DONE)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except click.ClickException as mistake:
        mistake.show()
        return WRONG
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except OSError as problem:
        sys.stderr.write(f"error: {problem.filename or 'the machine'}: {problem.strerror or problem}\n")
        return ENVIRONMENT
    except Exception:  # noqa: BLE001 - the last door: a bug is reported, never shown raw
        sys.stderr.write(_report())
        return BUG


def _report() -> str:
    return (
        "periplus has hit a bug of its own; nothing was written after it. Please report this text:\n\n"
        f"periplus {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{traceback.format_exc()}"
    )
