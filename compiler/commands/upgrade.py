"""What an upgrade of Periplus changes by itself, told apart from what the manifest changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import compiler
from compiler.changes.difference import decided
from compiler.model.tree import Action
from compiler.ownership.kept import base_path
from compiler.ownership.lock import is_older
from compiler.pipeline import compile_manifest
from compiler.targets.plan_file import PLAN, read_plan
from compiler.text.lines import with_line_feeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.commands.manifests import Run

_STAYS = frozenset({Action.UNCHANGED, Action.EDITED, Action.FOREIGN})


def upgrade_report(run: Run) -> str:
    """Why files change, a line for each reason; empty where the lock is of no older version. May ask git."""
    found = run.compiled.planned.found
    if found is None or not is_older(found, compiler.__version__):
        return ""
    return "".join(f"{line}\n" for line in _report(run, found.periplus))


def _report(run: Run, version: str) -> Iterator[str]:
    changing = [
        one.path
        for one in run.compiled.decisions
        if one.action not in _STAYS and (one.path in run.compiled.emitted or one.action is Action.DELETE)
    ]
    yield f"from Periplus {version} to {compiler.__version__}:"
    if not changing:
        yield "  no file changes"
        return
    before = _emitted_before(run)
    if before is None:
        yield "  whether a file changes because of Periplus or because of the manifest cannot be told:"
        yield "  the manifest differs from what the tree was made of, and git has no version of it that still compiles"
        return
    reasons: dict[str, list[str]] = {}
    for path in changing:
        reasons.setdefault(_reason(run, path, before), []).append(path)
    for reason, paths in sorted(reasons.items()):
        yield f"  because of {reason}: {', '.join(paths)}"


def _reason(run: Run, path: str, before: Mapping[str, str]) -> str:
    """Why a file changes: `before` is what this Periplus makes of the manifest that the tree was made of."""
    now = run.compiled.emitted.get(path)
    then = before.get(path)
    if then == (None if now is None else now.text):
        return "Periplus alone"
    return "the manifest alone" if then == _stands(run, path) else "both Periplus and the manifest"


def _stands(run: Run, path: str) -> str | None:
    """What was generated last: of a kept file that is its base."""
    standing = run.compiled.standing
    found = standing.get(base_path(path) if path in run.compiled.planned.lock.kept else path)
    return None if found is None or found.text is None else with_line_feeds(found.text)


def _emitted_before(run: Run) -> Mapping[str, str] | None:
    """What this Periplus makes of the manifest that the tree was made of: the present one, or the committed."""
    if _decided(_stands(run, PLAN)) == _decided(run.compiled.emitted[PLAN].text):
        return {path: artifact.text for path, artifact in run.compiled.emitted.items()}
    from compiler.hands.git import GitError, revision_files  # noqa: PLC0415 - only an upgrade asks git

    try:
        files = revision_files(run.folder, "HEAD")
        emitted = compile_manifest(run.request._replace(files=files)).emitted
    except GitError:
        return None
    return {path: artifact.text for path, artifact in emitted.items()} or None


def _decided(text: str | None) -> Any:  # noqa: ANN401 - a document, compared and no more
    """What plan.json says, without its signature; None where it cannot be read."""
    document, _ = read_plan(text)
    return None if document is None else decided(document)
