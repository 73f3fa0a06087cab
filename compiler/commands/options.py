"""What all declarations of commands share: the global options, and the way to the module that does the work."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import click

from compiler.commands.codes import MisuseError

if TYPE_CHECKING:
    from compiler.commands.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def global_options(command: Command) -> Command:
    """The command with the options that stand before or after its name, kept in the context's `Settings`."""
    shared: dict[str, Any] = {"callback": _remember, "expose_value": False}
    for option in (
        click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.", **shared),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), help="Colour the output.", **shared),
        click.option(
            "-C",
            "--directory",
            metavar="DIR",
            type=click.Path(),
            multiple=True,
            help="Run as if started there.",
            **shared,
        ),
    ):
        command = option(command)
    return command


def perform(context: click.Context, function: str, /, **given: Any) -> None:  # noqa: ANN401 - as the options say
    """Call the function that does what a command is for, in its module, imported now."""
    module, _, name = function.rpartition(".")
    try:
        getattr(import_module(module), name)(settings_of(context), **given)
    except MisuseError as problem:
        raise click.UsageError(str(problem), context) from None


def settings_of(context: click.Context) -> Settings:
    """What the global options have said so far."""
    if context.obj is None:
        from pathlib import Path  # noqa: PLC0415 - start-up: who asks for help gives no settings

        from compiler.commands.settings import Settings  # noqa: PLC0415

        context.obj = Settings(Path().absolute())
    settings: Settings = context.obj
    return settings


def _remember(context: click.Context, parameter: click.Parameter, value: tuple[str, ...] | str | bool | None) -> None:  # noqa: FBT001
    if not value:
        return
    settings = settings_of(context)
    if not isinstance(value, tuple):
        given: dict[str, Any] = {str(parameter.name): value}
        context.obj = settings._replace(**given)
        return
    for directory in map(type(settings.directory), value):
        settings = settings._replace(directory=settings.directory / directory)
        if not settings.directory.is_dir():
            message = f"`{directory}` is not a directory"
            raise click.UsageError(message, context)
    context.obj = settings
