"""`periplus plan`: what would be built, before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.commands.codes import WRONG
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.saying import say
from compiler.render.plan import plans_json, plans_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.settings import Settings


def command(settings: Settings, manifests: Sequence[str], output_format: str) -> None:
    """Print the plans of all manifests."""
    runs = run_all(settings, find_manifests(settings, manifests))
    print_findings(runs, settings)
    planned = [(run.compiled.planned.compilation, run.actions()) for run in runs]
    found = [(compilation, actions) for compilation, actions in planned if compilation is not None]
    if stopped(runs) or len(found) < len(runs):
        raise SystemExit(WRONG)
    say(plans_json(found) if output_format == "json" else plans_markdown(found), nl=False)
