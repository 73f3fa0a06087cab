"""The whole program as a straight line: text, manifest, plan, findings, tree, decisions."""

from __future__ import annotations

import json
import posixpath
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import compiler
from compiler.diagnosis import diagnosed, judge_of, told_once
from compiler.environments import Given, decide_environments
from compiler.model.finding import Severity
from compiler.model.plan import Compilation
from compiler.model.source import Document, Place, SourceMap
from compiler.model.tree import Action, Artifact, Owner
from compiler.ownership.branches import lost_edits
from compiler.ownership.decide import REFUSED
from compiler.ownership.kept import base_path
from compiler.ownership.lock import Lock, read_lock, write_lock
from compiler.ownership.lock_state import LockFile, lock_defects
from compiler.ownership.settle import Words, kept_files, settle
from compiler.ownership.signature import manifest_of, sign
from compiler.ownership.surroundings import IGNORES, surroundings
from compiler.passes.documents import documents_of
from compiler.passes.include import gather
from compiler.passes.merge import merge_documents
from compiler.passes.recall import Recall
from compiler.passes.widen import widen
from compiler.rules.rule import Context
from compiler.targets.compose.emit import ATTRIBUTES, emit, git_attributes
from compiler.text.beside import default_output, lock_name
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from compiler.model.finding import Defect, Diagnostic
    from compiler.model.manifest import Manifest
    from compiler.model.source import Files
    from compiler.model.tree import Branch, Decision, Standing, Tree
    from compiler.ownership.branches import Lost
    from compiler.ownership.settle import Settled
    from compiler.passes.merge import Merged
    from compiler.passes.widen import Wide

    Look = Callable[[str, Iterable[str]], Mapping[str, Standing]]

OLDER = "LOCK004"
"""The code of a lock that waits for the person's word to upgrade: nothing is written, but all of it is decided."""
_SCHEMA = "schemas/integration.schema.json"


class Request(NamedTuple):
    """One compilation: the manifest's file name in the folder that `files` is rooted at, and the person's words.

    `look` tells what stands in the output directory, given its path and the paths wanted there; `branches` what the
    sides of a merge that git waits for hold of it: they change no byte, but nothing is written that would lose an edit.
    `tracked` names the files of secrets in it that git has; only who asks git anyway says so. Without `is_judged` the
    plan alone is wanted: nothing doubtful is looked for.
    """

    manifest: str
    files: Files
    shipped: Files
    look: Look
    words: Words = Words()
    branches: Callable[[str], Sequence[Branch]] = lambda _: ()
    tracked: Callable[[str], Sequence[str]] = lambda _: ()
    upgrade: bool = False
    traced: bool = False
    is_judged: bool = True


class Planned(NamedTuple):
    """What was decided; `compilation` is None where an error stands in the way.

    `lock` is the one to write, `found` the one that was read and `lock_stands` its text, None where there is none.
    """

    compilation: Compilation | None
    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    documents: Mapping[str, Document]
    lock: Lock
    output: str
    sources: SourceMap
    found: Lock | None = None
    lock_stands: str | None = None
    suppressed: tuple[Diagnostic, ...] = ()
    """What the manifest says not to tell, each with its reason."""


class Compiled(NamedTuple):
    """What would be written and what is done about each path; empty where an error stands in the way.

    `emitted` is what the manifest alone makes, `tree` that with the person's text merged in where a file is kept.
    `lost` are the edits that a merge left out. `lock_text` is the lock to write beside the manifest.
    """

    planned: Planned
    tree: Tree
    standing: Mapping[str, Standing]
    decisions: tuple[Decision, ...]
    diagnostics: tuple[Diagnostic, ...]
    emitted: Tree
    lost: Mapping[str, Lost] = MappingProxyType({})
    lock_text: str = ""
    suppressed: tuple[Diagnostic, ...] = ()

    @property
    def refused(self) -> tuple[Decision, ...]:
        """The paths that are not ours to touch: with one of them nothing at all is written."""
        return tuple(decision for decision in self.decisions if decision.action in REFUSED)

    @property
    def is_refused(self) -> bool:
        """Whether nothing at all is written: for a path, or for a lock that waits for an upgrade."""
        return bool(self.refused) or self.waits_for_upgrade

    @property
    def is_in_conflict(self) -> bool:
        """Whether a merge leaves marks for the person to decide."""
        return any(decision.action is Action.CONFLICT for decision in self.decisions)

    @property
    def waits_for_upgrade(self) -> bool:
        """Whether the lock is of an older Periplus, and the person has not said to upgrade."""
        return any(diagnostic.code == OLDER for diagnostic in self.diagnostics)


def compile_manifest(request: Request) -> Compiled:
    """Everything up to the disk: nothing is written here."""
    planned = plan_manifest(request)
    if planned.compilation is None or has_errors(planned.diagnostics):
        return Compiled(planned, {}, {}, (), planned.diagnostics, {}, suppressed=planned.suppressed)
    emission = emit(planned.compilation, request.manifest, planned.output, request.shipped, traced=request.traced)
    tree = {path: _signed(path, artifact, request.manifest) for path, artifact in emission.tree.items()}
    if emission.defects:
        found = diagnosed(Context(emission.defects), SourceMap(request.manifest, planned.documents, {}))
        return Compiled(planned, {}, {}, (), (*planned.diagnostics, *found), {}, suppressed=planned.suppressed)
    kept = planned.found.kept if planned.found else ()
    standing = request.look(planned.output, (*tree, *(base_path(path) for path in kept if path in tree)))
    lost = lost_edits(standing, request.branches(planned.output))
    return settled(request, Compiled(planned, tree, standing, (), (), tree, lost))


def settled(request: Request, compiled: Compiled) -> Compiled:
    """The same emission, decided about anew: with the person's words about single paths, nothing is compiled again."""
    planned, standing, lost = compiled.planned, compiled.standing, compiled.lost
    lock = LockFile(lock_name(request.manifest), planned.found, request.upgrade, planned.lock_stands or "")
    kept = kept_files(planned.found.kept if planned.found else (), compiled.emitted, standing, request.words)
    emitted = {**compiled.emitted, **_attributes(request, kept.paths)}
    others = _others(request, standing)
    outcome = settle(emitted, standing, kept, request.words, planned.output, others, lost)
    found = lock_defects(lock, compiler.__version__, standing, kept, planned.output, others)
    around = _around(request, planned.output, outcome, standing)
    defects = (*found, *outcome.defects, *around)
    beside = [defect for defect in defects if isinstance(defect.at, Place) and defect.at.document == lock.path]
    ignores = {f"{planned.output}/{IGNORES}": outcome.tree[IGNORES].text} if around else {}
    texts = {path: Document(path, text, {}, {}) for path, text in {**ignores, **outcome.texts}.items()}
    documents = {**planned.documents, **documents_of(beside, request.files), **texts}
    settling = diagnosed(Context(defects), SourceMap(request.manifest, documents, {}))
    diagnostics, suppressed = _judged_at_last(planned, settling)
    planned = planned._replace(documents=documents, lock=planned.lock._replace(kept=kept.paths))
    lock_to_write = lock_text(planned)
    return Compiled(
        planned,
        outcome.tree,
        standing,
        outcome.decisions,
        diagnostics,
        compiled.emitted,
        lost,
        lock_to_write,
        suppressed,
    )


def plan_manifest(request: Request) -> Planned:
    """Read, check and decide; with all findings of the stage that could be reached."""
    lock_path = lock_name(request.manifest)
    content = request.files.read(lock_path)
    stands = None if content is None else content.decode("utf-8", "replace")
    return _planned(request, lock_path, stands)._replace(lock_stands=stands)


def _planned(request: Request, lock_path: str, lock_stands: str | None) -> Planned:
    gathered = gather(request.manifest, request.files, manifest_schema(request.shipped))
    documents = dict(gathered.documents)
    main = SourceMap(request.manifest, documents, {})
    output = default_output(request.manifest)
    if gathered.defects:
        return Planned(None, None, diagnosed(Context(gathered.defects), main), documents, Lock(), output, main)
    wides = tuple(widen(piece) for piece in gathered.pieces)
    merged = merge_documents(wides)
    read = read_lock(lock_stands, lock_path, compiler.__version__)
    early = (*merged.defects, *read.defects)
    if early:
        documents.update(documents_of(early, request.files))
        sources = main._replace(moved=merged.moved)
        return Planned(None, None, diagnosed(Context(early), sources), documents, Lock(), output, sources)
    documents.update(documents_of(read.notices, request.files))
    notices = diagnosed(Context(read.notices), main)
    planned = _decide(request, merged, wides[0], read.lock, documents)
    found = None if lock_stands is None else read.lock
    return _judged(planned._replace(diagnostics=(*notices, *planned.diagnostics), found=found))


def lock_text(planned: Planned) -> str:
    """The lock to write beside the manifest."""
    return write_lock(planned.lock)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether something stops the compilation."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def _judged(planned: Planned) -> Planned:
    """With its findings as the manifest wants them, and what is wrong with what it says of them."""
    judge = judge_of(planned.manifest)
    if judge is None:
        return planned
    told, suppressed = judge.judged(planned.diagnostics)
    wrong = diagnosed(Context(judge.defects()), planned.sources)
    return planned._replace(diagnostics=(*told, *wrong), suppressed=suppressed)


def _judged_at_last(
    planned: Planned, found: tuple[Diagnostic, ...]
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """All that is told and all that is not, once everything was looked at."""
    judge = judge_of(planned.manifest)
    if judge is None:
        return (*planned.diagnostics, *found), ()
    told, suppressed = judge.judged(found)
    every = (*planned.diagnostics, *planned.suppressed, *found)
    idle = diagnosed(Context(judge.idle(every)), planned.sources)
    return (*planned.diagnostics, *told, *idle), (*planned.suppressed, *suppressed)


def _signed(path: str, artifact: Artifact, manifest: str) -> Artifact:
    is_signed = artifact.owner is Owner.GENERATED
    return artifact._replace(text=sign(path, artifact.text, manifest)) if is_signed else artifact


def _attributes(request: Request, kept: tuple[str, ...]) -> Tree:
    """How git treats the tree, where files are kept: nothing else that is emitted depends on them."""
    if not kept:
        return {}
    return {ATTRIBUTES: _signed(ATTRIBUTES, Artifact(git_attributes(kept, request.shipped)), request.manifest)}


def _others(request: Request, standing: Mapping[str, Standing]) -> frozenset[str]:
    """Further manifests that generated what stands here, and are still there."""
    named = {manifest_of(one.text) for one in standing.values() if one.text is not None}
    return frozenset(name for name in named - {"", request.manifest} if request.files.read(name) is not None)


def _around(request: Request, output: str, outcome: Settled, standing: Mapping[str, Standing]) -> tuple[Defect, ...]:
    """What stands around the generated files and hurts. A `.gitignore` that is somebody's own question is none here."""
    is_asked = any(defect.facts.get("path") == IGNORES for defect in outcome.defects)
    ignores = None if is_asked else outcome.tree[IGNORES].text
    return tuple(surroundings(output, standing, ignores, request.files, request.tracked(output)))


def _decide(request: Request, merged: Merged, main: Wide, lock: Lock, documents: dict[str, Document]) -> Planned:
    default = default_output(request.manifest)
    environments = decide_environments(
        Given(merged, main, lock, request.files, request.shipped, default, Recall({}), request.is_judged)
    )
    sources = {name: SourceMap(request.manifest, documents, one.moved) for name, one in environments.trees.items()}
    found = [
        diagnostic
        for name, tree in environments.trees.items()
        for diagnostic in diagnosed(Context(tree.defects), sources[name])
    ]
    decided, plans = environments.decided, environments.plans
    for plan in plans.values():
        documents.update(documents_of((*plan.defects, *plan.notices), request.files))
    for name, one in decided.items():
        found_there = (*one.plan.defects, *one.plan.notices)
        context = Context(found_there, one.manifest, one.plan, tuple(plans.values()), one.shared)
        found.extend(diagnosed(context, sources[name]))
    whole = len(plans) == len(environments.trees) and not any(plan.defects for plan in plans.values())
    versions = {key: version for one in decided.values() for key, version in one.versions.items()}
    system = plans.pop("")
    return Planned(
        Compilation(system, plans) if whole else None,
        decided[""].manifest,
        told_once(found),
        documents,
        Lock(compiler.__version__, environments.ports, versions),
        posixpath.normpath(decided[""].manifest.output),
        SourceMap(request.manifest, documents, merged.moved),
    )


def manifest_schema(shipped: Files) -> Mapping[str, Any]:
    """The JSON Schema of a manifest."""
    return _parsed(shipped.read(_SCHEMA) or b"{}")


@cache
def _parsed(content: bytes) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads(content)
    return schema
