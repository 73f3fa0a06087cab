"""`periplus compile`: the manifest becomes the tree."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from compiler.commands.codes import DONE, FOUND, REFUSED, WRONG
from compiler.commands.committing import is_out_of_date, manifests_below, tell_missing
from compiler.commands.confirm import confirm as ask
from compiler.commands.manifests import Run, find_manifests, overwriting, print_findings, run_all, stopped
from compiler.commands.settings import Settings, global_options
from compiler.commands.upgrade import upgrade_report
from compiler.commands.writing import insist_on_writing, is_undecided, show_edits, write
from compiler.hands.guard import BusyError, alone
from compiler.model.tree import Action
from compiler.render.summary import compile_summary

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Options(NamedTuple):
    """The person's options, called as on the command line."""

    check: bool
    mode: str | None
    overwrite: Sequence[str]
    upgrade: bool
    confirm: bool
    everywhere: bool
    fail_on_change: bool


@click.command("compile")
@click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
@click.option("--check", is_flag=True, help="Write nothing; fail when anything differs.")
@click.option("--mode", type=click.Choice(["new", "update"]), help="Insist on a first compile, or on a later one.")
@click.option("--overwrite", multiple=True, metavar="PATH", help="Replace an edited file; its text is saved beside it.")
@click.option(
    "--upgrade", is_flag=True, help="Take over what an older Periplus made, and tell what changes because of it."
)
@click.option(
    "--confirm", is_flag=True, help="Show the plan and what changes, and write only at a yes; a no exits with 1."
)
@click.option("--all", "everywhere", is_flag=True, help="Every manifest here and below.")
@click.option("--fail-on-change", is_flag=True, help="For hooks: exit with 1 when a file changed or is not in git.")
@global_options
@click.pass_obj
def command(settings: Settings, /, manifests: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - each is in _Options
    """Turn the manifest into the runnable environment, changing what must change and nothing else.

    What was decided and written is told on stdout, findings on stderr. A generated file that was edited by hand is
    never written over: the exit code is then 3, and nothing at all is written. Into kept files what changes is merged;
    where it overlaps with what a person wrote, both are written between marks, and the exit code is 3, too.
    """
    options = _Options(**given)
    if options.check and options.confirm:
        message = "`--check` writes nothing, so there is nothing to confirm: leave out one of them"
        raise click.UsageError(message)
    paths = find_manifests(settings, manifests_below(settings, manifests) if options.everywhere else manifests)
    try:
        with contextlib.ExitStack() as held:
            for path in () if options.check else sorted(paths, key=Path.resolve):
                held.enter_context(alone(path))
            code, report = _compile(settings, paths, options)
    except BusyError:
        click.echo("another periplus is at work on this manifest: try again when it is done", err=True)
        raise click.exceptions.Exit(REFUSED) from None
    if code != DONE or not settings.quiet:
        click.echo(report, nl=False)
    raise click.exceptions.Exit(code)


def _compile(settings: Settings, paths: Sequence[Path], options: _Options) -> tuple[int, str]:
    """The exit code and what to say, everything written but with `--check`. Raises where nothing may be."""
    runs = _ready(settings, paths, options)
    reports = [compile_summary(run.compiled, run.shown_output, run.actions(), check=options.check) for run in runs]
    upgraded = [upgrade_report(run) for run in runs] if options.upgrade else []
    reports += upgraded
    is_failing = (options.check or options.fail_on_change) and is_out_of_date(runs)
    if options.check:
        show_edits(runs)
        is_failing |= options.fail_on_change and tell_missing(runs)
        is_refused = any(is_undecided(run) for run in runs)
        return (REFUSED if is_refused else FOUND if is_failing else DONE), "".join(reports)
    insist_on_writing(runs)
    if options.confirm:
        ask(runs, settings, "".join(upgraded))
    reports += write(runs)
    is_failing |= options.fail_on_change and tell_missing(runs)
    is_in_conflict = any(one.action is Action.CONFLICT for run in runs for one in run.compiled.decisions)
    return (REFUSED if is_in_conflict else FOUND if is_failing else DONE), "".join(reports)


def _ready(settings: Settings, paths: Sequence[Path], options: _Options) -> Sequence[Run]:
    """Everything compiled in memory and its findings printed. Raises where no manifest may be written."""
    runs = run_all(settings, paths, upgrade=options.upgrade)
    if not stopped(runs):
        runs = overwriting(runs, settings, options.overwrite)
    print_findings(runs, settings)
    if stopped(runs):
        raise click.exceptions.Exit(WRONG)
    for run in runs:
        _insist(run, options.mode)
    return runs


def _insist(run: Run, mode: str | None) -> None:
    stands = any(decision.action not in {Action.CREATE, Action.FOREIGN} for decision in run.compiled.decisions)
    if mode == "new" and stands:
        message = f"`{run.shown_output}` is there already: compile without `--mode new` to update it"
        raise click.UsageError(message)
    if mode == "update" and not stands:
        message = f"`{run.shown_output}` is not there yet: compile without `--mode update` to make it"
        raise click.UsageError(message)
