"""Answers applied to a manifest in memory: what it would say, and what would become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.edits.answers import propose
from compiler.edits.edit import edit
from compiler.edits.edit_error import EditError
from compiler.edits.situation import Problem, Proposal, Situation
from compiler.hands.manuscripts import Manuscript, place_of
from compiler.hands.registry import FilesWith
from compiler.model.finding import Severity
from compiler.passes.parse import parse
from compiler.pipeline import compile_manifest
from compiler.render.review import moved_ports
from compiler.text.named import NamedTuple
from compiler.text.splice import spliced_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.commands.manifests import Run
    from compiler.edits.wishes import Wish
    from compiler.model.source import Files


class Revision(NamedTuple):
    """Answers and what they make: the touched documents by path, before and after, and the run they would give.

    `problems` are answers that cannot be; then nothing changes. `reasons` are the new errors of the manifest.
    """

    run: Run
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    problems: Sequence[Problem] = ()
    reasons: Sequence[str] = ()
    notes: Sequence[str] = ()

    def again(self) -> Revision:
        """The same texts compiled anew: what stands around them may have changed."""
        return self._replace(run=self.run._replace(compiled=compile_manifest(self.run.request)))

    def manuscripts(self) -> list[Manuscript]:
        """The touched documents at their real places. Raises RefusedError for one that is not the repository's."""
        folder, output = self.run.folder, self.run.output
        texts = self.after.items()
        return [Manuscript(place_of(folder, path, output), self.before[path], text) for path, text in texts]


def situation_of(run: Run) -> Situation:
    """What answers about a manifest without errors are held against."""
    planned = run.compiled.planned
    if planned.compilation is None or planned.manifest is None:
        message = "a manifest with errors has no situation"
        raise ValueError(message)
    texts = {path: one.text for path, one in planned.documents.items() if one.values}
    written = {path: parse(text.encode(), path).value or {} for path, text in texts.items()}
    return Situation(planned.manifest, planned.compilation.base, planned.sources, written)


def revise(run: Run, situation: Situation, answers: Mapping[str, Any]) -> Revision:
    """What answers would make of the manifest; nothing is written."""
    proposal = propose(answers, situation)
    if proposal.problems:
        return Revision(run, {}, {}, proposal.problems)
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    files: Files = run.request.files
    try:
        for path, wishes in _by_document(proposal).items():
            content, text = _edited(path, wishes, situation, run)
            if text != content:
                before[path], after[path] = content, text
                files = FilesWith(files, path, text)
    except EditError as problem:
        return Revision(run, {}, {}, [Problem((), str(problem))])
    request = run.request._replace(files=files)
    revised = run._replace(request=request, compiled=compile_manifest(request))
    taken = list(_taken_ports(answers, situation, revised))
    return Revision(revised, before, after, taken, tuple(_reasons(run, revised)), proposal.notes)


def _by_document(proposal: Proposal) -> dict[str, list[Wish]]:
    found: dict[str, list[Wish]] = {}
    for path, wish in proposal.wishes:
        found.setdefault(path, []).append(wish)
    return found


def _edited(path: str, wishes: list[Wish], situation: Situation, run: Run) -> tuple[bytes, bytes]:
    """The document as it was read and as it is to be. Raises EditError."""
    document = run.compiled.planned.documents[path]
    content = run.request.files.read(path) or b""
    if content.decode("utf-8-sig") != document.text:
        message = f"`{path}` changed meanwhile: try again"
        raise EditError(message)
    after = spliced_bytes(content, edit(document, dict(situation.written[path]), wishes))
    if parse(after, path).value is None:
        message = f"the comments in `{path}` leave no room for this: write it by hand"
        raise EditError(message)
    return content, after


def _taken_ports(answers: Mapping[str, Any], situation: Situation, revised: Run) -> Iterator[Problem]:
    """Host ports that others have by allocation: they would have to move, and nobody said so."""
    compilation = revised.compiled.planned.compilation
    if compilation is None or "port_range" in answers:
        return
    asked = {text: key for key, text in answers.get("ports", {}).items()}
    for name, old, new in moved_ports(situation.plan, compilation.base):
        if name not in answers.get("ports", {}) and str(old) in asked:
            key = asked[str(old)]
            message = f"host port {old} belongs to `{name}`, which would have to move to {new}"
            yield Problem(("ports", key), message, f"take another, or say `{name}: auto` as well")


def _reasons(run: Run, revised: Run) -> Iterator[str]:
    known = {(one.code, one.subject) for one in run.compiled.diagnostics}
    for one in revised.compiled.diagnostics:
        if one.severity is Severity.ERROR and (one.code, one.subject) not in known:
            more = "" if one.code.startswith("OWN") else one.help  # that of a file is about what was written
            yield f"{one.message}{f': {more}' if more else ''} [{one.code}]"
