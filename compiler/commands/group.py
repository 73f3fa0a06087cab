"""All commands under one roof: one file a command, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from compiler import __version__
from compiler.commands.settings import global_options

COMMANDS = {
    "compile": "compiler.commands.compile",
    "diff": "compiler.commands.diff",
    "explain": "compiler.commands.explain",
    "graph": "compiler.commands.graph",
    "keep": "compiler.commands.keep",
    "lint": "compiler.commands.lint",
    "plan": "compiler.commands.plan",
    "ports": "compiler.commands.ports",
    "review": "compiler.commands.review",
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
