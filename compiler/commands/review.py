"""`periplus review`: what the manifest says now, what to change, and the change made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from compiler.commands.answers import AnswerFile, helped, read_answers, refused
from compiler.commands.codes import DONE, FOUND, REFUSED, WRONG, MisuseError
from compiler.commands.confirm import changes_told, has_terminal
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped
from compiler.commands.revision import Revision, revise, situation_of
from compiler.commands.saying import say
from compiler.commands.writing import insist_on_writing, undisturbed, write
from compiler.hands.manuscripts import replaced
from compiler.render.review import configuration_text, text_difference
from compiler.render.summary import compile_summary
from compiler.targets.plan_file import PLAN

if TYPE_CHECKING:
    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings
    from compiler.edits.dialogue import Judged
    from compiler.edits.situation import Situation

_COMPILE_FIRST = (
    "nothing was written: the manifest as it is overlaps already with what you wrote; `periplus compile` puts both"
    " between marks, and when you have decided, review again"
)
_BY_HAND = (
    "nothing was written, the manifest included: a review changes nothing that ends in a conflict; change the manifest"
    " by hand, and `periplus compile` puts both sides between marks"
)


def command(settings: Settings, manifest: str | None, answers_file: str | None) -> None:
    """Ask, or read the answers, and write what they make of the manifest and the tree."""
    if answers_file is None and not has_terminal():
        message = (
            "`review` asks on the terminal, and there is none: give the answers in a file, with `--answers FILE`"
            " (`periplus schema answers` says what it may hold)"
        )
        raise MisuseError(message)
    run = _present(settings, manifest)
    situation = situation_of(run)
    given = read_answers(settings, answers_file) if answers_file else None
    if given is None or not settings.quiet:
        say(_configuration(run), nl=False)
    answers = given.answers if given else _asked(run, situation)
    if given is None and not answers:
        say("nothing to change, nothing was written", err=True)
        raise SystemExit(DONE)
    revision = revise(run, situation, answers)
    _insist(revision, given, settings)
    _show(run, revision, settings, ask=given is None)
    _carry_out(revision, settings)


def _present(settings: Settings, manifest: str | None) -> Run:
    """The manifest as it is; leaves with 2 where it has errors, with 3 where a compile would be refused anyway."""
    (run,) = run_all(settings, find_manifests(settings, [manifest] if manifest else []))
    print_findings([run], settings)
    if stopped([run]) or run.compiled.planned.compilation is None:
        raise SystemExit(WRONG)
    insist_on_writing([run])
    if run.compiled.is_in_conflict:
        say(_COMPILE_FIRST, err=True)
        raise SystemExit(REFUSED)
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
                say(step.text, err=True)
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
        say("this is the manifest as it would be: nothing was written", err=True)
        raise SystemExit(WRONG)
    if revision.run.compiled.is_in_conflict:
        print_findings([revision.run], settings)
        say(_BY_HAND, err=True)
        raise SystemExit(REFUSED)
    insist_on_writing([revision.run])


def _show(run: Run, revision: Revision, settings: Settings, *, ask: bool) -> None:
    """What changes, in the manifest and in the domain. Leaves with 1 at a no."""
    before = {run.path(one): text.decode("utf-8-sig") for one, text in revision.before.items()}
    after = {run.path(one): text.decode("utf-8-sig") for one, text in revision.after.items()}
    if ask or not settings.quiet:
        say(text_difference(before, after) or "the manifest says so already\n", nl=False)
        then, now = (one.compiled.emitted[PLAN].text for one in (run, revision.run))
        say(changes_told(then, now, settings), nl=False, is_coloured=True)
    for note in () if ask else revision.notes:
        say(f"note: {note}", err=True)
    if ask and not click.confirm("Write this, and compile?", err=True):
        say("nothing was written", err=True)
        raise SystemExit(FOUND)


def _carry_out(revision: Revision, settings: Settings) -> None:
    """Write the manifest and compile, as `compile` does, with nobody else at work on it."""
    run = revision.run
    with undisturbed([run.folder / run.request.manifest]):
        revision = revision.again()
        _insist(revision, None, settings)
        run = revision.run
        actions = run.actions()
        with replaced(revision.manuscripts()):
            saved = write([run])
    if not settings.quiet:
        wrote = [f"wrote {run.path(path)}\n" for path in revision.after]
        say("".join([*wrote, compile_summary(run.compiled, run.shown_output, actions, check=False), *saved]), nl=False)
    raise SystemExit(DONE)
