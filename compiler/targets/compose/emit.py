"""The tree of the target `compose`, in memory and in a fixed order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.tree import Artifact, Owner
from compiler.spell.json import json_document
from compiler.spell.nginx import nginx_configuration
from compiler.spell.yaml import yaml_document
from compiler.targets.compose.document import compose_document
from compiler.targets.compose.environment import environment_example
from compiler.targets.compose.gateway import gateway_configuration
from compiler.targets.compose.overlay import compose_overlay
from compiler.targets.compose.pages import page_names, render_pages
from compiler.targets.compose.readme import readme
from compiler.targets.compose.scripts import script_context
from compiler.targets.graph import graph_mermaid
from compiler.targets.plan_document import plan_document

if TYPE_CHECKING:
    from compiler.model.plan import Compilation, Plan
    from compiler.model.source import Files
    from compiler.model.tree import Tree

BASE, OVERLAY, LOCAL = "docker-compose.yml", "docker-compose.override.yml", "docker-compose.local.yml"
ATTRIBUTES = ".gitattributes"


class Emission(NamedTuple):
    """The tree, and what no overlay can say."""

    tree: Tree
    defects: tuple[Defect, ...]


def emit(compilation: Compilation, manifest: str, output: str, shipped: Files, *, traced: bool = False) -> Emission:
    """Every file, unsigned. `output` is the directory the tree is for, relative to the folder of `manifest`.

    Traced, Compose files carry the routes of their values (spell/trace.py).
    """
    base = compilation.base
    configurations = gateway_files(compilation)
    digests = {path: _digest(text) for path, text in configurations.items()}
    system = compose_document(base, output, digests)
    overlay = compose_overlay(system, compose_document(compilation.environments["dev"], output, digests))
    files: dict[str, str] = {
        BASE: yaml_document(system, traced=traced),
        OVERLAY: yaml_document(overlay.document, traced=traced),
    }
    for name, plan in compilation.environments.items():
        if name != "dev":
            document = compose_document(plan, output, digests)
            files[f"docker-compose.{name}.yml"] = yaml_document(document, traced=traced)
    files["plan.json"] = json_document(plan_document(compilation))
    files[".env.example"] = environment_example(compilation)
    for plan in (base, *compilation.environments.values()):
        files |= plan.files
    files |= configurations
    context = {
        "plan": readme(compilation.environments["dev"]),
        "project": base.project,
        "manifest": manifest,
        "graph": graph_mermaid(base),
        "kept": (),
        **script_context(compilation),
    }
    files |= render_pages(page_names(shipped), context, shipped)
    tree = {
        path: Artifact(text, path.endswith(".sh"), Owner.ONCE if path == LOCAL else Owner.GENERATED)
        for path, text in files.items()
    }
    return Emission(tree, tuple(_removals(overlay.removed)))


def git_attributes(kept: tuple[str, ...], shipped: Files) -> str:
    """How git treats the tree, unsigned: the one file that depends on which others are kept."""
    return render_pages((ATTRIBUTES,), {"kept": kept}, shipped)[ATTRIBUTES]


def configuration_path(project: str, environment: str) -> str:
    """Where an environment's own gateway configuration stands in the tree; the system's for an empty name."""
    own = f"-{environment}" if environment else ""
    return f"nginx/{project}{own}.conf"


def gateway_files(compilation: Compilation) -> dict[str, str]:
    """The gateway's configuration; an environment has its own only where it differs and runs it."""
    found: dict[str, str] = {}
    for plan in (compilation.base, *compilation.environments.values()):
        path = _mounted_configuration(plan)
        if path and path not in found:
            found[path] = str(nginx_configuration(gateway_configuration(plan)))
    return found


def _mounted_configuration(plan: Plan) -> str:
    if plan.gateway is None:
        return ""
    shared = configuration_path(plan.project, "")
    unit = plan.units.get("gateway")
    mounted = next((mount.source for mount in unit.mounts if mount.source.startswith("nginx/")), "") if unit else ""
    if unit is None:
        return shared if plan.environment == "" else ""
    return mounted


def _removals(removed: tuple[tuple[str | int, ...], ...]) -> list[Defect]:
    """A part of the base that dev leaves out, as a defect at the service it belongs to."""
    return [
        Defect(
            "environment.removal",
            ("environments", "dev", *at[:2]),
            {"what": ".".join(str(step) for step in at[1:])},
        )
        for at in removed
    ]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
