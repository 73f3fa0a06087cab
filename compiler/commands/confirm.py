"""The seeds' checkpoint: what would be built is shown, and written when the person says so."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from compiler.commands.codes import FOUND, MisuseError
from compiler.commands.saying import say
from compiler.model.tree import Action
from compiler.render.plan import plans_markdown
from compiler.targets.plan_file import PLAN, read_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings


def confirm(runs: Sequence[Run], settings: Settings, more: str = "") -> None:
    """Show the plan, what changes and `more`, and go on at the person's yes; at a no leave with 1.

    Where nothing would be written nobody is asked. Raises MisuseError where there is no terminal to ask on.
    """
    if all(action is Action.UNCHANGED for run in runs for action in run.actions().values()):
        return
    if not has_terminal():
        message = (
            "`--confirm` asks on the terminal, and there is none: leave it out, or run `periplus plan` to see the plan"
        )
        raise MisuseError(message)
    planned = [(run.compiled.planned.compilation, run.actions()) for run in runs]
    say(plans_markdown([(one, actions) for one, actions in planned if one is not None]))
    told = [changes_told(run.compiled.standing[PLAN].text, run.compiled.emitted[PLAN].text, settings) for run in runs]
    for text in filter(None, (*told, more)):
        say(text)
    if not click.confirm("Proceed with the integration?", err=True):
        say("nothing was written", err=True)
        raise SystemExit(FOUND)


def has_terminal() -> bool:
    """Whether there is somebody to ask: a stream that was closed before the start leads nowhere."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return sys.stdin.isatty() and not any(getattr(stream, "name", "") == os.devnull for stream in streams)


def changes_told(before: str | None, after: str, settings: Settings) -> str:
    """What changes in the domain from one plan.json to another; nothing where the first has another layout."""
    then, now = read_plan(before)[0], read_plan(after)[0]
    if then is None or now is None:
        return ""
    from compiler.changes import tell_changes  # noqa: PLC0415 - only asked for here, and slow to load
    from compiler.render.changes import changes_text  # noqa: PLC0415

    return changes_text(tell_changes(then, now), colour=settings.colour_on(sys.stdout))
