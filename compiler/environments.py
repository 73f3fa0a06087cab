"""Every environment of a manifest decided: the manifest's own first, each resolved as a whole.

What one of them has in common with another is worked out once (passes/recall.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.catalog.kind_error import KindError
from compiler.catalog.load import kind_names, latest_version, load_kind
from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.passes.doubts import doubts
from compiler.passes.facts import Facts
from compiler.passes.inputs import dockerfiles_of, part_files, path_defects, read_registry
from compiler.passes.lower import lower
from compiler.passes.merge import overlay_environment
from compiler.passes.notices import notices_of
from compiler.passes.ports import DEV, allocate_ports
from compiler.passes.recall import Recall
from compiler.passes.resolve import resolve
from compiler.passes.versions import chosen_versions, gateway_version, given_settings, known_version
from compiler.targets.compose.configuration import configuration_of
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.kind import Kind
    from compiler.model.manifest import Manifest
    from compiler.model.plan import Plan
    from compiler.model.source import Files
    from compiler.ownership.lock import Lock
    from compiler.passes.lower import Lowered
    from compiler.passes.merge import Merged
    from compiler.passes.widen import Wide

ALWAYS = (DEV, "test")
"""Environments that are emitted whether the manifest names them or not."""


class Given(NamedTuple):
    """What all environments are decided from; `output` is the directory of a manifest that names none.

    Without `is_judged` nobody asks for findings, and what is doubtful is not looked for.
    """

    merged: Merged
    main: Wide
    lock: Lock
    files: Files
    shipped: Files
    output: str
    recall: Recall
    is_judged: bool = True

    def tree_of(self, environment: str) -> Merged:
        """The canonical tree of one environment; the manifest's own for an empty name."""
        return self.recall(overlay_environment, self.merged, self.main, environment) if environment else self.merged

    def lowered(self, tree: Merged, environment: str) -> Lowered:
        """The typed manifest of one environment."""
        return lower(tree.value, environment, self.output, self.recall)


class Decided(NamedTuple):
    """One environment: its manifest and plan, what was chosen for it, and which services are the manifest's own."""

    manifest: Manifest
    plan: Plan
    ports: Mapping[str, int]
    versions: Mapping[str, str]
    shared: frozenset[str]
    """Services that this environment says nothing of."""


class Environments(NamedTuple):
    """The tree of every environment, and the decided ones: those whose tree has no defects."""

    trees: Mapping[str, Merged]
    decided: Mapping[str, Decided]
    ports: Mapping[str, int]
    """All host ports that were chosen, for the lock."""

    @property
    def plans(self) -> dict[str, Plan]:
        """The plan of each environment that could be decided."""
        return {environment: one.plan for environment, one in self.decided.items()}


def decide_environments(given: Given) -> Environments:
    """The manifest itself, under an empty name, and each of its environments."""
    names = tuple(dict.fromkeys((*ALWAYS, *given.main.value["environments"])))
    trees = {environment: given.tree_of(environment) for environment in ("", *names)}
    ports = dict(_dev_ports(given))
    decided: dict[str, Decided] = {}
    for environment, tree in trees.items():
        if tree.defects:
            continue
        lowered = given.lowered(tree, environment)
        base = decided[""].manifest if decided else lowered.manifest
        chosen = given.lock._replace(ports={**given.lock.ports, **ports})
        configuration = configuration_of(lowered.manifest, base, environment)
        one = _decide(given._replace(lock=chosen), tree, lowered, configuration, names)
        decided[environment] = one._replace(shared=_shared(tree, given.merged) if environment else frozenset())
        ports.update(one.ports)
    return Environments(trees, decided, ports)


def facts_of(
    manifest: Manifest, lock: Lock, files: Files, shipped: Files, recall: Recall
) -> tuple[Facts, tuple[Defect, ...]]:
    """What the passes have to know besides the manifest, and what is wrong with that."""
    kinds: dict[str, Kind | None] = {}
    versions: dict[str, str] = {}
    defects: list[Defect] = []
    for name, instance in manifest.infrastructure.items():
        type_name = instance.type
        try:
            known = known_version(manifest, name, lock.versions)
            version = known or recall(latest_version, type_name, shipped, files) or ""
            kinds[name] = recall(load_kind, type_name, shipped, files, version, given_settings(manifest, name))
        except KindError as error:
            kinds[name] = None
            defects.append(Defect("kind.invalid", Place(error.path, line=error.line or 1), {"reason": error.message}))
            continue
        versions[name] = version
    versions["gateway"] = gateway_version(lock.versions)
    registry = recall(read_registry, manifest._replace(environment=""), files)
    facts = Facts(
        kinds,
        recall(kind_names, shipped, files),
        recall(dockerfiles_of, manifest.services, files, recall),
        registry.registry,
        lock.ports,
        versions,
        recall(part_files, manifest.infrastructure, files),
        files.reach,
    )
    return facts, (*defects, *registry.defects)


def _decide(given: Given, tree: Merged, lowered: Lowered, configuration: str, names: tuple[str, ...]) -> Decided:
    manifest, recall = lowered.manifest, given.recall
    facts, defects = facts_of(manifest, given.lock, given.files, given.shipped, recall)
    outside = recall(path_defects, manifest._replace(environment=""), given.files.reach)
    resolved = resolve(manifest, facts, names, configuration, (*lowered.defects, *defects, *outside), recall)
    versions = chosen_versions(manifest, facts.versions)
    plan = doubts(resolved.plan, manifest, facts, given.files, recall) if given.is_judged else resolved.plan
    if given.is_judged:
        notices = notices_of(tree, manifest, plan, facts.dockerfiles, given.files, recall)
        plan = plan._replace(notices=(*plan.notices, *notices))
    return Decided(manifest, plan, resolved.chosen, versions, frozenset())


def _dev_ports(given: Given) -> Mapping[str, int]:
    """Dev has all that the system has, and more: chosen with dev in view, no port of the system moves there."""
    services = given.merged.value["services"].values()
    if DEV not in given.main.value["environments"] and not any(
        "debug_port" in service.get("develop", {}) for service in services
    ):
        return {}
    tree = given.tree_of(DEV)
    if tree.defects:
        return {}
    manifest = given.lowered(tree, DEV).manifest
    facts, _ = facts_of(manifest, given.lock, given.files, given.shipped, given.recall)
    return allocate_ports(manifest, facts, given.recall).chosen


def _shared(tree: Merged, base: Merged) -> frozenset[str]:
    entries, own = tree.value["services"], base.value["services"]
    return frozenset(name for name, entry in entries.items() if own.get(name) is entry)
