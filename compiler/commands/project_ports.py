"""What the commands around ports share: a manifest planned, and what its project has on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from compiler import __version__
from compiler.commands.codes import WRONG
from compiler.commands.manifests import Run, find_manifests, print_findings, run_all
from compiler.hands.registry import FilesWith
from compiler.model.finding import Severity
from compiler.ownership.lock import read_lock
from compiler.passes.inputs import read_registry
from compiler.pipeline import has_errors, plan_manifest
from compiler.render.claims import moves_text
from compiler.render.ports import published_ports
from compiler.text.registry import is_owned_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.settings import Settings
    from compiler.model.manifest import Manifest
    from compiler.model.registry import Registry
    from compiler.pipeline import Planned
    from compiler.render.ports import Published

_OF_OTHERS = "PORT004"


class ProjectPorts(NamedTuple):
    """The host ports of a manifest without errors; `moves` tells which of them are no longer the lock's."""

    manifest: Manifest
    registry: Registry
    published: tuple[Published, ...]
    moves: str


def planned_run(settings: Settings, names: Sequence[str]) -> Run:
    """One manifest, planned and no further: what stands in its output directory is nothing to the ports."""
    if len(names) > 1:
        message = f"`{names[1]}` is one too many: one manifest at a time"
        raise click.UsageError(message)
    (run,) = run_all(settings, find_manifests(settings, names))
    return _with(run, run.compiled.planned)


def planned_with(run: Run, name: str, registry: bytes | None) -> Run:
    """The same, planned again with that as the registry called `name`."""
    request = run.request._replace(files=FilesWith(run.request.files, name, registry))
    return _with(run._replace(request=request), plan_manifest(request))


def project_ports(run: Run, settings: Settings, conflict: int = WRONG) -> ProjectPorts:
    """The ports of a run, its findings printed. Ends with `conflict` where the only errors are ports of others."""
    planned, diagnostics = run.compiled.planned, run.compiled.diagnostics
    if planned.compilation is None or planned.manifest is None or has_errors(diagnostics):
        errors = {one.code for one in diagnostics if one.severity is Severity.ERROR}
        stop(run, settings, conflict if errors == {_OF_OTHERS} else WRONG)
    print_findings([run], settings)
    registry = read_registry(planned.manifest, run.request.files).registry
    locked = read_lock(run.request.files.read(run.lock.name), run.lock.name, __version__).lock.ports
    published = published_ports(planned.compilation, planned.lock.ports, locked, registry)
    foreign = {port: one for port, one in registry.owners.items() if not is_owned_by(one, planned.manifest.name)}
    return ProjectPorts(planned.manifest, registry, published, moves_text(locked, planned.lock.ports, foreign))


def stop(run: Run, settings: Settings, code: int) -> NoReturn:
    """Print what was found, and end with the code."""
    print_findings([run], settings)
    raise click.exceptions.Exit(code)


def _with(run: Run, planned: Planned) -> Run:
    return run._replace(compiled=run.compiled._replace(planned=planned, diagnostics=planned.diagnostics))
