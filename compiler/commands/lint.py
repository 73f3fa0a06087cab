"""`periplus lint`: every finding, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.commands.codes import DONE, FOUND, WRONG
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.saying import say
from compiler.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.settings import Settings


def command(settings: Settings, manifests: Sequence[str], output_format: str, *, strict: bool) -> None:
    """Print every finding; exit as the worst of them says."""
    runs = run_all(settings, find_manifests(settings, manifests))
    print_findings(runs, settings, output_format)
    found = [diagnostic for run in runs for diagnostic in run.compiled.diagnostics]
    if not found and output_format == "text" and not settings.quiet:
        say("no findings", err=True)
    if stopped(runs):
        raise SystemExit(WRONG)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    raise SystemExit(FOUND if any(one.severity in failing for one in found) else DONE)
