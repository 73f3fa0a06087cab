"""Edges: who calls whom, and who waits for what, from references and written dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Edge, UnitKind, Until
from compiler.passes.health import has_check
from compiler.passes.references import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.manifest import Dependency, Manifest
    from compiler.model.plan import Unit
    from compiler.model.source import Route
    from compiler.passes.infrastructure import Provision
    from compiler.passes.references import Use

_UNTIL = {"healthy": Until.HEALTHY, "started": Until.STARTED, "none": Until.NOTHING}


def draw_edges(
    manifest: Manifest,
    units: Mapping[str, Unit],
    provisions: Mapping[str, Provision],
    uses: Iterable[Use],
    defects: list[Defect],
) -> tuple[Edge, ...]:
    """Every edge between units, and to external services, one for each pair."""
    edges: list[Edge] = []
    by_source: dict[str, list[Use]] = {}
    for use in uses:
        if use.output[-1] != PUBLIC:
            by_source.setdefault(use.source, []).append(use)
    for name, service in manifest.services.items():
        if service.url:
            continue
        used = by_source.get(name, [])
        edges.extend(_service_edges(name, manifest, units, used, defects))
        jobs = tuple(_job_edges(name, service.depends_on, provisions, used))
        edges.extend(jobs)
        if service.migrate is not None:
            edges.extend(_migration_edges(name, units, provisions, edges, jobs, service.migrate.at))
    for provision in provisions.values():
        edges.extend(provision.edges)
        edges.extend(_seed_edges(provision, manifest, by_source))
    return tuple(edges)


def _service_edges(
    name: str, manifest: Manifest, units: Mapping[str, Unit], used: list[Use], defects: list[Defect]
) -> Iterator[Edge]:
    because: dict[str, list[Use]] = {}
    for use in used:
        if use.target != name:
            because.setdefault(use.target, []).append(use)
    written = manifest.services[name].depends_on
    known = {**manifest.infrastructure, **manifest.services}
    for target in dict.fromkeys((*because, *written)):
        dependency = written.get(target)
        if dependency is not None and (target not in known or target == name):
            kind = "dependency.self" if target == name else "dependency.unknown"
            accepted = ", ".join(other for other in known if other != name)
            defects.append(Defect(kind, dependency.at, {"name": target, "source": name, "accepted": accepted}))
            continue
        reasons = because.get(target, [])
        routes = (*(use.at for use in reasons), *((dependency.at,) if dependency else ()))
        until = _until(name, target, dependency, units, defects)
        purpose = (dependency.purpose if dependency else "") or _purpose(target, reasons, units)
        required = dependency.required if dependency else True
        yield Edge(name, target, until, purpose, routes, required)


def _until(
    name: str, target: str, dependency: Dependency | None, units: Mapping[str, Unit], defects: list[Defect]
) -> Until:
    unit = units.get(target)
    if unit is None:
        return Until.NOTHING
    written = dependency.condition if dependency else ""
    checked = has_check(unit.health)
    if written == "healthy" and not checked and dependency is not None:
        facts = {"source": name, "target": target}
        defects.append(Defect("health.waits-for-nothing", (*dependency.at, "condition"), facts, (unit.at,)))
    if written:
        return _UNTIL[written]
    return Until.HEALTHY if checked else Until.STARTED


def _purpose(target: str, reasons: list[Use], units: Mapping[str, Unit]) -> str:
    unit = units.get(target)
    if unit is None or unit.kind is not UnitKind.INSTANCE:
        names = dict.fromkeys(str(use.at[-1]) for use in reasons if "environment" in use.at)
        return f"as {', '.join(names)}" if names else ""
    parts = tuple(dict.fromkeys(use.output[0] for use in reasons if len(use.output) > 1))
    return f"{unit.role}: {', '.join(parts)}" if parts else unit.role


def _job_edges(
    name: str, written: Mapping[str, Dependency], provisions: Mapping[str, Provision], used: list[Use]
) -> Iterator[Edge]:
    seen: dict[str, list[Route]] = {}
    for use in used:
        provision = provisions.get(use.target)
        dependency = written.get(use.target)
        if provision is None or (dependency is not None and dependency.condition == "none"):
            continue
        for part in use.output[:1] if len(use.output) > 1 else provision.shared:
            for job in provision.parts.get(part, ()):
                seen.setdefault(job, []).append(use.at)
    for job, routes in seen.items():
        yield Edge(name, job, Until.COMPLETED, "", tuple(dict.fromkeys(routes)), calls=False)


def _migration_edges(
    name: str,
    units: Mapping[str, Unit],
    provisions: Mapping[str, Provision],
    edges: list[Edge],
    jobs: tuple[Edge, ...],
    at: Route,
) -> Iterator[Edge]:
    migration = f"{name}-migrate"
    seeds = {seed for provision in provisions.values() for seed in provision.seeds.values()}
    for edge in edges:
        target = units.get(edge.target)
        if edge.source == name and edge.calls and target is not None and target.kind is UnitKind.INSTANCE:
            yield edge._replace(source=migration, purpose=f"migrates the data of {name}")
    for edge in jobs:
        if edge.target not in seeds:
            yield edge._replace(source=migration)
    yield Edge(name, migration, Until.COMPLETED, "", (at,), calls=False)


def _seed_edges(provision: Provision, manifest: Manifest, by_source: Mapping[str, list[Use]]) -> Iterator[Edge]:
    for part, seed in provision.seeds.items():
        for name, service in manifest.services.items():
            users = [use for use in by_source.get(name, ()) if use.target == provision.server.name]
            if service.migrate is not None and any(use.output[0] == part for use in users):
                yield Edge(seed, f"{name}-migrate", Until.COMPLETED, "", (service.migrate.at,), calls=False)


def edge_defects(units: Mapping[str, Unit], edges: Iterable[Edge]) -> Iterator[Defect]:
    """One-shots that nobody awaits, and dependencies that a profile leaves out."""
    awaited: set[str] = set()
    for edge in edges:
        source, target = units.get(edge.source), units.get(edge.target)
        if source is None or target is None or edge.until is Until.NOTHING:
            continue
        if edge.until is Until.COMPLETED and source.kind is not UnitKind.JOB:
            awaited.add(target.name)
        inactive = set(source.profiles) - set(target.profiles) if source.profiles else {""}
        if target.profiles and inactive and edge.required:
            facts = {"source": source.name, "target": target.name, "profile": min(inactive)}
            yield Defect("dependency.inactive-profile", edge.because[-1], facts, (target.at,))
    for unit in units.values():
        if unit.kind is UnitKind.JOB and unit.name not in awaited:
            yield Defect("dependency.unawaited", unit.at, {"unit": unit.name, "parent": unit.parent})
