"""The whole program as a straight line: text, manifest, plan, findings, tree, decisions."""

from __future__ import annotations

import json
import posixpath
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import compiler
from compiler.catalog.kind_error import KindError
from compiler.catalog.load import kind_names, latest_version, load_kind
from compiler.model.finding import Defect, Severity
from compiler.model.plan import Compilation
from compiler.model.source import Document, Place, SourceMap
from compiler.model.tree import Action, Owner
from compiler.ownership.decide import decide_all
from compiler.ownership.lock import Lock, read_lock, write_lock
from compiler.ownership.signature import sign
from compiler.passes.facts import Facts
from compiler.passes.gateway import DEFAULT_VERSION
from compiler.passes.include import gather
from compiler.passes.inputs import dockerfiles_of, part_files, path_defects, read_registry
from compiler.passes.locate import diagnose
from compiler.passes.lower import lower
from compiler.passes.merge import merge_documents, overlay_environment
from compiler.passes.ports import DEV, allocate_ports
from compiler.passes.resolve import resolve
from compiler.passes.widen import widen
from compiler.rules import all_rules
from compiler.rules.rule import Context
from compiler.targets.compose.emit import configuration_path, emit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from compiler.model.finding import Diagnostic
    from compiler.model.kind import Kind
    from compiler.model.manifest import Manifest
    from compiler.model.plan import Plan
    from compiler.model.source import Files
    from compiler.model.tree import Decision, Standing, Tree
    from compiler.passes.merge import Merged
    from compiler.passes.widen import Wide

    Look = Callable[[str, Iterable[str]], Mapping[str, Standing]]

ALWAYS = (DEV, "test")
"""Environments that are emitted whether the manifest names them or not."""
REFUSED = frozenset({Action.EDITED, Action.FOREIGN})
_SCHEMA = "schemas/integration.schema.json"


class Request(NamedTuple):
    """One compilation: the manifest's file name in the folder that `files` is rooted at, and the person's words.

    `look` tells what stands in the output directory, given its path and the paths wanted there.
    """

    manifest: str
    files: Files
    shipped: Files
    look: Look
    overwrite: frozenset[str] = frozenset()
    traced: bool = False


class Planned(NamedTuple):
    """What was decided; `compilation` is None where an error stands in the way."""

    compilation: Compilation | None
    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    documents: Mapping[str, Document]
    lock: Lock
    output: str
    sources: SourceMap


class Compiled(NamedTuple):
    """What would be written and what is done about each path; empty where an error stands in the way."""

    planned: Planned
    tree: Tree
    standing: Mapping[str, Standing]
    decisions: tuple[Decision, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def refused(self) -> tuple[Decision, ...]:
        """The paths that are not ours to touch: with one of them nothing at all is written."""
        return tuple(decision for decision in self.decisions if decision.action in REFUSED)


def compile_manifest(request: Request) -> Compiled:
    """Everything up to the disk: nothing is written here."""
    planned = plan_manifest(request)
    if planned.compilation is None or has_errors(planned.diagnostics):
        return Compiled(planned, {}, {}, (), planned.diagnostics)
    emission = emit(planned.compilation, request.manifest, planned.output, request.shipped, traced=request.traced)
    tree: Tree = {
        path: artifact._replace(text=sign(path, artifact.text, request.manifest))
        if artifact.owner is Owner.GENERATED
        else artifact
        for path, artifact in emission.tree.items()
    }
    sources = SourceMap(request.manifest, planned.documents, {})
    if emission.defects:
        found = _diagnose(Context(emission.defects), sources)
        return Compiled(planned, {}, {}, (), (*planned.diagnostics, *found))
    standing = request.look(planned.output, tree)
    decisions = decide_all(standing, tree, request.overwrite)
    refused = tuple(
        Defect(
            f"own.{decision.action.value}",
            Place(posixpath.join(planned.output, decision.path), line=1),
            {"path": decision.path, "output": planned.output, "kind": standing[decision.path].kind},
        )
        for decision in decisions
        if decision.action in REFUSED
    )
    diagnostics = (*planned.diagnostics, *_diagnose(Context(refused), sources))
    return Compiled(planned, tree, standing, decisions, diagnostics)


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
        documents.update(_further_documents(early, request.files))
        sources = main._replace(moved=merged.moved)
        return Planned(None, None, _diagnose(Context(early), sources), documents, Lock(), output, sources)
    documents.update(_further_documents(read.notices, request.files))
    notices = _diagnose(Context(read.notices), main)
    planned = _decide(request, merged, wides[0], read.lock, documents)
    return planned._replace(diagnostics=(*notices, *planned.diagnostics))


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


def _decide(request: Request, merged: Merged, main: Wide, lock: Lock, documents: dict[str, Document]) -> Planned:
    names = tuple(dict.fromkeys((*ALWAYS, *main.value["environments"])))
    plans: dict[str, Plan] = {}
    found: dict[tuple[str, str, str], Diagnostic] = {}
    judged: list[tuple[Context, SourceMap]] = []
    manifests: dict[str, Manifest] = {}
    ports = dict(_dev_ports(request, merged, main, lock))
    versions: dict[str, str] = {}
    for environment in ("", *names):
        tree = merged if not environment else overlay_environment(merged, main, environment)
        if tree.defects:
            sources = SourceMap(request.manifest, documents, tree.moved)
            found.update({(one.code, one.subject, ""): one for one in _diagnose(Context(tree.defects), sources)})
            continue
        lowered = lower(tree.value, environment, default_output(request.manifest))
        manifest = manifests[environment] = lowered.manifest
        facts, defects = _facts(request, manifest, lock._replace(ports={**lock.ports, **ports}))
        configuration = _configuration(manifest, manifests[""], environment)
        written = (*lowered.defects, *defects, *path_defects(manifest, request.files.reach))
        resolved = resolve(manifest, facts, names, configuration, written)
        plans[environment] = resolved.plan
        ports.update(resolved.chosen)
        versions.update(_chosen_versions(manifest, facts))
        documents.update(_further_documents(resolved.plan.defects, request.files))
        sources = SourceMap(request.manifest, documents, tree.moved)
        judged.append((Context(resolved.plan.defects, manifest, resolved.plan), sources))
    for context, sources in judged:
        for diagnostic in _diagnose(context._replace(plans=tuple(plans.values())), sources):
            found.setdefault((diagnostic.code, diagnostic.subject, str(diagnostic.marks[:1])), diagnostic)
    base = plans.pop("")
    chosen = Lock(compiler.__version__, ports, versions)
    whole = len(plans) == len(names) and not any(plan.defects for plan in (base, *plans.values()))
    compilation = Compilation(base, plans) if whole else None
    output = posixpath.normpath(manifests[""].output)
    sources = SourceMap(request.manifest, documents, merged.moved)
    return Planned(compilation, manifests[""], tuple(found.values()), documents, chosen, output, sources)


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


def _configuration(manifest: Manifest, base: Manifest, environment: str) -> str:
    same = _routing(manifest) == _routing(base)
    return configuration_path(base.name, "" if same else environment)


def _routing(manifest: Manifest) -> tuple[object, ...]:
    """All that the gateway's configuration is made of."""
    gateway = manifest.gateway
    routed = (manifest.services.get(route.service) for route in (gateway.routes if gateway else ()))
    return (gateway, *((one.url, [port.container for port in one.ports.values()]) for one in routed if one))


def _facts(request: Request, manifest: Manifest, lock: Lock) -> tuple[Facts, tuple[Defect, ...]]:
    files, shipped = request.files, request.shipped
    kinds: dict[str, Kind | None] = {}
    versions: dict[str, str] = {}
    defects: list[Defect] = []
    for name, instance in manifest.infrastructure.items():
        key = version_key(name, instance.type)
        try:
            version = instance.version or _tag(instance.image)
            version = version or lock.versions.get(key) or latest_version(instance.type, shipped, files) or ""
            given = _given(manifest, name)
            kinds[name] = load_kind(instance.type, shipped, files, version, given)
        except KindError as error:
            kinds[name] = None
            defects.append(Defect("kind.invalid", Place(error.path, line=error.line or 1), {"reason": error.message}))
            continue
        versions[name] = version
    versions["gateway"] = lock.versions.get(version_key("gateway", "nginx"), DEFAULT_VERSION)
    registry = read_registry(manifest, files)
    facts = Facts(
        kinds,
        kind_names(shipped, files),
        dockerfiles_of(manifest, files),
        registry.owners,
        lock.ports,
        versions,
        part_files(manifest, files),
        files.reach,
    )
    return facts, (*defects, *registry.defects)


def _tag(image: str) -> str:
    """The version that an image of one's own carries, as far as its tag tells; `latest` without one."""
    if not image:
        return ""
    last = image.partition("@")[0].rpartition("/")[2]
    return last.partition(":")[2] or "latest"


def _given(manifest: Manifest, name: str) -> frozenset[str]:
    instance = manifest.infrastructure[name]
    given = {"password": instance.password is not None, "config": bool(instance.config), "publish": instance.publish}
    return frozenset(key for key, is_given in given.items() if is_given)


def version_key(name: str, type_name: str) -> str:
    """How the lock calls a chosen version: an instance that becomes another kind gets a new one."""
    return f"{name}/{type_name}"


def _chosen_versions(manifest: Manifest, facts: Facts) -> dict[str, str]:
    chosen = {
        version_key(name, instance.type): facts.versions[name]
        for name, instance in manifest.infrastructure.items()
        if not instance.version and not instance.image and name in facts.versions
    }
    gateway = manifest.gateway
    if gateway is not None and gateway.mode == "container" and not gateway.version:
        chosen[version_key("gateway", gateway.type)] = facts.versions["gateway"]
    return chosen


def _diagnose(context: Context, sources: SourceMap) -> tuple[Diagnostic, ...]:
    return tuple(
        diagnose(rule.code, rule.name, rule.severity, finding, sources)
        for rule in all_rules()
        for finding in rule.check(context)
    )


def _further_documents(defects: Iterable[Defect], files: Files) -> dict[str, Document]:
    """Documents without routes that a defect points into: the registry, a project's kind."""
    paths = {defect.at.document for defect in defects if isinstance(defect.at, Place) and defect.at.line}
    contents = ((path, files.read(path)) for path in sorted(paths))
    return {
        path: Document(path, content.decode("utf-8", "replace"), {}, {})
        for path, content in contents
        if content is not None
    }


def manifest_schema(shipped: Files) -> Mapping[str, Any]:
    """The JSON Schema of a manifest."""
    return _parsed(shipped.read(_SCHEMA) or b"{}")


@cache
def _parsed(content: bytes) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads(content)
    return schema
