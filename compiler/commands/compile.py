"""`periplus compile`: the manifest becomes the tree."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.codes import DONE, FOUND, REFUSED, WRONG
from compiler.commands.committing import is_out_of_date, manifests_below, tell_missing
from compiler.commands.manifests import Run, find_manifests, overwriting, print_findings, run_all, stopped
from compiler.commands.settings import Settings, global_options
from compiler.hands.disk import Changes, carry_out, clear_temporaries
from compiler.hands.guard import BusyError, alone
from compiler.model.tree import Action
from compiler.ownership.signature import judge
from compiler.pipeline import lock_text
from compiler.render.summary import compile_summary, edits

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE})


@click.command("compile")
@click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
@click.option("--check", is_flag=True, help="Write nothing; fail when anything differs.")
@click.option("--mode", type=click.Choice(["new", "update"]), help="Insist on a first compile, or on a later one.")
@click.option("--overwrite", multiple=True, metavar="PATH", help="Replace an edited file; its text is saved beside it.")
@click.option("--all", "everywhere", is_flag=True, help="Every manifest here and below.")
@click.option("--fail-on-change", is_flag=True, help="For hooks: exit with 1 when a file changed or is not in git.")
@global_options
@click.pass_obj
def command(
    settings: Settings,
    manifests: Sequence[str],
    overwrite: Sequence[str],
    mode: str | None,
    *,
    check: bool,
    everywhere: bool,
    fail_on_change: bool,
) -> None:
    """Turn the manifest into the runnable environment, changing what must change and nothing else.

    What was decided and written is told on stdout, findings on stderr. A generated file that was edited by hand is
    never written over: the exit code is then 3, and nothing at all is written.
    """
    paths = find_manifests(settings, manifests_below(settings, manifests) if everywhere else manifests)
    try:
        with contextlib.ExitStack() as held:
            for path in () if check else sorted(paths, key=Path.resolve):
                held.enter_context(alone(path))
            runs = _ready(settings, paths, overwrite, mode)
            reports = [compile_summary(run.compiled, _output(run), run.actions(), check=check) for run in runs]
            is_failing = (check or fail_on_change) and is_out_of_date(runs)
            saved = _show_edits(runs) if check else _write(runs)
            is_failing |= fail_on_change and tell_missing(runs)
    except BusyError:
        click.echo("another periplus is at work on this manifest: try again when it is done", err=True)
        raise click.exceptions.Exit(REFUSED) from None
    if is_failing or not settings.quiet:
        click.echo("".join([*reports, *saved]), nl=False)
    raise click.exceptions.Exit(FOUND if is_failing else DONE)


def _ready(settings: Settings, paths: Sequence[Path], overwrite: Sequence[str], mode: str | None) -> Sequence[Run]:
    """Everything compiled in memory and its findings printed. Raises where no manifest may be written."""
    runs = run_all(settings, paths)
    if not stopped(runs):
        runs = overwriting(runs, settings, overwrite)
    print_findings(runs, settings)
    if stopped(runs):
        raise click.exceptions.Exit(WRONG)
    for run in runs:
        _insist(run, mode)
    return runs


def _insist(run: Run, mode: str | None) -> None:
    stands = any(decision.action not in {Action.CREATE, Action.FOREIGN} for decision in run.compiled.decisions)
    if mode == "new" and stands:
        message = f"`{_output(run)}` is there already: compile without `--mode new` to update it"
        raise click.UsageError(message)
    if mode == "update" and not stands:
        message = f"`{_output(run)}` is not there yet: compile without `--mode update` to make it"
        raise click.UsageError(message)


def _output(run: Run) -> str:
    return run.path(run.compiled.planned.output)


def _is_changed(runs: Sequence[Run]) -> bool:
    return any(action is not Action.UNCHANGED for run in runs for action in run.actions().values())


def _show_edits(runs: Sequence[Run]) -> tuple[str, ...]:
    for run in runs:
        click.echo(edits(run.compiled), err=True, nl=False)
    return ()


def _write(runs: Sequence[Run]) -> list[str]:
    """Write all of it, or nothing where a single file is not ours to touch; a line for each copy saved."""
    if any(run.compiled.refused for run in runs):
        _show_edits(runs)
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(REFUSED)
    lines: list[str] = []
    for run in runs:
        clear_temporaries(run.output, run.lock)
        if _is_changed([run]):
            copies = carry_out(run.output, _changes(run))
            lines.extend(f"saved what you had as {_output(run)}/{copy}\n" for copy in copies)
    return lines


def _changes(run: Run) -> Changes:
    compiled = run.compiled
    removed = [one.path for one in compiled.decisions if one.action is Action.DELETE]
    replaced = [one.path for one in compiled.decisions if one.action is Action.REPLACE]
    return Changes(
        {one.path: compiled.tree[one.path] for one in compiled.decisions if one.action in _WRITTEN},
        removed,
        [*replaced, *(path for path in removed if judge(compiled.standing[path].text or "") != "valid")],
        None if run.lock_action() is Action.UNCHANGED else (run.lock, lock_text(compiled.planned)),
        compiled.standing,
    )
