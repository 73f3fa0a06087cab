"""The whole program as a straight line: text, manifest, plan, findings, tree, decisions."""

from __future__ import annotations

import json
import posixpath
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import compiler
from compiler.catalog.kind_error import KindError
from compiler.catalog.load import kind_names, latest_version, load_kind
from compiler.model.finding import Defect, Severity
from compiler.model.plan import Compilation
from compiler.model.source import Document, Place, SourceMap
from compiler.model.tree import Artifact, Owner
from compiler.ownership.branches import lost_edits
from compiler.ownership.decide import REFUSED
from compiler.ownership.kept import base_path
from compiler.ownership.lock import Lock, read_lock, write_lock
from compiler.ownership.lock_state import LockFile, lock_defects
from compiler.ownership.settle import Words, kept_files, settle
from compiler.ownership.signature import manifest_of, sign
from compiler.passes.documents import documents_of
from compiler.passes.facts import Facts
from compiler.passes.include import gather
from compiler.passes.inputs import dockerfiles_of, part_files, path_defects, read_registry
from compiler.passes.locate import diagnose
from compiler.passes.lower import lower
from compiler.passes.merge import merge_documents, overlay_environment
from compiler.passes.ports import DEV, allocate_ports
from compiler.passes.resolve import resolve
from compiler.passes.versions import chosen_versions, gateway_version, given_settings, known_version
from compiler.passes.widen import widen
from compiler.rules import all_rules
from compiler.rules.rule import Context
from compiler.targets.compose.configuration import configuration_of
from compiler.targets.compose.emit import ATTRIBUTES, emit, git_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from compiler.model.finding import Diagnostic
    from compiler.model.kind import Kind
    from compiler.model.manifest import Manifest
    from compiler.model.plan import Plan
    from compiler.model.source import Files
    from compiler.model.tree import Branch, Decision, Standing, Tree
    from compiler.ownership.branches import Lost
    from compiler.passes.lower import Lowered
    from compiler.passes.merge import Merged
    from compiler.passes.widen import Wide

    Look = Callable[[str, Iterable[str]], Mapping[str, Standing]]

ALWAYS = (DEV, "test")
"""Environments that are emitted whether the manifest names them or not."""
OLDER = "LOCK004"
"""The code of a lock that waits for the person's word to upgrade: nothing is written, but all of it is decided."""
_SCHEMA = "schemas/integration.schema.json"


class Request(NamedTuple):
    """One compilation: the manifest's file name in the folder that `files` is rooted at, and the person's words.

    `look` tells what stands in the output directory, given its path and the paths wanted there; `branches` what the
    sides of a merge that git waits for hold of it: they change no byte, but nothing is written that would lose an edit.
    """

    manifest: str
    files: Files
    shipped: Files
    look: Look
    words: Words = Words()
    branches: Callable[[str], Sequence[Branch]] = lambda _: ()
    upgrade: bool = False
    traced: bool = False


class Planned(NamedTuple):
    """What was decided; `compilation` is None where an error stands in the way.

    `lock` is the one to write, `found` the one that was read, None where there is none.
    """

    compilation: Compilation | None
    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    documents: Mapping[str, Document]
    lock: Lock
    output: str
    sources: SourceMap
    found: Lock | None = None


class Compiled(NamedTuple):
    """What would be written and what is done about each path; empty where an error stands in the way.

    `emitted` is what the manifest alone makes, `tree` that with the person's text merged in where a file is kept.
    `lost` are the edits that a merge left out.
    """

    planned: Planned
    tree: Tree
    standing: Mapping[str, Standing]
    decisions: tuple[Decision, ...]
    diagnostics: tuple[Diagnostic, ...]
    emitted: Tree
    lost: Mapping[str, Lost] = MappingProxyType({})

    @property
    def refused(self) -> tuple[Decision, ...]:
        """The paths that are not ours to touch: with one of them nothing at all is written."""
        return tuple(decision for decision in self.decisions if decision.action in REFUSED)

    @property
    def is_refused(self) -> bool:
        """Whether nothing at all is written: for a path, or for a lock that waits for an upgrade."""
        return bool(self.refused) or self.waits_for_upgrade

    @property
    def waits_for_upgrade(self) -> bool:
        """Whether the lock is of an older Periplus, and the person has not said to upgrade."""
        return any(diagnostic.code == OLDER for diagnostic in self.diagnostics)


def compile_manifest(request: Request) -> Compiled:
    """Everything up to the disk: nothing is written here."""
    planned = plan_manifest(request)
    if planned.compilation is None or has_errors(planned.diagnostics):
        return Compiled(planned, {}, {}, (), planned.diagnostics, {})
    emission = emit(planned.compilation, request.manifest, planned.output, request.shipped, traced=request.traced)
    tree = {path: _signed(path, artifact, request.manifest) for path, artifact in emission.tree.items()}
    if emission.defects:
        found = _diagnose(Context(emission.defects), SourceMap(request.manifest, planned.documents, {}))
        return Compiled(planned, {}, {}, (), (*planned.diagnostics, *found), {})
    kept = planned.found.kept if planned.found else ()
    standing = request.look(planned.output, (*tree, *(base_path(path) for path in kept if path in tree)))
    return settled(request, Compiled(planned, tree, standing, (), (), tree))


def settled(request: Request, compiled: Compiled) -> Compiled:
    """The same emission, decided about anew: with the person's words about single paths, nothing is compiled again."""
    planned, standing = compiled.planned, compiled.standing
    name = lock_name(request.manifest)
    content = request.files.read(name) or b""
    lock = LockFile(name, planned.found, request.upgrade, content.decode("utf-8", "replace"))
    kept = kept_files(planned.found.kept if planned.found else (), compiled.emitted, standing, request.words)
    emitted = {**compiled.emitted, **_attributes(request, kept.paths)}
    others = _others(request, standing)
    lost = lost_edits(standing, request.branches(planned.output))
    outcome = settle(emitted, standing, kept, request.words, planned.output, others, lost)
    found = lock_defects(lock, compiler.__version__, standing, kept, planned.output, others)
    defects = (*found, *outcome.defects)
    beside = [defect for defect in defects if isinstance(defect.at, Place) and defect.at.document == lock.path]
    texts = {path: Document(path, text, {}, {}) for path, text in outcome.texts.items()}
    documents = {**planned.documents, **documents_of(beside, request.files), **texts}
    diagnostics = (*planned.diagnostics, *_diagnose(Context(defects), SourceMap(request.manifest, documents, {})))
    planned = planned._replace(documents=documents, lock=planned.lock._replace(kept=kept.paths))
    return Compiled(planned, outcome.tree, standing, outcome.decisions, diagnostics, compiled.emitted, lost)


def plan_manifest(request: Request) -> Planned:
    """Read, check and decide; with all findings of the stage that could be reached."""
    schema = manifest_schema(request.shipped)
    gathered = gather(request.manifest, request.files, schema)
    documents = dict(gathered.documents)
    main = SourceMap(request.manifest, documents, {})
    output = default_output(request.manifest)
    if gathered.defects:
        return Planned(None, None, _diagnose(Context(gathered.defects), main), documents, Lock(), output, main)
    wides = tuple(widen(piece) for piece in gathered.pieces)
    merged = merge_documents(wides)
    lock_path = lock_name(request.manifest)
    read = read_lock(request.files.read(lock_path), lock_path, compiler.__version__)
    early = (*merged.defects, *read.defects)
    if early:
        documents.update(documents_of(early, request.files))
        sources = main._replace(moved=merged.moved)
        return Planned(None, None, _diagnose(Context(early), sources), documents, Lock(), output, sources)
    documents.update(documents_of(read.notices, request.files))
    notices = _diagnose(Context(read.notices), main)
    planned = _decide(request, merged, wides[0], read.lock, documents)
    found = None if request.files.read(lock_path) is None else read.lock
    return planned._replace(diagnostics=(*notices, *planned.diagnostics), found=found)


def default_output(manifest: str) -> str:
    """The output directory of a manifest that names none: `integration`, `a-integration` for `a.integration.yaml`."""
    stem = posixpath.basename(manifest).removesuffix(".yaml").removesuffix(".yml")
    return stem.replace(".", "-") if stem.endswith("integration") else "integration"


def lock_name(manifest: str) -> str:
    """The lock beside the manifest: `integration.lock.json`, `a.integration.lock.json`."""
    stem = posixpath.basename(manifest).removesuffix(".yaml").removesuffix(".yml")
    return f"{stem}.lock.json"


def lock_text(planned: Planned) -> str:
    """The lock to write beside the manifest."""
    return write_lock(planned.lock)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether something stops the compilation."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


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


class _Decided(NamedTuple):
    """One environment: its manifest and plan, what was chosen for it, and where its routes were written."""

    manifest: Manifest
    plan: Plan
    ports: Mapping[str, int]
    versions: Mapping[str, str]
    sources: SourceMap


def _decide(request: Request, merged: Merged, main: Wide, lock: Lock, documents: dict[str, Document]) -> Planned:
    names = tuple(dict.fromkeys((*ALWAYS, *main.value["environments"])))
    found: dict[tuple[str, str, str], Diagnostic] = {}
    decided: dict[str, _Decided] = {}
    ports = dict(_dev_ports(request, merged, main, lock))
    for environment in ("", *names):
        tree = merged if not environment else overlay_environment(merged, main, environment)
        sources = SourceMap(request.manifest, documents, tree.moved)
        if tree.defects:
            found.update({(one.code, one.subject, ""): one for one in _diagnose(Context(tree.defects), sources)})
            continue
        manifest = lower(tree.value, environment, default_output(request.manifest))
        base = decided[""].manifest if decided else manifest.manifest
        chosen = lock._replace(ports={**lock.ports, **ports})
        one = _decide_one(request, manifest, configuration_of(manifest.manifest, base, environment), names, chosen)
        decided[environment] = one._replace(sources=sources)
        ports.update(one.ports)
        documents.update(documents_of(one.plan.defects, request.files))
    plans = {environment: one.plan for environment, one in decided.items()}
    for one in decided.values():
        context = Context(one.plan.defects, one.manifest, one.plan, tuple(plans.values()))
        for diagnostic in _diagnose(context, one.sources):
            found.setdefault((diagnostic.code, diagnostic.subject, str(diagnostic.marks[:1])), diagnostic)
    whole = len(plans) == len(names) + 1 and not any(plan.defects for plan in plans.values())
    versions = {key: version for one in decided.values() for key, version in one.versions.items()}
    system = plans.pop("")
    return Planned(
        Compilation(system, plans) if whole else None,
        decided[""].manifest,
        tuple(found.values()),
        documents,
        Lock(compiler.__version__, ports, versions),
        posixpath.normpath(decided[""].manifest.output),
        SourceMap(request.manifest, documents, merged.moved),
    )


def _decide_one(request: Request, lowered: Lowered, configuration: str, names: tuple[str, ...], lock: Lock) -> _Decided:
    manifest = lowered.manifest
    facts, defects = _facts(request, manifest, lock)
    written = (*lowered.defects, *defects, *path_defects(manifest, request.files.reach))
    resolved = resolve(manifest, facts, names, configuration, written)
    versions = chosen_versions(manifest, facts.versions)
    return _Decided(manifest, resolved.plan, resolved.chosen, versions, SourceMap(request.manifest, {}, {}))


def _dev_ports(request: Request, merged: Merged, main: Wide, lock: Lock) -> Mapping[str, int]:
    """Dev has all that the system has, and more: chosen with dev in view, no port of the system moves there."""
    debugged = any("debug_port" in service.get("develop", {}) for service in merged.value["services"].values())
    if not debugged and DEV not in main.value["environments"]:
        return {}
    tree = overlay_environment(merged, main, DEV)
    if tree.defects:
        return {}
    manifest = lower(tree.value, DEV, default_output(request.manifest)).manifest
    return allocate_ports(manifest, _facts(request, manifest, lock)[0]).chosen


def _facts(request: Request, manifest: Manifest, lock: Lock) -> tuple[Facts, tuple[Defect, ...]]:
    files, shipped = request.files, request.shipped
    kinds: dict[str, Kind | None] = {}
    versions: dict[str, str] = {}
    defects: list[Defect] = []
    for name, instance in manifest.infrastructure.items():
        try:
            known = known_version(manifest, name, lock.versions)
            version = known or latest_version(instance.type, shipped, files) or ""
            kinds[name] = load_kind(instance.type, shipped, files, version, given_settings(manifest, name))
        except KindError as error:
            kinds[name] = None
            defects.append(Defect("kind.invalid", Place(error.path, line=error.line or 1), {"reason": error.message}))
            continue
        versions[name] = version
    versions["gateway"] = gateway_version(lock.versions)
    registry = read_registry(manifest, files)
    facts = Facts(
        kinds,
        kind_names(shipped, files),
        dockerfiles_of(manifest, files),
        registry.registry,
        lock.ports,
        versions,
        part_files(manifest, files),
        files.reach,
    )
    return facts, (*defects, *registry.defects)


def _diagnose(context: Context, sources: SourceMap) -> tuple[Diagnostic, ...]:
    return tuple(
        diagnose(rule.code, rule.name, rule.severity, finding, sources)
        for rule in all_rules()
        for finding in rule.check(context)
    )


def manifest_schema(shipped: Files) -> Mapping[str, Any]:
    """The JSON Schema of a manifest."""
    return _parsed(shipped.read(_SCHEMA) or b"{}")


@cache
def _parsed(content: bytes) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads(content)
    return schema
