"""`periplus ports`: the host ports of a project, who has them, and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compiler.commands.claims import claim_command, release_command
from compiler.commands.project_ports import planned_run, project_ports
from compiler.commands.settings import Settings, global_options
from compiler.hands.containers import published
from compiler.hands.host import listeners
from compiler.render.ports import PortReport, ports_json, ports_text
from compiler.rules.words import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from compiler.model.host import Listener

_LIST = "list"
_FORMAT = click.option("--format", "output_format", type=click.Choice(["text", "json"]), help="How to list them.")


class _Group(click.Group):
    """A group that lists the ports where no command of its own is named: the first word is the manifest then."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, else the list with all words as its own."""
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        close = closest(args[0], ", ".join(self.commands))
        if close and not (ctx.obj.directory / args[0]).exists():
            message = f"there is no manifest `{args[0]}`: did you mean `periplus ports {close}`?"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, [_LIST, *args])


@click.group(
    "ports", cls=_Group, invoke_without_command=True, subcommand_metavar="[MANIFEST] | claim ... | release ..."
)
@_FORMAT
@global_options
@click.pass_context
def command(context: click.Context, output_format: str | None) -> None:
    """List the host ports: who has them, who listens there now, what is free.

    Every port that the project publishes, the debug ports of dev too, with where it comes from (written in the
    manifest, held in the lock, claimed in the registry, or new), its owner in the registry and who listens on it on
    this machine; then what the registry gives to others within `ports.range`, and what of it is free.
    """
    if context.invoked_subcommand is None:
        _list(context.obj, (), output_format)
    elif output_format and context.invoked_subcommand != _LIST:
        message = "`--format` is for the list"
        raise click.UsageError(message, context)


@command.command(_LIST, hidden=True)
@click.argument("manifest", nargs=-1, metavar="[MANIFEST]")
@_FORMAT
@global_options
@click.pass_context
def _listing(context: click.Context, manifest: Sequence[str], output_format: str | None) -> None:
    """List the host ports."""
    given = context.parent.params["output_format"] if context.parent else None
    _list(context.obj, manifest, output_format or given)


def _list(settings: Settings, names: Sequence[str], output_format: str | None) -> None:
    run = planned_run(settings, names)
    ports = project_ports(run, settings)
    click.echo(ports.moves, err=True, nl=False)
    report = PortReport(ports.manifest.name, ports.manifest.ports, ports.registry, ports.published)
    told = report._replace(listeners=_listening(report.asked()))
    click.echo(ports_json(told) if output_format == "json" else ports_text(told), nl=False)


def _listening(ports: Collection[int]) -> Mapping[int, Sequence[Listener]]:
    """Who listens on which port: containers under their own name, not under that of Docker's proxy."""
    found: dict[int, list[Listener]] = {}
    for one in published(ports):
        found.setdefault(one.port, []).append(one)
    contained = frozenset(found)
    for one in listeners(ports):
        if one.port not in contained:
            found.setdefault(one.port, []).append(one)
    return found


command.add_command(claim_command)
command.add_command(release_command)
