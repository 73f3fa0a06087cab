"""`periplus compile`: the manifest becomes the tree."""

from __future__ import annotations

import contextlib
import difflib
import sys
from typing import TYPE_CHECKING

import click

from compiler.commands.manifests import Run, find_manifests, print_findings, run_all, stopped
from compiler.commands.settings import DONE, FOUND, REFUSED, WRONG, Settings
from compiler.hands.disk import clear_temporaries, read_regular, write_files
from compiler.hands.guard import BusyError, alone
from compiler.model.tree import Action, Artifact, Owner
from compiler.pipeline import lock_name, lock_text
from compiler.render.summary import compile_summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE})
_EDIT_LINES = 40


@click.command("compile")
@click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
@click.option("--check", is_flag=True, help="Write nothing; fail when anything differs.")
@click.option("--mode", type=click.Choice(["new", "update"]), help="Insist on a first compile, or on a later one.")
@click.option("--overwrite", multiple=True, metavar="PATH", help="Replace an edited file; its text is saved beside it.")
@click.option("--fail-on-change", is_flag=True, help="Exit with 1 when a file was created, changed or removed.")
@click.pass_obj
def command(
    settings: Settings,
    manifests: Sequence[str],
    overwrite: Sequence[str],
    mode: str | None,
    *,
    check: bool,
    fail_on_change: bool,
) -> None:
    """Turn the manifest into the runnable environment, changing what must change and nothing else."""
    paths = find_manifests(settings, manifests)
    try:
        with contextlib.ExitStack() as held:
            for path in () if check else paths:
                held.enter_context(alone(path))
            runs = run_all(settings, paths, overwrite)
            changed = _carry_out(runs, settings, mode, check=check)
    except BusyError:
        click.echo("another periplus is at work on this manifest: try again when it is done", err=True)
        raise click.exceptions.Exit(REFUSED) from None
    raise click.exceptions.Exit(FOUND if changed and (check or fail_on_change) else DONE)


def _carry_out(runs: list[Run], settings: Settings, mode: str | None, *, check: bool) -> bool:
    """Print, and write where it may be written; whether anything differs."""
    print_findings(runs, settings)
    if stopped(runs):
        raise click.exceptions.Exit(WRONG)
    for run in runs:
        _insist(run, mode)
    if any(run.compiled.refused for run in runs):
        for run in runs:
            _show_edits(run)
        raise click.exceptions.Exit(REFUSED)
    return any(tuple(_check(run, settings) if check else _write(run, settings) for run in runs))


def _insist(run: Run, mode: str | None) -> None:
    stands = any(decision.action not in {Action.CREATE, Action.FOREIGN} for decision in run.compiled.decisions)
    if mode == "new" and stands:
        message = f"{run.path(run.compiled.planned.output)} is there already: compile without `--mode new` to update it"
        raise click.UsageError(message)
    if mode == "update" and not stands:
        message = f"{run.path(run.compiled.planned.output)} is not there yet: compile without `--mode update`"
        raise click.UsageError(message)


def _check(run: Run, settings: Settings) -> bool:
    changed = _is_changed(run)
    if changed or not settings.quiet:
        click.echo(compile_summary(run.compiled, run.path(run.compiled.planned.output), check=True), nl=False)
        if _lock_differs(run):
            click.echo(f"  would write {run.path(lock_name(run.manifest))}")
    return changed


def _write(run: Run, settings: Settings) -> bool:
    changed = _is_changed(run)
    if changed:
        clear_temporaries(run.output, run.folder)
        write_files(run.output, _to_write(run), _to_remove(run), {_lock_path(run): lock_text(run.compiled.planned)})
    if changed or not settings.quiet:
        click.echo(compile_summary(run.compiled, run.path(run.compiled.planned.output), check=False), nl=False)
    return changed


def _is_changed(run: Run) -> bool:
    return any(one.action is not Action.UNCHANGED for one in run.compiled.decisions) or _lock_differs(run)


def _lock_path(run: Run) -> Path:
    return run.folder / lock_name(run.manifest)


def _lock_differs(run: Run) -> bool:
    return read_regular(_lock_path(run)) != lock_text(run.compiled.planned).encode()


def _to_write(run: Run) -> Mapping[str, Artifact]:
    """The files to put in place, and beside a replaced one what the person had made of it."""
    files: dict[str, Artifact] = {}
    for decision in run.compiled.decisions:
        if decision.action is Action.REPLACE:
            edited = run.compiled.standing[decision.path].text or ""
            files[_free_name(run, decision.path)] = Artifact(edited, executable=False, owner=Owner.ONCE)
        if decision.action in _WRITTEN:
            files[decision.path] = run.compiled.tree[decision.path]
    return files


def _free_name(run: Run, path: str) -> str:
    number = 1
    while (run.output / f"{path}.edited-{number}").exists():
        number += 1
    return f"{path}.edited-{number}"


def _to_remove(run: Run) -> list[str]:
    return [decision.path for decision in run.compiled.decisions if decision.action is Action.DELETE]


def _show_edits(run: Run) -> None:
    """What the person changed, as far as it can be told: the file against what would be written."""
    for decision in run.compiled.refused:
        wanted = run.compiled.tree.get(decision.path)
        stands = run.compiled.standing[decision.path].text
        if decision.action is Action.EDITED and wanted is not None and stands is not None:
            lines = difflib.unified_diff(
                wanted.text.splitlines(), stands.splitlines(), "as generated", "as edited", lineterm="", n=1
            )
            shown = list(lines)
            click.echo("\n".join(shown[:_EDIT_LINES]), err=True)
            if len(shown) > _EDIT_LINES:
                click.echo(f"... {len(shown) - _EDIT_LINES} more lines", err=True)
    sys.stderr.flush()
    click.echo("nothing was written", err=True)
