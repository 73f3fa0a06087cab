"""Bringing decided runs to the disk: all of it, or nothing where a single file is not ours to touch."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.commands.codes import REFUSED
from compiler.commands.origin import origins
from compiler.commands.saying import say
from compiler.hands.disk import Changes, carry_out, clear_temporaries, free_name
from compiler.hands.guard import BusyError, alone
from compiler.model.tree import Action, Artifact
from compiler.ownership.signature import judge
from compiler.render.summary import edits
from compiler.text.secrets import veiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compiler.commands.manifests import Run
    from compiler.model.tree import Decision

WRITTEN = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.MERGE, Action.CONFLICT})
"""What puts a text into the tree."""


@contextlib.contextmanager
def undisturbed(manifests: Iterable[Path]) -> Iterator[None]:
    """Nobody else is at work on the manifests; leaves with 3 where somebody is."""
    try:
        with contextlib.ExitStack() as held:
            for path in sorted(manifests, key=os.path.realpath):
                held.enter_context(alone(path))
            yield
    except BusyError:
        say("another periplus is at work on this manifest: try again when it is done", err=True)
        raise SystemExit(REFUSED) from None


def show_edits(runs: Sequence[Run]) -> None:
    """What a person changed in each file that is refused for it, on stderr."""
    for run in runs:
        say(veiled(edits(run.compiled, origins(run))), err=True, nl=False)


def insist_on_writing(runs: Sequence[Run]) -> None:
    """Say that nothing is written, and leave with 3, where one of the runs is refused."""
    if any(run.compiled.is_refused for run in runs):
        show_edits(runs)
        say("nothing was written", err=True)
        raise SystemExit(REFUSED)


def write(runs: Sequence[Run]) -> list[str]:
    """Write everything; a line for each copy saved."""
    lines: list[str] = []
    for run in runs:
        clear_temporaries(run.output, run.lock)
        every = changes(run, run.compiled.decisions)
        given_up = dict(_given_up(run, every.saved))
        if given_up or any(action is not Action.UNCHANGED for action in run.actions().values()):
            copies = carry_out(run.output, every._replace(written={**given_up, **every.written}))
            lines.extend(f"saved what you had as {run.shown_output}/{copy}\n" for copy in (*copies, *given_up))
    return lines


def _given_up(run: Run, saved: Sequence[str]) -> Iterator[tuple[str, Artifact]]:
    """The texts of a branch that is being merged which the person gives up, each with the name it is saved under.

    What stands may be saved as well, under the first name.
    """
    for path, lost in run.compiled.lost.items():
        if path in run.request.words.overwrite:
            yield free_name(run.output, path, int(path in saved)), Artifact(lost.text)


def changes(run: Run, decisions: Sequence[Decision]) -> Changes:
    """What some of the decisions mean on the disk, and the lock. A kept file is written before its base."""
    compiled = run.compiled
    removed = [one.path for one in decisions if one.action is Action.DELETE]
    replaced = [one.path for one in decisions if one.action is Action.REPLACE]
    return Changes(
        {one.path: compiled.tree[one.path] for one in decisions if one.action in WRITTEN},
        removed,
        [*replaced, *(path for path in removed if judge(compiled.standing[path].text or "") != "valid")],
        None if run.lock_action() is Action.UNCHANGED else (run.lock, compiled.lock_text),
        compiled.standing,
    )


def is_undecided(run: Run) -> bool:
    """Whether nobody can say how the files should be, so that a check is refused as well.

    A hand edit is a difference that a check finds; the marks of a conflict are not.
    """
    refused = {decision.action for decision in run.compiled.refused}
    return run.compiled.waits_for_upgrade or not refused <= {Action.EDITED, Action.FOREIGN}
