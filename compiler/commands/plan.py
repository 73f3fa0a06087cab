"""`periplus plan`: what would be built, before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.settings import WRONG, Settings
from compiler.render.plan import plan_json, plan_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("plan")
@click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
@click.option("--format", "output_format", type=click.Choice(["markdown", "json"]), default="markdown")
@click.pass_obj
def command(settings: Settings, manifests: Sequence[str], output_format: str) -> None:
    """Show the integration plan: services, integration points, start order, files, health strategy."""
    runs = run_all(settings, find_manifests(settings, manifests))
    print_findings(runs, settings)
    if stopped(runs):
        raise click.exceptions.Exit(WRONG)
    write = plan_json if output_format == "json" else plan_markdown
    for run in runs:
        click.echo(write(run.compiled), nl=False)
