"""`periplus lint`: every finding, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compiler.commands.codes import DONE, FOUND, WRONG
from compiler.commands.manifests import FORMATS, find_manifests, print_findings, run_all, stopped
from compiler.commands.settings import Settings, global_options
from compiler.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("lint")
@click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option("--format", "output_format", type=click.Choice(FORMATS), default="text")
@global_options
@click.pass_obj
def command(settings: Settings, manifests: Sequence[str], output_format: str, *, strict: bool) -> None:
    """Check the manifest and what stands in the output directory; write nothing.

    The exit code is 2 for an error in a manifest, 1 for a generated file that was edited, and, with --strict, 1 for a
    warning.
    """
    runs = run_all(settings, find_manifests(settings, manifests))
    print_findings(runs, settings, output_format)
    found = [diagnostic for run in runs for diagnostic in run.compiled.diagnostics]
    if not found and output_format == "text" and not settings.quiet:
        click.echo("no findings", err=True)
    if stopped(runs):
        raise click.exceptions.Exit(WRONG)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    raise click.exceptions.Exit(FOUND if any(one.severity in failing for one in found) else DONE)
