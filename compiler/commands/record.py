"""Remembering a compile: the record that the door answers from while nothing changes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from compiler.commands.manifests import findings_said
from compiler.hands.disk import read_regular
from compiler.hands.globs import SKIPPED
from compiler.hands.installation import installation
from compiler.hands.recorder import Recorder, put_record
from compiler.hands.sight import (
    ABSENT,
    LARGEST,
    heading,
    is_the_persons,
    names_digest,
    waiting_commit,
)
from compiler.hands.terminal import stderr_width
from compiler.model.tree import Action
from compiler.ownership.settle import Words
from compiler.ownership.unchanged import Record, write_record
from compiler.render.summary import compile_summary
from compiler.text.digest import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings

_PUT = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE})
"""What is done so that the next run has nothing to do. What is merged is settled by the next run alone."""


class UnknownError(Exception):
    """What the next run would say is not known for sure."""


def records(runs: Sequence[Run], settings: Settings) -> Mapping[str, bytes]:
    """For each output directory what the next run there can be answered from, once all of this run is written.

    A run that cannot tell has none: the next one finds out.
    """
    found: dict[str, bytes] = {}
    for run in runs:
        try:
            found[os.fspath(run.output)] = write_record(_record(run, settings))
        except (UnknownError, OSError, ValueError):
            continue
    return found


def remember(written: Mapping[str, bytes]) -> None:
    """Put the records where the door finds them; one that cannot be put costs time, and nothing else."""
    for output, content in written.items():
        put_record(output, content)


def _record(run: Run, settings: Settings) -> Record:
    files, planned = run.request.files, run.compiled.planned
    actions = run.actions()
    if not isinstance(files, Recorder) or files.is_torn or not _is_settled(run, frozenset(actions.values())):
        raise UnknownError
    lock = run.lock.name
    reads = files.reads
    if run.lock_action() is not Action.UNCHANGED:
        reads = {**reads, lock: run.compiled.lock_text.encode()}
    unchanged = {path: Action.UNCHANGED for path, action in actions.items() if action is not Action.DELETE}
    findings = findings_said([run], settings)
    folder = os.fspath(run.folder)
    repository = run.folder.parents[files.reach - 1] if files.reach else run.folder
    return Record(
        (folder, os.fspath(repository), run.request.manifest, planned.output, run.shown),
        lock,
        installation(),
        {path: ABSENT if content is None else digest_of([content]) for path, content in reads.items()},
        {pattern: names_digest(names) for pattern, names in files.globs.items()},
        [path for path in run.compiled.tree if is_the_persons(path)],
        _tree_digest(run),
        compile_summary(run.compiled, run.shown_output, unchanged, check=False),
        findings,
        f"{settings.colour_on(sys.stderr):d} {stderr_width()}" if findings else "",
    )


def _is_settled(run: Run, actions: frozenset[Action]) -> bool:
    """Whether the next run will find nothing to do, and say nothing else but that."""
    if waiting_commit(os.fspath(run.output)) or run.request.upgrade or run.request.words != Words():
        return False
    if actions == {Action.UNCHANGED}:
        return True
    planned, diagnostics = run.compiled.planned, run.compiled.diagnostics
    kept = planned.lock.kept or (planned.found and planned.found.kept)
    if kept or not actions <= {Action.UNCHANGED, *_PUT}:
        return False
    if run.lock_action() is not Action.UNCHANGED:
        return not diagnostics  # one may be about what the lock said before
    return not any(one.code.startswith(("OWN", "LOCK")) for one in diagnostics)


def _tree_digest(run: Run) -> str:
    """The digest of the output directory as it stands once everything is written: see `sight.tree_digest`."""
    contents = dict(_contents(run))
    pieces = (
        piece
        for path, (content, executable) in sorted(contents.items())
        for piece in (heading(path, len(content), executable=executable), content)
    )
    return digest_of(pieces)


def _contents(run: Run) -> Iterator[tuple[str, tuple[bytes, bool]]]:
    """The bytes of every file that will stand, and whether it can be executed."""
    actions = {one.path: one.action for one in run.compiled.decisions}
    for path, stands in run.compiled.standing.items():
        action = actions.get(path, Action.UNCHANGED)
        if stands.kind not in {"absent", "file"} or not SKIPPED.isdisjoint(path.split("/")):
            raise UnknownError
        if action is Action.UNCHANGED and stands.kind == "file":
            content = _unread(run, path) if stands.text is None else stands.text.encode()
            yield path, (content, stands.executable)
    for path, artifact in run.compiled.tree.items():
        if actions.get(path) in _PUT:
            yield path, (artifact.text.encode()[:LARGEST], artifact.executable)


def _unread(run: Run, path: str) -> bytes:
    """The bytes of a file that was no text, as long as it is none still."""
    content = read_regular(run.output / path) or b""
    try:
        content.decode()
    except UnicodeDecodeError:
        return content
    raise UnknownError
