"""`periplus compile`: the manifest becomes the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.commands.codes import DONE, FOUND, REFUSED, WRONG, MisuseError
from compiler.commands.manifests import Run, find_manifests, overwriting, print_findings, run_all, stopped
from compiler.commands.record import records, remember
from compiler.commands.saying import say
from compiler.commands.writing import insist_on_writing, is_undecided, show_edits, undisturbed, write
from compiler.model.tree import Action
from compiler.render.summary import compile_summary
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compiler.commands.settings import Settings


class _Options(NamedTuple):
    """The person's options, called as on the command line."""

    check: bool = False
    mode: str | None = None
    overwrite: Sequence[str] = ()
    upgrade: bool = False
    confirm: bool = False
    everywhere: bool = False
    fail_on_change: bool = False


def command(settings: Settings, /, manifests: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - each is in _Options
    """Bring the tree up to date, or, with `check`, say whether it is."""
    options = _Options(**given)
    if options.check and options.confirm:
        message = "`--check` writes nothing, so there is nothing to confirm: leave out one of them"
        raise MisuseError(message)
    if options.everywhere:
        from compiler.commands.committing import manifests_below  # noqa: PLC0415 - start-up

        manifests = manifests_below(settings, manifests)
    paths = find_manifests(settings, manifests)
    with undisturbed(() if options.check else paths):
        code, report = _compile(settings, paths, options)
    if code != DONE or not settings.quiet:
        say(report, nl=False)
    raise SystemExit(code)


def _compile(settings: Settings, paths: Sequence[Path], options: _Options) -> tuple[int, str]:
    """The exit code and what to say, everything written but with `--check`. Raises where nothing may be."""
    runs = _ready(settings, paths, options)
    reports = [compile_summary(run.compiled, run.shown_output, run.actions(), check=options.check) for run in runs]
    upgraded = _upgraded(runs) if options.upgrade else ""
    is_failing = (options.check or options.fail_on_change) and _is_out_of_date(runs)
    if options.check:
        show_edits(runs)
        is_failing |= options.fail_on_change and _is_missing(runs)
        is_refused = any(is_undecided(run) for run in runs)
        return (REFUSED if is_refused else FOUND if is_failing else DONE), "".join([*reports, upgraded])
    insist_on_writing(runs)
    if options.confirm:
        from compiler.commands.confirm import confirm  # noqa: PLC0415 - start-up

        confirm(runs, settings, upgraded)
    known = records(runs, settings)
    saved = write(runs)
    is_failing |= options.fail_on_change and _is_missing(runs)
    is_in_conflict = any(run.compiled.is_in_conflict for run in runs)
    code = REFUSED if is_in_conflict else FOUND if is_failing else DONE
    if code == DONE:
        remember(known)
    return code, "".join([*reports, upgraded, *saved])


def _upgraded(runs: Sequence[Run]) -> str:
    from compiler.commands.upgrade import upgrade_report  # noqa: PLC0415 - start-up

    return "".join(upgrade_report(run) for run in runs)


def _is_out_of_date(runs: Sequence[Run]) -> bool:
    from compiler.commands.committing import is_out_of_date  # noqa: PLC0415 - start-up

    return is_out_of_date(runs)


def _is_missing(runs: Sequence[Run]) -> bool:
    """Whether git lacks a file; says which."""
    from compiler.commands.committing import tell_missing  # noqa: PLC0415 - start-up

    return tell_missing(runs)


def _ready(settings: Settings, paths: Sequence[Path], options: _Options) -> Sequence[Run]:
    """Everything compiled in memory and its findings printed. Raises where no manifest may be written."""
    runs = run_all(settings, paths, upgrade=options.upgrade)
    if not stopped(runs):
        runs = overwriting(runs, settings, options.overwrite)
    print_findings(runs, settings)
    if stopped(runs):
        raise SystemExit(WRONG)
    for run in runs:
        _insist(run, options.mode)
    return runs


def _insist(run: Run, mode: str | None) -> None:
    stands = any(decision.action not in {Action.CREATE, Action.FOREIGN} for decision in run.compiled.decisions)
    if mode == "new" and stands:
        message = f"`{run.shown_output}` is there already: compile without `--mode new` to update it"
        raise MisuseError(message)
    if mode == "update" and not stands:
        message = f"`{run.shown_output}` is not there yet: compile without `--mode update` to make it"
        raise MisuseError(message)
