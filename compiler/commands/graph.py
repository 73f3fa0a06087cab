"""`periplus graph`: who calls whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.commands.codes import WRONG
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.saying import say
from compiler.targets.graph import graph_dot, graph_mermaid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.settings import Settings


def command(settings: Settings, manifests: Sequence[str], output_format: str) -> None:
    """Print a drawing."""
    runs = run_all(settings, find_manifests(settings, manifests))
    print_findings(runs, settings)
    compilations = [run.compiled.planned.compilation for run in runs]
    draw = graph_dot if output_format == "dot" else graph_mermaid
    drawn = [draw(compilation.base) for compilation in compilations if compilation is not None]
    if stopped(runs) or len(drawn) < len(runs):
        raise SystemExit(WRONG)
    say("".join(drawn), nl=False)
