"""The seeds' checkpoint: what would be built is shown, and written when the person says so."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from compiler.commands.codes import FOUND
from compiler.model.tree import Action
from compiler.render.plan import plans_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings

_PLAN = "plan.json"


def confirm(runs: Sequence[Run], settings: Settings, more: str = "") -> None:
    """Show the plan, what changes and `more`, and go on at the person's yes; at a no leave with 1.

    Where nothing would be written nobody is asked. Raises UsageError where there is no terminal to ask on.
    """
    if all(action is Action.UNCHANGED for run in runs for action in run.actions().values()):
        return
    if not has_terminal():
        message = (
            "`--confirm` asks on the terminal, and there is none: leave it out, or run `periplus plan` to see the plan"
        )
        raise click.UsageError(message)
    planned = [(run.compiled.planned.compilation, run.actions()) for run in runs]
    click.echo(plans_markdown([(one, actions) for one, actions in planned if one is not None]))
    for text in (*_changes(runs, settings), *((more,) if more else ())):
        click.echo(text)
    if not click.confirm("Proceed with the integration?", err=True):
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(FOUND)


def has_terminal() -> bool:
    """Whether there is somebody to ask: a stream that was closed before the start is None."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None for stream in streams) and sys.stdin.isatty()


def _changes(runs: Sequence[Run], settings: Settings) -> Iterator[str]:
    """What changes in the domain, for each manifest that was compiled before by a Periplus of the same plan layout."""
    for run in runs:
        before = _document(run.compiled.standing[_PLAN].text)
        after = _document(run.compiled.emitted[_PLAN].text)
        if before and before.get("schema_version") == after["schema_version"]:
            from compiler.changes import tell_changes  # noqa: PLC0415 - only asked for here, and slow to load
            from compiler.render.changes import changes_text  # noqa: PLC0415

            yield changes_text(tell_changes(before, after), colour=settings.colour_on(sys.stdout))


def _document(text: str | None) -> dict[str, Any]:
    """What a plan.json says; nothing where it cannot be read."""
    try:
        document = json.loads(text or "")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
