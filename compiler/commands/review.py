"""`periplus review`: what the manifest says now, what to change, and the change made."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from compiler.commands.answers import AnswerFile, helped, read_answers, refused
from compiler.commands.codes import DONE, FOUND, REFUSED, WRONG
from compiler.commands.confirm import has_terminal
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.revision import Revision, revise, situation_of
from compiler.commands.settings import Settings, global_options
from compiler.commands.writing import insist_on_writing, write
from compiler.hands.guard import BusyError, alone
from compiler.hands.manuscripts import replaced
from compiler.model.tree import Action
from compiler.render.review import configuration_text, text_difference
from compiler.render.summary import compile_summary

if TYPE_CHECKING:
    from compiler.commands.manifests import Run
    from compiler.edits.dialogue import Judged
    from compiler.edits.situation import Situation

_PLAN = "plan.json"
_COMPILE_FIRST = (
    "nothing was written: the manifest as it is overlaps already with what you wrote; `periplus compile` puts both"
    " between marks, and when you have decided, review again"
)
_BY_HAND = (
    "nothing was written, the manifest included: a review changes nothing that ends in a conflict; change the manifest"
    " by hand, and `periplus compile` puts both sides between marks"
)


@click.command("review")
@click.argument("manifest", required=False)
@click.option("--answers", "answers_file", metavar="FILE", help="Take what to change from a file, and ask nothing.")
@global_options
@click.pass_obj
def command(settings: Settings, manifest: str | None, answers_file: str | None) -> None:
    """Show the present configuration, ask what to change, write it into the manifest, and compile.

    Ports, networks, versions, health checks and environments can be changed. Each answer is judged at once. What
    changes in the manifest is shown before anything is written, and what that means; every other byte of it stays as
    it is. Where it could not be compiled, nothing is written at all. `periplus schema answers` says what FILE may hold.
    """
    if answers_file is None and not has_terminal():
        message = (
            "`review` asks on the terminal, and there is none: give the answers in a file, with `--answers FILE`"
            " (`periplus schema answers` says what it may hold)"
        )
        raise click.UsageError(message)
    run = _present(settings, manifest)
    situation = situation_of(run)
    given = read_answers(settings, answers_file) if answers_file else None
    if given is None or not settings.quiet:
        click.echo(_configuration(run), nl=False)
    answers = given.answers if given else _asked(run, situation)
    if given is None and not answers:
        click.echo("nothing to change, nothing was written", err=True)
        raise click.exceptions.Exit(DONE)
    revision = revise(run, situation, answers)
    _insist(revision, given, settings)
    _show(run, revision, settings, ask=given is None)
    _carry_out(revision, settings)


def _present(settings: Settings, manifest: str | None) -> Run:
    """The manifest as it is; leaves with 2 where it has errors, with 3 where a compile would be refused anyway."""
    (run,) = run_all(settings, find_manifests(settings, [manifest] if manifest else []))
    print_findings([run], settings)
    if stopped([run]) or run.compiled.planned.compilation is None:
        raise click.exceptions.Exit(WRONG)
    insist_on_writing([run])
    if _is_in_conflict(run):
        click.echo(_COMPILE_FIRST, err=True)
        raise click.exceptions.Exit(REFUSED)
    return run


def _configuration(run: Run) -> str:
    planned = run.compiled.planned
    if planned.compilation is None or planned.manifest is None:
        return ""
    return configuration_text(planned.compilation, planned.manifest)


def _asked(run: Run, situation: Situation) -> dict[str, Any]:
    """What the person wants changed, asked on the terminal. Raises Abort at an interrupt or the end of the input."""
    from compiler.edits.dialogue import Ask, Judged, dialogue  # noqa: PLC0415

    def judge(answers: dict[str, Any]) -> Judged:
        revision = revise(run, situation, answers)
        told = [f"{one.message}{f': {helped(one)}' if helped(one) else ''}" for one in revision.problems]
        return Judged((*told, *revision.reasons), tuple(revision.notes))

    questions = dialogue(situation, judge)
    try:
        step = next(questions)
        while True:
            if isinstance(step, Ask):
                text = click.prompt(step.question, default="", show_default=False, prompt_suffix=" ", err=True)
                step = questions.send(str(text).strip())
            else:
                click.echo(step.text, err=True)
                step = next(questions)
    except StopIteration as end:
        answers: dict[str, Any] = end.value
        return answers


def _insist(revision: Revision, given: AnswerFile | None, settings: Settings) -> None:
    """Leave with 2 where the answers, or what they make of the manifest, are wrong; with 3 for a file not ours."""
    if revision.problems:
        raise refused(given.told(revision.problems) if given else [one.message for one in revision.problems])
    if stopped([revision.run]):
        print_findings([revision.run], settings)
        click.echo("this is the manifest as it would be: nothing was written", err=True)
        raise click.exceptions.Exit(WRONG)
    if _is_in_conflict(revision.run):
        print_findings([revision.run], settings)
        click.echo(_BY_HAND, err=True)
        raise click.exceptions.Exit(REFUSED)
    insist_on_writing([revision.run])


def _is_in_conflict(run: Run) -> bool:
    return any(one.action is Action.CONFLICT for one in run.compiled.decisions)


def _show(run: Run, revision: Revision, settings: Settings, *, ask: bool) -> None:
    """What changes, in the manifest and in the domain. Leaves with 1 at a no."""
    before = {run.path(one): text.decode("utf-8-sig") for one, text in revision.before.items()}
    after = {run.path(one): text.decode("utf-8-sig") for one, text in revision.after.items()}
    if ask or not settings.quiet:
        click.echo(text_difference(before, after) or "the manifest says so already\n", nl=False)
        click.echo(_changes(run, revision, settings), nl=False, color=True)
    for note in () if ask else revision.notes:
        click.echo(f"note: {note}", err=True)
    if ask and not click.confirm("Write this, and compile?", err=True):
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(FOUND)


def _changes(run: Run, revision: Revision, settings: Settings) -> str:
    from compiler.changes import tell_changes  # noqa: PLC0415 - only asked for here, and slow to load
    from compiler.render.changes import changes_text  # noqa: PLC0415

    before, after = (json.loads(one.compiled.emitted[_PLAN].text) for one in (run, revision.run))
    return changes_text(tell_changes(before, after), colour=settings.colour_on(sys.stdout))


def _carry_out(revision: Revision, settings: Settings) -> None:
    """Write the manifest and compile, as `compile` does, with nobody else at work on it."""
    run = revision.run
    try:
        with alone(run.folder / run.request.manifest):
            revision = revision.again()
            _insist(revision, None, settings)
            run = revision.run
            actions = run.actions()
            with replaced(revision.manuscripts()):
                saved = write([run])
    except BusyError:
        click.echo("another periplus is at work on this manifest: try again when it is done", err=True)
        raise click.exceptions.Exit(REFUSED) from None
    if not settings.quiet:
        wrote = [f"wrote {run.path(path)}\n" for path in revision.after]
        click.echo(
            "".join([*wrote, compile_summary(run.compiled, run.shown_output, actions, check=False), *saved]), nl=False
        )
    raise click.exceptions.Exit(DONE)
