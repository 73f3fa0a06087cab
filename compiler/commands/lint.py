"""`periplus lint`: every finding; nothing is written but, with `--fix`, what is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.commands.codes import DONE, FOUND, WRONG
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.saying import say
from compiler.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.settings import Settings


def command(settings: Settings, manifests: Sequence[str], output_format: str, *, strict: bool, fix: bool) -> None:
    """Print every finding; exit as the worst of them says."""
    paths = find_manifests(settings, manifests)
    if fix:
        from compiler.commands.mending import mend  # noqa: PLC0415 - start-up

        mend(settings, paths, is_data=output_format != "text")
    runs = run_all(settings, paths, asks_git=True)
    print_findings(runs, settings, output_format)
    found = [diagnostic for run in runs for diagnostic in run.compiled.diagnostics]
    if not found and output_format == "text" and not settings.quiet:
        say("no findings", err=True)
    if output_format == "text" and not fix and any(one.fix for one in found):
        say("`periplus lint --fix` mends what has one safe answer", err=True)
    if output_format == "sarif":  # whoever reads it judges; a step that fails uploads nothing
        raise SystemExit(DONE)
    if stopped(runs):
        raise SystemExit(WRONG)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    raise SystemExit(FOUND if any(one.severity in failing for one in found) else DONE)
