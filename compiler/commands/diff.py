"""`periplus diff`: what the manifest of today changes, told in domain words."""

from __future__ import annotations

import posixpath
import sys
from typing import TYPE_CHECKING, Any

from compiler.changes import tell_changes
from compiler.changes.difference import raw_difference
from compiler.commands.codes import ENVIRONMENT, WRONG, MisuseError
from compiler.commands.manifests import find_manifests, print_findings, run_all, stopped, without_refusals
from compiler.commands.saying import say
from compiler.commands.writing import WRITTEN
from compiler.hands.disk import read_regular
from compiler.hands.git import GitError, NoRepositoryError, UnknownRevisionError, merge_base, revision_files
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Action, Standing
from compiler.pipeline import Request, plan_manifest
from compiler.render.changes import changes_json, changes_markdown, changes_text
from compiler.targets.plan_document import plan_document
from compiler.targets.plan_file import PLAN, read_plan
from compiler.text.display import escaped
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings
    from compiler.hands.git import RevisionFiles

_SHORT = 10
"""Of the digest of a commit, in characters."""


class _Base(NamedTuple):
    """What is compared with; the plan is None where there is none, and then everything is new."""

    plan: dict[str, Any] | None
    told: str


def command(settings: Settings, manifest: str | None, base: str | None, output_format: str, *, raw: bool) -> None:
    """Tell what the manifest changes against a commit, or against what stands."""
    (run,) = run_all(settings, find_manifests(settings, [manifest] if manifest else []))
    print_findings([without_refusals(run)], settings)
    compilation = run.compiled.planned.compilation
    if stopped([run]) or compilation is None:
        raise SystemExit(WRONG)
    after = plan_document(compilation)
    found = _base(run, base)
    before = found.plan if found.plan is not None else _nothing(after)
    if not settings.quiet:
        say(found.told, err=True)
    text = raw_difference(before, after) if raw else _told(run, before, after, output_format, settings)
    say(text, nl=False, is_coloured=True)


def _told(run: Run, before: Mapping[str, Any], after: Mapping[str, Any], output_format: str, settings: Settings) -> str:
    changes = tell_changes(before, after)
    if output_format == "text" and not changes and not settings.quiet:
        _tell_files(run)
    if output_format == "json":
        return changes_json(changes)
    if output_format == "markdown":
        return changes_markdown(changes)
    return changes_text(changes, colour=settings.colour_on(sys.stdout))


def _tell_files(run: Run) -> None:
    """Files may differ in what no plan holds: descriptions, the text of a header."""
    count = sum(action in {*WRITTEN, Action.DELETE} for action in run.actions().values())
    if count:
        say(f"`periplus compile` would write {count} file{'' if count == 1 else 's'}", err=True)


def _base(run: Run, revision: str | None) -> _Base:
    """The plan to compare with. Leaves with 2 for an unknown revision, with 4 where git or the file fails."""
    try:
        files = revision_files(run.folder, "HEAD" if revision is None else revision)
    except UnknownRevisionError as problem:
        if revision is not None:
            raise MisuseError(str(problem)) from None
        return _on_disk(run)
    except NoRepositoryError as problem:
        if revision is not None:
            message = f"{problem}, so there is no `{revision}` to compare with"
            raise _failure(message) from None
        return _on_disk(run)
    except GitError as problem:
        raise _failure(str(problem)) from None
    files, name = (files, "`HEAD`") if revision is None else _where_left(run, files, revision)
    content = files.read(posixpath.join(run.compiled.planned.output, PLAN))
    if content is None and revision is None:
        return _on_disk(run)
    plan, reason = read_plan(content)
    if plan is not None:
        return _Base(plan, f"compared with {PLAN} of {name}")
    return _compiled_then(run, files, f"{PLAN} of {name} {reason}", name)


def _where_left(run: Run, files: RevisionFiles, revision: str) -> tuple[RevisionFiles, str]:
    """The commit where HEAD left a revision, and what to call it; the revision itself where none is known."""
    common = merge_base(run.folder, files.commit)
    short = files.commit[:_SHORT]
    if common is None:
        return files, f"`{revision}` ({short}, which has no commit in common with HEAD here)"
    if common == files.commit:
        return files, f"`{revision}` ({short})"
    return files._replace(commit=common), f"{common[:_SHORT]}, where HEAD left `{revision}`"


def _compiled_then(run: Run, files: RevisionFiles, reason: str, name: str) -> _Base:
    """What this version makes of the manifest of that commit, where its plan.json is of no use."""
    manifest = run.request.manifest
    if files.read(manifest) is None:
        return _Base(None, f"there is no `{manifest}` in {name}: everything is new")
    compilation = plan_manifest(Request(manifest, files, shipped_files(), _nothing_stands, is_judged=False)).compilation
    if compilation is None:
        message = f"{reason}, and its `{manifest}` has errors by the rules of this version: name another `--base`"
        raise _failure(message)
    return _Base(plan_document(compilation), f"{reason}: compared with what its `{manifest}` compiles to now")


def _on_disk(run: Run) -> _Base:
    path = run.output / PLAN
    shown = run.path(posixpath.join(run.compiled.planned.output, PLAN))
    content = read_regular(path)
    if content is None:
        return _Base(None, f"there is no `{shown}` to compare with: everything is new")
    plan, reason = read_plan(content)
    if plan is None:
        message = f"`{shown}` {reason}: compile once, or name a commit to compare with, with `--base`"
        raise _failure(message)
    return _Base(plan, f"compared with `{shown}` as it stands")


def _nothing(after: Mapping[str, Any]) -> dict[str, Any]:
    """A plan of the same project in which nothing is."""
    kept = {key: value for key, value in after["plan"].items() if not isinstance(value, dict)}
    empty: dict[str, Any] = {key: {} for key in after["plan"] if key not in kept}
    plan = {**empty, **kept, "least_start_ms": 0, "gateway": None, "tests": {"api": [], "smoke": {}}}
    return {**after, "plan": plan, "environments": {}}


def _nothing_stands(_output: str, wanted: Iterable[str]) -> Mapping[str, Standing]:
    return {path: Standing("absent") for path in wanted}


def _failure(message: str) -> SystemExit:
    say(f"error: {escaped(message)}", err=True)
    return SystemExit(ENVIRONMENT)
