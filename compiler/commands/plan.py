"""`periplus plan`: what would be built, before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compiler.commands.codes import WRONG
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.settings import Settings, global_options
from compiler.render.plan import plans_json, plans_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("plan")
@click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
@click.option("--format", "output_format", type=click.Choice(["markdown", "json"]), default="markdown")
@global_options
@click.pass_obj
def command(settings: Settings, manifests: Sequence[str], output_format: str) -> None:
    """Show the integration plan: services, integration points, start order, files, health strategy.

    With --format json this is the document of plan.json and what is done about each file; a list for several manifests.
    """
    runs = run_all(settings, find_manifests(settings, manifests))
    print_findings(runs, settings)
    planned = [(run.compiled.planned.compilation, run.actions()) for run in runs]
    found = [(compilation, actions) for compilation, actions in planned if compilation is not None]
    if stopped(runs) or len(found) < len(runs):
        raise click.exceptions.Exit(WRONG)
    click.echo(plans_json(found) if output_format == "json" else plans_markdown(found), nl=False)
