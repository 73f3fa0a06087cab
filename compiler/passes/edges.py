"""Edges: who calls whom, and who waits for what, from references and written dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Edge, UnitKind, Until
from compiler.passes.references import PUBLIC
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.manifest import Dependency, Instance, Service
    from compiler.model.plan import Unit
    from compiler.model.source import Route
    from compiler.passes.infrastructure import Awaited
    from compiler.passes.made import Role
    from compiler.passes.references import Use

_UNTIL = {"healthy": Until.HEALTHY, "started": Until.STARTED, "none": Until.NOTHING}


class Hasty(NamedTuple):
    """A service that uses what a job makes and, by a `depends_on` at `at`, does not wait for it."""

    service: str
    job: str
    at: Route


class Drawn(NamedTuple):
    """Every edge between units, and to external services, one for each pair; and what is wrong with them."""

    edges: tuple[Edge, ...]
    defects: tuple[Defect, ...]
    hasty: tuple[Hasty, ...] = ()


def draw_edges(
    services: Mapping[str, Service],
    infrastructure: Mapping[str, Instance],
    units: Mapping[str, Role],
    provisions: tuple[Awaited, ...],
    uses: Iterable[Use],
) -> Drawn:
    """Who calls whom, and who waits for what."""
    accepted = ", ".join({**infrastructure, **services})
    drawing = _Drawing(services, infrastructure, units, {one.server: one for one in provisions}, accepted, [], [])
    edges: list[Edge] = []
    by_source: dict[str, list[Use]] = {}
    for use in uses:
        if use.output[-1] != PUBLIC:
            by_source.setdefault(use.source, []).append(use)
    seeds = {seed for one in provisions for seed in one.seeds.values()}
    for name, service in services.items():
        if service.url:
            continue
        used = by_source.get(name, [])
        calls = tuple(drawing.calls(service, used))
        edges.extend(calls)
        jobs = tuple(drawing.jobs(service, used))
        edges.extend(jobs)
        if service.migrate is not None:
            edges.extend(drawing.migration(name, (*calls, *jobs), seeds, service.migrate.at))
    for one in provisions:
        edges.extend(one.edges)
        edges.extend(_seed_edges(one, services, by_source))
    return Drawn(tuple(edges), tuple(drawing.defects), tuple(drawing.hasty))


def with_profiles(units: Mapping[str, Unit], edges: tuple[Edge, ...]) -> dict[str, Unit]:
    """The units; a job that only services with profiles await is in their profiles."""
    if not any(unit.profiles for unit in units.values()):
        return dict(units)
    users: dict[str, list[Unit]] = {}
    for edge in edges:
        source = units.get(edge.source)
        if source is not None and source.kind is not UnitKind.JOB:
            users.setdefault(edge.target, []).append(source)
    return {name: _with_profiles_of(users.get(name, ()), unit) for name, unit in units.items()}


class _Drawing(NamedTuple):
    services: Mapping[str, Service]
    infrastructure: Mapping[str, Instance]
    units: Mapping[str, Role]
    provisions: Mapping[str, Awaited]
    accepted: str
    """All names that a service may depend on, but its own."""
    defects: list[Defect]
    hasty: list[Hasty]

    def calls(self, service: Service, used: list[Use]) -> Iterator[Edge]:
        """The edges of a service to what it refers to or names."""
        name, written = service.name, service.depends_on
        because: dict[str, list[Use]] = {}
        for use in used:
            if use.target != name:
                because.setdefault(use.target, []).append(use)
        for target in dict.fromkeys((*because, *written)) if written else because:
            dependency = written.get(target)
            if dependency is not None and self._is_wrong(name, dependency):
                continue
            reasons = because.get(target, [])
            routes = (*(use.at for use in reasons), *((dependency.at,) if dependency else ()))
            until = self._until(name, target, dependency)
            purpose = (dependency.purpose if dependency else "") or self._purpose(target, reasons)
            required = dependency.required if dependency else True
            yield Edge(name, target, until, purpose, routes, required)

    def jobs(self, service: Service, used: list[Use]) -> Iterator[Edge]:
        """The edges of a service to the jobs that make what it uses."""
        seen: dict[str, dict[Route, None]] = {}
        for use in used:
            provision = self.provisions.get(use.target)
            dependency = service.depends_on.get(use.target)
            if provision is None:
                continue
            parts = use.output[:1] if len(use.output) > 1 else provision.shared
            jobs = [job for part in parts for job in provision.parts.get(part, ())]
            if dependency is not None and dependency.condition == "none":
                self.hasty.extend(Hasty(service.name, job, dependency.at) for job in jobs)
                continue
            for job in jobs:
                seen.setdefault(job, {})[use.at] = None
        for job, routes in seen.items():
            yield Edge(service.name, job, Until.COMPLETED, "", tuple(routes), calls=False)

    def migration(self, name: str, edges: Iterable[Edge], seeds: set[str], at: Route) -> Iterator[Edge]:
        """The edges of a service that its migration has as well, and the one to the migration."""
        migration = f"{name}-migrate"
        for edge in edges:
            target = self.units.get(edge.target)
            if edge.calls and target is not None and target.kind is UnitKind.INSTANCE:
                yield edge._replace(source=migration, purpose=f"migrates the data of {name}")
            elif not edge.calls and edge.target not in seeds:
                yield edge._replace(source=migration)
        yield Edge(name, migration, Until.COMPLETED, "", (at,), calls=False)

    def _is_wrong(self, name: str, dependency: Dependency) -> bool:
        """Whether a written dependency is on nothing or on itself, which is noted."""
        target = dependency.target
        if target != name and (target in self.infrastructure or target in self.services):
            return False
        kind = "dependency.self" if target == name else "dependency.unknown"
        self.defects.append(Defect(kind, dependency.at, {"name": target, "source": name, "accepted": self.accepted}))
        return True

    def _until(self, name: str, target: str, dependency: Dependency | None) -> Until:
        unit = self.units.get(target)
        if unit is None:
            return Until.NOTHING
        written = dependency.condition if dependency else ""
        if written == "healthy" and not unit.checked and dependency is not None:
            facts = {"source": name, "target": target}
            self.defects.append(Defect("health.waits-for-nothing", (*dependency.at, "condition"), facts, (unit.at,)))
        if written:
            return _UNTIL[written]
        return Until.HEALTHY if unit.checked else Until.STARTED

    def _purpose(self, target: str, reasons: list[Use]) -> str:
        unit = self.units.get(target)
        if unit is None or unit.kind is not UnitKind.INSTANCE:
            names = dict.fromkeys(str(use.at[-1]) for use in reasons if "environment" in use.at)
            return f"as {', '.join(names)}" if names else ""
        parts = tuple(dict.fromkeys(use.output[0] for use in reasons if len(use.output) > 1))
        return f"{unit.words}: {', '.join(parts)}" if parts else unit.words


def _seed_edges(
    provision: Awaited, services: Mapping[str, Service], by_source: Mapping[str, list[Use]]
) -> Iterator[Edge]:
    migrated: dict[str, dict[str, Route]] = {}
    for name, service in services.items() if provision.seeds else ():
        for use in by_source.get(name, ()) if service.migrate is not None else ():
            if use.target == provision.server and service.migrate is not None:
                migrated.setdefault(use.output[0], {})[name] = service.migrate.at
    for part, seed in provision.seeds.items():
        for name, at in migrated.get(part, {}).items():
            yield Edge(seed, f"{name}-migrate", Until.COMPLETED, "", (at,), calls=False)


def _with_profiles_of(users: Sequence[Unit], unit: Unit) -> Unit:
    is_free = unit.kind is UnitKind.JOB and not unit.profiles
    if not is_free or not users or not all(user.profiles for user in users):
        return unit
    return unit._replace(profiles=tuple(dict.fromkeys(profile for user in users for profile in user.profiles)))


def edge_defects(units: Mapping[str, Unit], edges: Iterable[Edge], hasty: Iterable[Hasty] = ()) -> Iterator[Defect]:
    """One-shots that nobody awaits, and dependencies that a profile leaves out."""
    jobs = {name for name, unit in units.items() if unit.kind is UnitKind.JOB}
    awaited: dict[str, list[str]] = {}
    for edge in edges:
        is_awaited = edge.until is Until.COMPLETED and edge.target in jobs
        if is_awaited and edge.source in units and edge.source not in jobs:
            awaited.setdefault(edge.target, []).append(edge.source)
    for name in units:
        if name in jobs and name not in awaited:
            facts = {"unit": name, "parent": units[name].parent, "user": "", "profile": ""}
            yield Defect("dependency.unawaited", units[name].at, facts)
    if any(unit.profiles for unit in units.values()):
        yield from _inactive(units, edges)
        yield from _unawaited(units, awaited, hasty)


def _unawaited(
    units: Mapping[str, Unit], awaited: Mapping[str, Sequence[str]], hasty: Iterable[Hasty]
) -> Iterator[Defect]:
    """Jobs that are awaited, but not in every profile in which something uses what they make."""
    for one in hasty:
        waiting = [units[name].profiles for name in awaited.get(one.job, ())]
        if not waiting or not all(waiting):  # the second: somebody waits whatever the profile
            continue
        held = {profile for profiles in waiting for profile in profiles}
        missing = set(units[one.service].profiles) - held if units[one.service].profiles else {""}
        if missing:
            parent, profile = units[one.job].parent, min(missing)
            facts = {"unit": one.job, "parent": parent, "user": one.service, "profile": profile}
            yield Defect("dependency.unawaited", (*one.at, "condition"), facts, (units[one.job].at,))


def _inactive(units: Mapping[str, Unit], edges: Iterable[Edge]) -> Iterator[Defect]:
    for edge in edges:
        source, target = units.get(edge.source), units.get(edge.target)
        if source is None or target is None or edge.until is Until.NOTHING:
            continue
        inactive = set(source.profiles) - set(target.profiles) if source.profiles else {""}
        if target.profiles and inactive and edge.required:
            facts = {"source": source.name, "target": target.name, "profile": min(inactive)}
            yield Defect("dependency.inactive-profile", edge.because[-1], facts, (target.at,))
