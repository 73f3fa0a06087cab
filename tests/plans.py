"""Plans of small manifests, decided by the real passes: what a test of one pass looks at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from compiler.environments import ALWAYS, facts_of
from compiler.hands.shipped import shipped_files
from compiler.ownership.lock import Lock
from compiler.passes.include import gather
from compiler.passes.inputs import path_defects
from compiler.passes.lower import lower
from compiler.passes.merge import merge_documents, overlay_environment
from compiler.passes.recall import Recall
from compiler.passes.resolve import resolve
from compiler.passes.widen import widen
from compiler.pipeline import Request, manifest_schema
from compiler.targets.compose.configuration import configuration_of
from compiler.targets.plan_document import plan_text
from tests.support import MappingFiles, compile_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Manifest
    from compiler.model.plan import Plan, Unit
    from compiler.model.tree import Tree

HEAD = "version: 1\nname: shop\n"
NONE: Mapping[str, str] = {}


def manifest_of(text: str, files: Mapping[str, str] = NONE, environment: str = "") -> Manifest:
    """The typed manifest of one environment; `version` and `name` are added."""
    return _lowered(text, files, environment)[0]


def plan_of(
    text: str, files: Mapping[str, str] = NONE, environment: str = "", lock: Lock | None = None, reach: int = 0
) -> Plan:
    """The plan of one environment with its defects, never emitted; `version` and `name` are added."""
    manifest, base, request, written = _lowered(text, files, environment, reach)
    facts, defects = facts_of(manifest, lock or Lock(), request.files, request.shipped, Recall({}))
    configuration = configuration_of(manifest, base, environment)
    further = (*written, *defects, *path_defects(manifest, reach))
    return resolve(manifest, facts, ALWAYS, configuration, further).plan


def defects_of(
    text: str, files: Mapping[str, str] = NONE, environment: str = "", lock: Lock | None = None
) -> list[tuple[str, dict[str, str]]]:
    """Kind and facts of every defect of a plan."""
    return [(defect.kind, dict(defect.facts)) for defect in plan_of(text, files, environment, lock).defects]


def kinds_of(text: str, files: Mapping[str, str] = NONE, environment: str = "") -> list[str]:
    """The kinds of a plan's defects."""
    return [kind for kind, _ in defects_of(text, files, environment)]


def tree_of(text: str, files: Mapping[str, str] = NONE) -> Tree:
    """The signed tree; `version` and `name` are added; the manifest has no error."""
    compiled = compile_texts({"integration.yaml": HEAD + text, **files})
    assert compiled.tree, compiled.diagnostics
    return compiled.tree


def file_of(text: str, path: str = "docker-compose.yml", files: Mapping[str, str] = NONE) -> Any:
    """A YAML or JSON file of the tree, read by an independent parser."""
    written = tree_of(text, files)[path].text
    return json.loads(written) if path.endswith(".json") else yaml.safe_load(written)


def environment_of(unit: Unit) -> dict[str, str]:
    """A unit's environment with its holes named."""
    return {key: plan_text(text) for key, text in unit.environment.items()}


def edges_of(plan: Plan) -> dict[str, str]:
    """`source -> target` and until when the source waits."""
    return {f"{edge.source} -> {edge.target}": edge.until.value for edge in plan.edges}


def hosts_of(plan: Plan) -> dict[str, int | None]:
    """The host port of `unit` or `unit/port`."""
    return {
        unit.name if port.name == "default" else f"{unit.name}/{port.name}": port.host
        for unit in plan.units.values()
        for port in unit.ports.values()
    }


def _lowered(
    text: str, files: Mapping[str, str], environment: str, reach: int = 0
) -> tuple[Manifest, Manifest, Request, tuple[Any, ...]]:
    contents = {path: content.encode() for path, content in {"integration.yaml": HEAD + text, **files}.items()}
    request = Request("integration.yaml", MappingFiles(contents, reach), shipped_files(), lambda _output, _wanted: {})
    gathered = gather(request.manifest, request.files, manifest_schema(request.shipped))
    assert not gathered.defects, gathered.defects
    wides = tuple(widen(piece) for piece in gathered.pieces)
    merged = merge_documents(wides)
    base = lower(merged.value, "", "integration")
    tree = overlay_environment(merged, wides[0], environment) if environment else merged
    lowered = lower(tree.value, environment, "integration")
    return lowered.manifest, base.manifest, request, (*tree.defects, *lowered.defects)
