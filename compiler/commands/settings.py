"""What the global options say (DESIGN section 8)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from compiler.render.colour import use_colour

Command = TypeVar("Command", bound=Callable[..., Any])


class Settings(NamedTuple):
    """The global options; paths that a person gives are relative to `directory`."""

    directory: Path
    color: str = "auto"
    quiet: bool = False

    def colour_on(self, stream: object) -> bool:
        """Whether to colour what goes to a stream."""
        is_tty = bool(getattr(stream, "isatty", lambda: False)())
        return use_colour(self.color, os.environ, is_tty=is_tty)


def global_options(command: Command) -> Command:
    """The command with the options that stand before or after a command's name, kept in the context's `Settings`."""
    shared: dict[str, Any] = {"callback": _remember, "expose_value": False}
    for option in (
        click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.", **shared),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), help="Colour the output.", **shared),
        click.option(
            "-C",
            "--directory",
            metavar="DIR",
            type=click.Path(path_type=Path),
            multiple=True,
            help="Run as if started there.",
            **shared,
        ),
    ):
        command = option(command)
    return command


def _remember(context: click.Context, parameter: click.Parameter, value: tuple[Path, ...] | str | bool) -> None:  # noqa: FBT001
    settings = context.obj or Settings(Path().absolute())
    if not isinstance(value, tuple):
        given: dict[str, Any] = {str(parameter.name): value} if value else {}
        context.obj = settings._replace(**given)
        return
    for directory in value:
        settings = settings._replace(directory=settings.directory / directory)
        if not settings.directory.is_dir():
            message = f"`{directory}` is not a directory"
            raise click.UsageError(message, context)
    context.obj = settings
