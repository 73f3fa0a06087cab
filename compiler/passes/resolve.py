"""From what was written to what is decided: one environment at a time, a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.plan import External, MountKind, NetworkPlan, Plan, Unit, UnitKind, VolumePlan
from compiler.model.value import Reference
from compiler.passes.edges import draw_edges, edge_defects
from compiler.passes.gateway import DEFAULT_VERSION, decide_gateway, gateway_edges, gateway_mounts, gateway_unit
from compiler.passes.infrastructure import Provision, kind_defects, provision, used_parts
from compiler.passes.names import clash_defects, name_defects, variable_defects
from compiler.passes.order import layers, least_start_ms, rings
from compiler.passes.outputs import name_outputs, url_defects
from compiler.passes.ports import allocate_ports, is_copy
from compiler.passes.references import Resolver
from compiler.passes.services import Decided, decide_service
from compiler.passes.variables import secrets_of, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Manifest
    from compiler.model.plan import Edge, Port
    from compiler.passes.facts import Facts


class Resolved(NamedTuple):
    """A plan, and the host ports that were chosen for it (for the lock)."""

    plan: Plan
    chosen: Mapping[str, int]


def resolve(
    manifest: Manifest, facts: Facts, environments: tuple[str, ...], configuration: str, written: tuple[Defect, ...]
) -> Resolved:
    """Decide everything. `configuration` is the gateway's file in the output; `written` are lowering's defects."""
    defects = [*written, *name_defects(manifest, environments, facts), *kind_defects(manifest, facts)]
    table = allocate_ports(manifest, facts)
    names = name_outputs(manifest, facts, table.ports, facts.versions)
    known = frozenset((*manifest.services, *manifest.infrastructure, *(("gateway",) if manifest.gateway else ())))
    resolver = Resolver(names.outputs, known, frozenset((*manifest.secrets, *names.undeclared)), [], defects)
    defects.extend(_password_defects(manifest, resolver.secrets))
    decided = {
        name: decide_service(service, manifest, facts, table.ports.get(name, {}), resolver)
        for name, service in manifest.services.items()
        if not service.url
    }
    provisions = dict(_provisions(manifest, facts, table.ports, resolver))
    made = tuple(_units(manifest, provisions, decided, table.ports, facts, configuration))
    units = {unit.name: unit for unit in made}
    gateway_url = names.outputs.get("gateway", {}).get(("public_url",), ())
    gateway = decide_gateway(manifest, table.ports, gateway_url, defects)
    edges = draw_edges(manifest, units, provisions, resolver.uses, defects)
    units = {name: _with_profiles(unit, units, edges) for name, unit in units.items()}
    edges += gateway_edges(gateway) if gateway else ()
    edges = _in_unit_order(edges, units)
    order = layers(tuple(units), edges)
    secrets = secrets_of(manifest, names.undeclared, units)
    defects.extend(table.defects)
    defects.extend(_knots(units, edges, order))
    defects.extend(edge_defects(units, edges))
    defects.extend(clash_defects(manifest, units, made))
    defects.extend(variable_defects(manifest, table.ports, names.undeclared))
    defects.extend(_network_defects(manifest))
    defects.extend(url_defects(manifest))
    plan = Plan(
        project=manifest.name,
        environment=manifest.environment,
        units=units,
        externals={
            name: External(name, service.role, service.url, service.at)
            for name, service in manifest.services.items()
            if service.url
        },
        edges=edges,
        layers=order,
        least_start_ms=least_start_ms(units, edges, order),
        secrets=secrets,
        variables=variables_of(units, table.ports, secrets),
        networks=_networks(manifest),
        volumes=_volumes(units),
        gateway=gateway,
        api_tests=manifest.tests.api,
        smoke_tests=manifest.tests.smoke,
        bind=manifest.ports.bind,
        files=_files(manifest, facts, provisions),
        defects=tuple(defects),
    )
    return Resolved(plan, table.chosen)


def _provisions(
    manifest: Manifest, facts: Facts, ports: Mapping[str, Mapping[str, Port]], resolver: Resolver
) -> Iterator[tuple[str, Provision]]:
    used: dict[str, set[str]] = {}
    for use in resolver.uses:
        kind = facts.kinds.get(use.target)
        if kind is not None:
            used.setdefault(use.target, set()).update(used_parts(manifest.infrastructure[use.target], kind, use.output))
    for name, instance in manifest.infrastructure.items():
        kind = facts.kinds.get(name)
        if kind is not None:
            parts = frozenset(used.get(name, ()))
            yield name, provision(instance, kind, manifest, facts, ports.get(name, {}), parts, resolver)


def _units(
    manifest: Manifest,
    provisions: Mapping[str, Provision],
    decided: Mapping[str, Decided],
    ports: Mapping[str, Mapping[str, Port]],
    facts: Facts,
    configuration: str,
) -> Iterator[Unit]:
    """Infrastructure with its jobs, services with their migrations, the gateway: each in manifest order."""
    for item in provisions.values():
        yield item.server
        yield from item.jobs
    for pair in decided.values():
        if pair.migration is not None:
            yield pair.migration
        yield pair.service
    if manifest.gateway is not None and manifest.gateway.mode == "container":
        version = manifest.gateway.version or facts.versions.get("gateway", DEFAULT_VERSION)
        yield gateway_unit(ports, version, gateway_mounts(manifest, configuration))


def _with_profiles(unit: Unit, units: Mapping[str, Unit], edges: tuple[Edge, ...]) -> Unit:
    """A job that only services with profiles await is in their profiles."""
    if unit.kind is not UnitKind.JOB or unit.profiles:
        return unit
    sources = [units[edge.source] for edge in edges if edge.target == unit.name and edge.source in units]
    users = [source for source in sources if source.kind is not UnitKind.JOB]
    if not users or not all(user.profiles for user in users):
        return unit
    return unit._replace(profiles=tuple(dict.fromkeys(profile for user in users for profile in user.profiles)))


def _in_unit_order(edges: tuple[Edge, ...], units: Mapping[str, Unit]) -> tuple[Edge, ...]:
    place = {name: index for index, name in enumerate(units)}
    last = len(place)
    return tuple(sorted(edges, key=lambda edge: (place.get(edge.source, last), place.get(edge.target, last))))


def _knots(units: Mapping[str, Unit], edges: tuple[Edge, ...], order: tuple[tuple[str, ...], ...]) -> Iterator[Defect]:
    placed = {name for layer in order for name in layer}
    knotted = tuple(name for name in units if name not in placed)
    for ring in rings(knotted, edges) if knotted else ():
        names = [edge.source for edge in ring]
        yield Defect(
            "dependency.cycle",
            ring[0].because[-1],
            {"ring": " -> ".join((*names, names[0])), "source": ring[0].source, "target": ring[0].target},
            tuple(edge.because[-1] for edge in ring[1:]),
        )


def _password_defects(manifest: Manifest, secrets: frozenset[str]) -> Iterator[Defect]:
    """Passwords may be secrets or variables; what they name must exist, and they refer to nothing else."""
    for instance in manifest.infrastructure.values():
        written = [(instance.password, (*instance.at, "password"))]
        written += [(part.options.get("password"), (*part.at, "password")) for part in instance.parts]
        written += [
            (text, (*part.at, option))
            for part in instance.parts
            for option, text in part.options.items()
            if option != "password"
        ]
        resolver = Resolver({}, frozenset(), secrets, [], [])
        for template, at in written:
            resolver.text(tuple(p for p in template or () if not isinstance(p, Reference)), instance.name, at)
            for piece in template or ():
                if isinstance(piece, Reference):
                    spelled = ".".join((piece.name, *piece.output))
                    yield Defect("text.malformed", at, {"text": f"${{{spelled}}}"})
        yield from resolver.defects


def _network_defects(manifest: Manifest) -> Iterator[Defect]:
    for service in manifest.services.values():
        for index, name in enumerate(service.networks or ()):
            if name not in manifest.networks and name != "default":
                facts = {"name": name, "accepted": ", ".join(("default", *manifest.networks))}
                yield Defect("network.unknown", (*service.at, "networks", index), facts)


def _networks(manifest: Manifest) -> dict[str, NetworkPlan]:
    """The declared networks; the test copy has its own instead of the shared ones."""
    alone = manifest.environment == "test"
    return {
        name: NetworkPlan(
            name,
            network.driver,
            network.internal,
            network.external and not alone,
            "" if is_copy(manifest.environment) and (alone or not network.external) else network.actual,
        )
        for name, network in manifest.networks.items()
    }


def _volumes(units: Mapping[str, Unit]) -> dict[str, VolumePlan]:
    volumes: dict[str, VolumePlan] = {}
    for unit in units.values():
        for mount in unit.mounts:
            if mount.kind is MountKind.VOLUME:
                volumes.setdefault(mount.source, VolumePlan(mount.source, unit.name))
    return volumes


def _files(manifest: Manifest, facts: Facts, provisions: Mapping[str, Provision]) -> dict[str, str]:
    """The static files of kinds whose instances have a job."""
    found: dict[str, str] = {}
    for name in manifest.infrastructure:
        kind = facts.kinds.get(name)
        if kind is not None and provisions[name].jobs:
            found.update({f"init-scripts/{name}/{file}": text for file, text in kind.files.items()})
    return found
