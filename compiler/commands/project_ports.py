"""What the commands around ports share: a manifest planned, and what its project has on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

from compiler.commands.codes import WRONG, MisuseError
from compiler.commands.manifests import Run, find_manifests, print_findings
from compiler.hands.disk import DiskFiles, repository_of
from compiler.hands.registry import FilesWith
from compiler.hands.shipped import shipped_files
from compiler.model.finding import Severity
from compiler.passes.inputs import read_registry
from compiler.pipeline import Compiled, Request, has_errors, plan_manifest
from compiler.render.claims import moves_text
from compiler.render.ports import published_ports
from compiler.text.named import NamedTuple
from compiler.text.registry import is_owned_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compiler.commands.settings import Settings
    from compiler.model.manifest import Manifest
    from compiler.model.registry import Registry
    from compiler.render.ports import Published

_OF_OTHERS = "PORT004"


class ProjectPorts(NamedTuple):
    """The host ports of a manifest without errors; `moves` tells which of them are no longer the lock's.

    The registry's path is as the person would type it.
    """

    manifest: Manifest
    registry: Registry
    published: tuple[Published, ...]
    moves: str


def planned_run(settings: Settings, names: Sequence[str]) -> Run:
    """One manifest, planned and no further: what stands in its output directory is nothing to the ports."""
    if len(names) > 1:
        message = f"`{names[1]}` is one too many: one manifest at a time"
        raise MisuseError(message)
    (path,) = find_manifests(settings, names)
    folder = path.parent.resolve()
    request = Request(path.name, DiskFiles(folder, repository_of(folder)), shipped_files(), lambda _output, _wanted: {})
    shown = os.path.relpath(folder, settings.directory.resolve())
    return _planned(folder, request, "" if shown == "." else shown)


def planned_with(run: Run, name: str, registry: bytes | None) -> Run:
    """The same, planned again with that as the registry called `name`."""
    request = run.request._replace(files=FilesWith(run.request.files, name, registry))
    return _planned(run.folder, request, run.shown)


def project_ports(run: Run, settings: Settings, conflict: int = WRONG) -> ProjectPorts:
    """The ports of a run, its findings printed. Ends with `conflict` where the only errors are ports of others."""
    planned, diagnostics = run.compiled.planned, run.compiled.diagnostics
    if planned.compilation is None or planned.manifest is None or has_errors(diagnostics):
        errors = {one.code for one in diagnostics if one.severity is Severity.ERROR}
        stop(run, settings, conflict if errors == {_OF_OTHERS} else WRONG)
    print_findings([run], settings)
    registry = read_registry(planned.manifest, run.request.files).registry
    locked = planned.found.ports if planned.found else {}
    published = published_ports(planned.compilation, planned.lock.ports, locked, registry)
    foreign = {port: one for port, one in registry.owners.items() if not is_owned_by(one, planned.manifest.name)}
    shown = registry._replace(path=run.path(registry.path) if registry.path else "")
    return ProjectPorts(planned.manifest, shown, published, moves_text(locked, planned.lock.ports, foreign))


def stop(run: Run, settings: Settings, code: int) -> NoReturn:
    """Print what was found, and end with the code."""
    print_findings([run], settings)
    raise SystemExit(code)


def _planned(folder: Path, request: Request, shown: str) -> Run:
    planned = plan_manifest(request)
    return Run(folder, request, Compiled(planned, {}, {}, (), planned.diagnostics, {}), shown)
