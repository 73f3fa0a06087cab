"""`periplus ports` with its own commands: options and help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from compiler.commands.options import global_options, perform, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIST = "list"
_SHOW = "compiler.commands.ports.command"
_FORMAT = click.option("--format", "output_format", type=click.Choice(["text", "json"]), help="How to list them.")


class _Group(click.Group):
    """A group that lists the ports where no command of its own is named: the first word is the manifest then."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, else the list with all words as its own."""
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        from compiler.rules.words import closest  # noqa: PLC0415 - start-up

        close = closest(args[0], ", ".join(self.commands))
        if close and not (settings_of(ctx).directory / args[0]).exists():
            message = f"there is no manifest `{args[0]}`: did you mean `periplus ports {close}`?"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, [_LIST, *args])


@click.group(
    "ports", cls=_Group, invoke_without_command=True, subcommand_metavar="[MANIFEST] | claim ... | release ..."
)
@_FORMAT
@global_options
@click.pass_context
def ports(context: click.Context, output_format: str | None) -> None:
    """List the host ports: who has them, who listens there now, what is free.

    Every port that the project publishes, the debug ports of dev too, with where it comes from (written in the
    manifest, held in the lock, claimed in the registry, or new), its owner in the registry and who listens on it on
    this machine; then what the registry gives to others within `ports.range`, and what of it is free.
    """
    if context.invoked_subcommand is None:
        perform(context, _SHOW, manifest=(), output_format=output_format)
    elif output_format and context.invoked_subcommand != _LIST:
        message = "`--format` is for the list"
        raise click.UsageError(message, context)


@ports.command(_LIST, hidden=True)
@click.argument("manifest", nargs=-1, metavar="[MANIFEST]")
@_FORMAT
@global_options
@click.pass_context
def _listing(context: click.Context, manifest: Sequence[str], output_format: str | None) -> None:
    """List the host ports."""
    given = context.parent.params["output_format"] if context.parent else None
    perform(context, _SHOW, manifest=manifest, output_format=output_format or given)


@ports.command("claim")
@click.argument("manifest", nargs=-1, metavar="[MANIFEST]")
@click.option("--check", is_flag=True, help="Write nothing; fail when the registry is not as it should be.")
@global_options
@click.pass_context
def _claim(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - as the options say
    """Write our ports into the registry, one entry each, and give back what is published no more.

    A registry that is not there is made. No entry of another project is ever touched: a written port that belongs to
    somebody else is refused with exit code 3, and nothing is written.
    """
    perform(context, "compiler.commands.claims.claim_ports", **given)


@ports.command("release")
@click.argument("words", nargs=-1, metavar="[MANIFEST] [SERVICE]...")
@global_options
@click.pass_context
def _release(context: click.Context, words: Sequence[str]) -> None:
    """Remove our entries from the registry: all of them, or those of the services named.

    `web` means all ports of a service, `web/admin` one of them. No entry of another project is ever touched.
    """
    perform(context, "compiler.commands.claims.release_ports", words=words)
