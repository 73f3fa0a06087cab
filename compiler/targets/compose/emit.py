"""The tree of the target `compose`, in memory and in a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.tree import Artifact, Owner
from compiler.spell.nginx import nginx_configuration
from compiler.spell.yaml import YamlWriter
from compiler.targets.compose.document import Composer
from compiler.targets.compose.environment import environment_example
from compiler.targets.compose.gateway import gateway_configuration
from compiler.targets.compose.overlay import compose_overlay
from compiler.targets.compose.pages import page_names, render_pages
from compiler.targets.compose.readme import readme
from compiler.targets.compose.scripts import script_context
from compiler.targets.graph import graph_mermaid
from compiler.targets.plan_file import PLAN, plan_file
from compiler.text.named import NamedTuple
from compiler.text.sha256 import sha256_of

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
    composer, writer = Composer(output, digests), YamlWriter(traced=traced)
    system = composer.document(base)
    overlay = compose_overlay(system, composer.document(compilation.environments["dev"]))
    files: dict[str, str] = {BASE: writer.document(system), OVERLAY: writer.document(overlay.document)}
    for name, plan in compilation.environments.items():
        if name != "dev":
            files[f"docker-compose.{name}.yml"] = writer.document(composer.document(plan))
    files[PLAN] = plan_file(compilation)
    files[".env.example"] = environment_example(compilation)
    for plan in (base, *compilation.environments.values()):
        files |= plan.files
    files |= configurations
    files |= render_pages(page_names(shipped), page_context(compilation, manifest), shipped)
    tree = {
        path: Artifact(text, path.endswith(".sh"), Owner.ONCE if path == LOCAL else Owner.GENERATED)
        for path, text in files.items()
    }
    return Emission(tree, tuple(_removals(overlay.removed)))


def page_context(compilation: Compilation, manifest: str) -> dict[str, object]:
    """What the pages print: plain values, encoded by the templates."""
    return {
        "plan": readme(compilation.environments["dev"]),
        "project": compilation.base.project,
        "manifest": manifest,
        "graph": graph_mermaid(compilation.base),
        "kept": (),
        **script_context(compilation),
    }


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
    return sha256_of(text.encode())[:16]
