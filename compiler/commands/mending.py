"""`periplus lint --fix`: what has one safe answer is answered, in the manifest and its fragments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.commands.manifests import run_all
from compiler.commands.saying import say
from compiler.commands.writing import undisturbed
from compiler.edits.edit_error import EditError
from compiler.edits.fixes import splices_of, without_rivals
from compiler.hands.manuscripts import Manuscript, place_of, replaced
from compiler.hands.registry import FilesWith
from compiler.model.finding import Severity
from compiler.model.source import Place
from compiler.passes.parse import parse
from compiler.pipeline import compile_manifest
from compiler.render.review import text_difference
from compiler.render.veil import veil
from compiler.text.display import escaped
from compiler.text.named import NamedTuple
from compiler.text.secrets import veiled
from compiler.text.splice import OverlapError, offset_of, spliced_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings
    from compiler.model.finding import Diagnostic, Fix

_ROUNDS = 12
"""What is mended may show what else there is to mend: structure, then references, then what nobody needs."""


class Mended(NamedTuple):
    """The documents before and after, by path, and the findings that are answered; `run` is what that gives."""

    run: Run
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    fixed: tuple[Diagnostic, ...]


def mend(settings: Settings, paths: Sequence[Path], *, is_data: bool) -> None:
    """Write what is mended, and say so: on stdout, or on stderr where that is for data.

    Raises RefusedError where a file changed meanwhile: nothing is written then.
    """
    run_all(settings, paths)
    with undisturbed(paths):
        for path in paths:
            (run,) = run_all(settings, [path])
            mended = mended_run(run)
            with replaced([_manuscript(run, name, mended) for name in mended.after]):
                pass
            if not settings.quiet:
                say(told(mended), err=is_data, nl=False)


def mended_run(run: Run) -> Mended:
    """What would become of a manifest; nothing is written."""
    mended = Mended(run, {}, {}, ())
    for _ in range(_ROUNDS):
        found = mended.run.compiled.diagnostics
        fixes = without_rivals(one.fix for one in found if one.fix)
        further = _together(mended, [one for one in found if one.fix in fixes])
        if further is None:
            return mended
        mended = further
    return mended


def told(mended: Mended) -> str:
    """What was changed, and which findings that answers; empty for nothing."""
    run = mended.run
    texts = [
        {run.path(name): veiled(_without_secrets(text.decode("utf-8-sig"), run)) for name, text in side.items()}
        for side in (mended.before, mended.after)
    ]
    documents = {path: one.text for path, one in run.compiled.planned.documents.items()}
    fixed, _, _ = veil(mended.fixed, (*run.compiled.diagnostics, *run.compiled.suppressed), documents)
    lines = dict.fromkeys(f"fixed {one.code}: {escaped(one.message)}\n" for one in fixed)
    return "".join([text_difference(*texts), *lines])


def _manuscript(run: Run, name: str, mended: Mended) -> Manuscript:
    """Raises RefusedError for a document that is not the repository's."""
    return Manuscript(place_of(run.folder, name, run.output), mended.before[name], mended.after[name])


def _together(mended: Mended, waiting: Sequence[Diagnostic]) -> Mended | None:
    """All of them mended at once, else those that can be, one after the other; None where none can."""
    whole = _mended(mended, waiting)
    if whole is not None or len(waiting) == 1:
        return whole
    found: Mended | None = None
    for one in waiting:
        found = _mended(found or mended, [one]) or found
    return found


def _mended(mended: Mended, waiting: Sequence[Diagnostic]) -> Mended | None:
    """The findings mended; None where that changes nothing or makes it worse."""
    before, after, files = dict(mended.before), dict(mended.after), mended.run.request.files
    try:
        for name, fixes in _by_document(waiting).items():
            content = mended.run.request.files.read(name) or b""
            parsed = parse(content, name)
            text = spliced_bytes(content, splices_of(parsed.document, parsed.value or {}, fixes))  # type: ignore[arg-type]
            if parse(text, name).value is None:
                return None
            if text != content:
                before.setdefault(name, content)
                after[name] = text
                files = FilesWith(files, name, text)
    except (EditError, OverlapError, UnicodeDecodeError):
        return None
    if files is mended.run.request.files:
        return None
    request = mended.run.request._replace(files=files)
    run = mended.run._replace(request=request, compiled=compile_manifest(request))
    is_better = _is_better(mended.run, run, waiting)
    return Mended(run, before, after, (*mended.fixed, *waiting)) if is_better else None


def _by_document(waiting: Sequence[Diagnostic]) -> dict[str, list[Fix]]:
    found: dict[str, list[Fix]] = {}
    for one in waiting:
        if one.fix is not None and isinstance(one.fix.at, Place):
            found.setdefault(one.fix.at.document, []).append(one.fix)
    return found


def _is_better(before: Run, after: Run, mended: Sequence[Diagnostic]) -> bool:
    """Whether what was mended is gone, and nothing was broken for it.

    Who comes further sees more, so errors are counted among those that come as far, in the documents known before.
    """
    now = after.compiled.diagnostics
    gone = {(one.code, one.subject, one.message) for one in mended}
    if any((one.code, one.subject, one.message) in gone for one in now):
        return False
    stages = _stage(before), _stage(after)
    if stages[0] != stages[1]:
        return stages[1] > stages[0]
    known = before.compiled.planned.documents
    return _errors(after, known) <= _errors(before, known)


def _stage(run: Run) -> int:
    """How far a compilation came: documents read, merged, decided, written in memory."""
    planned = run.compiled.planned
    if planned.manifest is None:
        return int(bool(planned.sources.moved))
    return 3 if run.compiled.tree else 2


def _errors(run: Run, known: Mapping[str, object]) -> int:
    errors = (one for one in run.compiled.diagnostics if one.severity is Severity.ERROR)
    return sum(not one.marks or one.marks[0].path in known for one in errors)


def _without_secrets(text: str, run: Run) -> str:
    """The text with asterisks for each secret that a finding is about."""
    for secret in _secrets(run):
        text = text.replace(secret, re.sub(r"\S", "*", secret))
    return text


def _secrets(run: Run) -> Iterator[str]:
    compiled = run.compiled
    for mark in (mark for one in (*compiled.diagnostics, *compiled.suppressed) for mark in one.marks):
        document = compiled.planned.documents.get(mark.path)
        if mark.secret and mark.span and document:
            start, end = (
                offset_of(document.text, line, column)
                for line, column in ((mark.span.line, mark.span.column), (mark.span.end_line, mark.span.end_column))
            )
            if document.text[start:end].strip():
                yield document.text[start:end]
