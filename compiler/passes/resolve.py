"""From what was written to what is decided: one environment at a time, a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import External, MountKind, NetworkPlan, Plan, Unit, VolumePlan
from compiler.model.value import Reference
from compiler.passes.edges import draw_edges, edge_defects, with_profiles
from compiler.passes.gateway import DEFAULT_VERSION, decide_gateway, gateway_edges, gateway_mounts, gateway_unit
from compiler.passes.infrastructure import Provision, common_parts, kind_defects, provision, server_unit
from compiler.passes.made import Made, made
from compiler.passes.names import clash_defects, name_defects, variable_defects
from compiler.passes.order import layers, least_start_ms, rings
from compiler.passes.outputs import (
    Equipped,
    from_inside,
    from_outside,
    name_gateway,
    name_instance,
    name_services,
    url_defects,
)
from compiler.passes.ports import DEV, allocate_ports, is_copy
from compiler.passes.recall import Recall
from compiler.passes.references import Resolver
from compiler.passes.services import Given, decide_services
from compiler.passes.variables import secrets_of, users_of, variables_of
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Instance, Manifest, Network, Service
    from compiler.model.plan import Edge, Port
    from compiler.passes.facts import Facts
    from compiler.passes.outputs import InstanceNames, Outputs, Undeclared
    from compiler.passes.services import Answers, Decided


class Resolved(NamedTuple):
    """A plan, and the host ports that were chosen for it (for the lock)."""

    plan: Plan
    chosen: Mapping[str, int]


def resolve(
    manifest: Manifest,
    facts: Facts,
    environments: tuple[str, ...],
    configuration: str,
    written: tuple[Defect, ...],
    recall: Recall | None = None,
) -> Resolved:
    """Decide everything. `configuration` is the gateway's file in the output; `written` are lowering's defects.

    What another environment of the same compilation has just so is taken from `recall`, the very same object.
    """
    recall = recall or Recall({})
    environment = manifest.environment
    alike = manifest._replace(environment="")
    defects = [*written, *recall.every(name_defects, alike, environments, facts.kinds)]
    asked = (manifest.infrastructure, facts.kinds, facts.kind_names, facts.files)
    defects.extend(recall.every(kind_defects, *asked))
    table = allocate_ports(manifest, facts, recall)
    names = _named(manifest, facts, table.ports, recall)
    gateway_name = ("gateway",) if manifest.gateway else ()
    known = recall.of_names(*manifest.services, *manifest.infrastructure, *gateway_name)
    secrets = recall.of_names(*manifest.secrets, *names.undeclared)
    defects.extend(recall(_password_defects, manifest.infrastructure, secrets))
    given = Given(
        manifest.services,
        manifest.infrastructure,
        environment == DEV and any(service.develop for service in manifest.services.values()),
        facts.dockerfiles,
        recall(tuple, manifest.networks),
        table.ports,
        known,
        secrets,
    )
    answers: Answers = recall(dict, of="services")  # one for all environments: the services fill it themselves
    decided = recall(decide_services, given, names.outputs, answers)
    defects.extend(decided.defects)
    resolver = Resolver(names.outputs, known, secrets, [*decided.uses], defects, [])
    provisions = dict(_provisions(manifest, names, table.ports, resolver, recall))
    makes = tuple(_makes(manifest, provisions, decided, table.ports, facts, configuration))
    by_name = {one.unit.name: one for one in makes}
    units = {name: one.unit for name, one in by_name.items()}
    gateway = None
    if manifest.gateway is not None:
        url = names.outputs["gateway"]["public_url",]
        gateway, problems = recall(decide_gateway, manifest.gateway, manifest.services, table.ports, url)
        defects.extend(problems)
    awaited = tuple(provision.awaited for provision in provisions.values())
    roles = {name: one.role for name, one in by_name.items()}
    drawn = recall(draw_edges, manifest.services, manifest.infrastructure, roles, awaited, tuple(resolver.uses))
    defects.extend(drawn.defects)
    (units,) = recall.one(with_profiles(units, drawn.edges), of="units")
    edges = drawn.edges + (gateway_edges(gateway) if gateway else ())
    edges = recall(_in_unit_order, edges, tuple(units))
    order = recall(layers, tuple(units), edges)
    users = recall(users_of, {name: one.holes for name, one in by_name.items()})
    secret_plans = recall(secrets_of, manifest.secrets, names.undeclared, users)
    defects.extend(table.defects)
    defects.extend(_knots(units, edges, order))
    defects.extend(recall.every(edge_defects, units, edges, drawn.hasty))
    defects.extend(
        recall.every(clash_defects, manifest.services, manifest.infrastructure, units, tuple(one.unit for one in makes))
    )
    defects.extend(recall.every(variable_defects, manifest.secrets, table.ports, names.undeclared))
    defects.extend(recall(_network_defects, manifest.services, manifest.networks))
    defects.extend(recall.every(url_defects, manifest.services))
    plan = Plan(
        project=manifest.name,
        environment=environment,
        units=units,
        externals=recall(_externals, manifest.services),
        edges=edges,
        layers=order,
        least_start_ms=recall(least_start_ms, roles, edges, order),
        secrets=secret_plans,
        variables=recall(variables_of, users, table.ports, secret_plans),
        networks=_networks(manifest),
        volumes=recall(_volumes, units),
        gateway=gateway,
        api_tests=manifest.tests.api,
        smoke_tests=manifest.tests.smoke,
        bind=manifest.ports.bind,
        files=_files(manifest, facts, provisions),
        defects=tuple(defects),
    )
    return Resolved(plan, table.chosen)


class _Names(NamedTuple):
    """The outputs of everything that has a name, the secrets that nobody declared but something needs, and instances
    with what is known of them.
    """  # noqa: D205 - one sentence

    outputs: Mapping[str, Outputs]
    undeclared: Mapping[str, Undeclared]
    instances: Mapping[str, tuple[Equipped, InstanceNames]]


def _named(manifest: Manifest, facts: Facts, ports: Mapping[str, Mapping[str, Port]], recall: Recall) -> _Names:
    """Everything a reference can mean."""
    outputs: dict[str, Outputs] = {}
    undeclared: dict[str, Undeclared] = {}
    instances: dict[str, tuple[Equipped, InstanceNames]] = {}
    declared = frozenset(manifest.secrets)
    for name, instance in manifest.infrastructure.items():
        kind = facts.kinds.get(name)
        if kind is None:
            continue
        one = Equipped(instance, kind, manifest.name, facts.versions.get(name, ""))
        known = recall(name_instance, one, declared, of=name)
        instances[name] = (one, known)
        outputs[name] = known.outputs
        for secret, meaning in known.undeclared.items():
            undeclared.setdefault(secret, meaning)
    public = from_inside if is_copy(manifest.environment) else from_outside
    outputs |= recall(name_services, manifest.services, ports, public)
    if manifest.gateway is not None:
        outputs["gateway"] = name_gateway(manifest.gateway, ports, manifest.environment)
    return _Names(outputs, undeclared, instances)


def _provisions(
    manifest: Manifest, names: _Names, ports: Mapping[str, Mapping[str, Port]], resolver: Resolver, recall: Recall
) -> Iterator[tuple[str, Provision]]:
    used: dict[str, set[str]] = {}
    is_asked_as_a_whole: set[str] = set()
    for use in resolver.uses:
        if use.target not in names.instances:
            continue
        if len(use.output) > 1:
            used.setdefault(use.target, set()).add(use.output[0])
        else:
            is_asked_as_a_whole.add(use.target)
    for name, (one, known) in names.instances.items():
        if name in is_asked_as_a_whole:
            used.setdefault(name, set()).update(common_parts(one.instance, one.kind))
        server = server_unit(one, manifest.environment, ports.get(name, {}), known.values, resolver)
        yield name, provision(one, server, known.parts, frozenset(used.get(name, ())), recall)


def _makes(
    manifest: Manifest,
    provisions: Mapping[str, Provision],
    decided: Decided,
    ports: Mapping[str, Mapping[str, Port]],
    facts: Facts,
    configuration: str,
) -> Iterator[Made]:
    """Infrastructure with its jobs, services with their migrations, the gateway: each in manifest order."""
    for item in provisions.values():
        yield item.server
        yield from item.jobs
    for units in decided.units.values():
        yield from units
    if manifest.gateway is not None and manifest.gateway.mode == "container":
        version = manifest.gateway.version or facts.versions.get("gateway", DEFAULT_VERSION)
        yield made(gateway_unit(ports, version, gateway_mounts(manifest, configuration)))


def _in_unit_order(edges: tuple[Edge, ...], names: tuple[str, ...]) -> tuple[Edge, ...]:
    place = {name: index for index, name in enumerate(names)}
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


def _password_defects(infrastructure: Mapping[str, Instance], secrets: frozenset[str]) -> list[Defect]:
    """Passwords may be secrets or variables; what they name must exist, and they refer to nothing else."""
    defects: list[Defect] = []
    for instance in infrastructure.values():
        written = [(instance.password, (*instance.at, "password"))]
        written += [(part.options.get("password"), (*part.at, "password")) for part in instance.parts]
        written += [
            (text, (*part.at, option))
            for part in instance.parts
            for option, text in part.options.items()
            if option != "password"
        ]
        resolver = Resolver({}, frozenset(), secrets, [], [], [])
        for template, at in written:
            if template is None:
                continue
            resolver.text(tuple(p for p in template if not isinstance(p, Reference)), instance.name, at)
            for piece in template:
                if isinstance(piece, Reference):
                    spelled = ".".join((piece.name, *piece.output))
                    defects.append(Defect("text.malformed", at, {"text": f"${{{spelled}}}"}))
        defects.extend(resolver.defects)
    return defects


def _network_defects(services: Mapping[str, Service], networks: Mapping[str, Network]) -> list[Defect]:
    accepted = ", ".join(("default", *networks))
    return [
        Defect("network.unknown", (*service.at, "networks", index), {"name": name, "accepted": accepted})
        for service in services.values()
        for index, name in enumerate(service.networks or ())
        if name not in networks and name != "default"
    ]


def _externals(services: Mapping[str, Service]) -> dict[str, External]:
    return {
        name: External(name, service.role, service.url, service.at) for name, service in services.items() if service.url
    }


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
