"""What the generated scripts know of each environment: plain values, encoded by the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import Connect, HttpGet, UnitKind, Until
from compiler.targets.compose.environment import FILES
from compiler.targets.compose.probe import probe
from compiler.targets.compose.words import project_name
from compiler.targets.plan_document import layer_numbers, plan_text
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.manifest import Request
    from compiler.model.plan import Compilation, Edge, Health, Plan, Port, SecretPlan, Unit

_SECONDS_TO_SPARE = 120


class UnitFacts(NamedTuple):
    """A unit in start order; it waits for its `needs`, and `probe` asks its readiness inside it."""

    name: str
    kind: str
    port: int
    readiness: str
    probe: tuple[str, ...]
    profiles: tuple[str, ...]
    needs: tuple[str, ...]


class PortFacts(NamedTuple):
    """A host port that must be free before the start."""

    variable: str
    host: int
    unit: str


class SecretFacts(NamedTuple):
    """A secret and what start.sh does about it; a volume in `stored_in` remembers the value it was made with."""

    name: str
    how: str
    length: int
    in_url: bool
    description: str
    users: tuple[str, ...]
    stored_in: tuple[str, ...]


class VariableFacts(NamedTuple):
    """A variable that must be set by hand."""

    name: str
    message: str
    users: tuple[str, ...]


class EdgeFacts(NamedTuple):
    """Who calls whom: `source_probe` asks the target inside the source, `target_probe` inside the target itself."""

    source: str
    target: str
    port: int
    path: str
    source_probe: tuple[str, ...]
    target_probe: tuple[str, ...]
    optional: bool


class EnvironmentFacts(NamedTuple):
    """One environment; `dev` is the system itself with its overlays."""

    name: str
    project: str
    files: tuple[str, ...]
    isolated: bool
    units: tuple[UnitFacts, ...]
    ports: tuple[PortFacts, ...]
    secrets: tuple[SecretFacts, ...]
    required_variables: tuple[VariableFacts, ...]
    external_networks: tuple[str, ...]
    edges: tuple[EdgeFacts, ...]
    longest_start_s: int


class RequestFacts(NamedTuple):
    """A request of the tests."""

    method: str
    target: str
    port: int
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str
    expect: int
    contains: str
    save: tuple[tuple[str, str], ...]


class FlowFacts(NamedTuple):
    """Requests in order."""

    name: str
    steps: tuple[RequestFacts, ...]


def script_context(compilation: Compilation) -> dict[str, object]:
    """The values that the templates of scripts and tests use."""
    base = compilation.base
    gateway = base.units.get("gateway")
    return {
        "bind": base.bind,
        "environments": tuple(_environments(compilation.environments.values())),
        "api_tests": tuple(_request(request, base) for request in base.api_tests),
        "smoke_tests": tuple(
            FlowFacts(flow.name, tuple(_request(step, base) for step in flow.steps)) for flow in base.smoke_tests
        ),
        "uses_jq": any(step.save for flow in base.smoke_tests for step in flow.steps),
        "gateway_host": base.gateway.host if base.gateway and gateway else "",
        "gateway_url": plan_text(base.gateway.public_url) if base.gateway and not gateway else "",
    }


def _environments(plans: Iterable[Plan]) -> Iterator[EnvironmentFacts]:
    """Each environment; most have the same edges between the same doors."""
    known: tuple[object, ...] = ()
    facts: tuple[EdgeFacts, ...] = ()
    for plan in plans:
        doors = {name: _door(unit) for name, unit in plan.units.items()}
        if known != (plan.edges, doors):
            known, facts = (plan.edges, doors), tuple(_edges(plan.edges, doors))
        yield _environment(plan, doors, facts)


def _environment(plan: Plan, doors: Mapping[str, _Door], edges: tuple[EdgeFacts, ...]) -> EnvironmentFacts:
    order = layer_numbers(plan)
    units = sorted(plan.units.values(), key=lambda unit: order[unit.name])
    needs = _needs(plan)
    volumes: dict[str, list[str]] = {}
    for name, volume in plan.volumes.items():
        volumes.setdefault(volume.owner, []).append(name)
    project = project_name(plan)
    return EnvironmentFacts(
        name=plan.environment,
        project=project,
        files=FILES if plan.environment == "dev" else (f"docker-compose.{plan.environment}.yml",),
        # Its data is gone with its containers; every other environment must find its values again in .env.
        isolated=plan.environment == "test",
        units=tuple(_unit(unit, doors[unit.name], tuple(needs.get(unit.name, ()))) for unit in units),
        ports=tuple(
            PortFacts(port.variable, port.host, unit.name)
            for unit in plan.units.values()
            for port in unit.ports.values()
            if port.host
        ),
        secrets=tuple(
            SecretFacts(
                one.name,
                one.how,
                one.length,
                one.in_url,
                one.description,
                one.users,
                _volumes_with(one, plan, volumes),
            )
            for one in plan.secrets.values()
        ),
        required_variables=tuple(
            VariableFacts(one.name, one.message, one.users)
            for one in plan.variables.values()
            if one.message is not None
        ),
        external_networks=tuple(one.actual for one in plan.networks.values() if one.external),
        edges=edges,
        longest_start_s=_longest_start_s(plan),
    )


def _volumes_with(secret: SecretPlan, plan: Plan, volumes: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The volumes made with the secret: those of servers that always have a password, and keep it in their data.

    One that only jobs set is set anew at each start.
    """
    users = [plan.units[name] for name in secret.users]
    servers = {unit.name for unit in users if unit.kind is UnitKind.INSTANCE and unit.settings["password"] == "always"}
    found = [name for server in servers for name in volumes.get(server, ())]
    return tuple(sorted(found, key=list(plan.volumes).index) if len(found) > 1 else found)


def _needs(plan: Plan) -> dict[str, list[str]]:
    """Unit -> the units it waits for."""
    found: dict[str, list[str]] = {}
    for edge in plan.edges:
        if edge.until is not Until.NOTHING and edge.target in plan.units:
            found.setdefault(edge.source, []).append(edge.target)
    return found


def _unit(unit: Unit, door: _Door, needs: tuple[str, ...]) -> UnitFacts:
    path, asked, health = door.path, door.probe, unit.health
    if health is not None and isinstance(health.readiness, HttpGet) and health.readiness != health.liveness:
        path, asked = health.readiness.path, _command(probe(health.readiness, health))
    return UnitFacts(unit.name, unit.kind.value, door.port, path, asked, unit.profiles, needs)


def _command(test: tuple[str, ...]) -> tuple[str, ...]:
    """A health test as a command: `CMD` is dropped, `CMD-SHELL` becomes a shell's."""
    if not test:
        return ()
    return test[1:] if test[0] == "CMD" else ("sh", "-c", *test[1:])


class _Door(NamedTuple):
    """How a unit is called: its published port, what its liveness asks, what others ask it; and how it asks."""

    port: int
    path: str
    probe: tuple[str, ...]
    question: HttpGet | Connect | None
    health: Health | None
    profiles: tuple[str, ...]
    is_job: bool


def _door(unit: Unit) -> _Door:
    health, main, is_job = unit.health, _main_port(unit), unit.kind is UnitKind.JOB
    published = main.container if main is not None and main.host is not None else 0
    if health is not None and isinstance(health.liveness, HttpGet):
        asked = _command(probe(health.liveness, health))
        return _Door(published, health.liveness.path, asked, health.liveness, health, unit.profiles, is_job)
    question = Connect(main.container) if main is not None else None
    return _Door(published, "", (), question, health, unit.profiles, is_job)


def _edges(edges: tuple[Edge, ...], doors: Mapping[str, _Door]) -> Iterator[EdgeFacts]:
    for edge in edges:
        source, target = doors.get(edge.source), doors.get(edge.target)
        if not edge.calls or source is None or target is None or source.is_job or target.is_job:
            continue
        asked = probe(target.question, source.health, edge.target) if target.question and source.health else ()
        optional = bool(source.profiles or target.profiles)
        yield EdgeFacts(edge.source, edge.target, target.port, target.path, _command(asked), target.probe, optional)


def _main_port(unit: Unit) -> Port | None:
    """The first published port, else the first."""
    if not unit.ports:
        return None
    ports = [port for name, port in unit.ports.items() if name != "debug"]
    return next((port for port in ports if port.host is not None), ports[0] if ports else None)


def _request(request: Request, plan: Plan) -> RequestFacts:
    port = _main_port(plan.units[request.target]) if request.target in plan.units else None
    return RequestFacts(
        request.method,
        request.target,
        port.container if port else 0,
        request.path,
        tuple(request.headers.items()),
        request.body,
        request.expect,
        request.contains,
        tuple(request.save.items()),
    )


def _longest_start_s(plan: Plan) -> int:
    """When to give up: what every health check on the longest path may take at most, and some to spare."""
    longest: dict[str, int] = {}
    waits: dict[str, list[str]] = {}
    for edge in plan.edges:
        if edge.until is not Until.NOTHING:
            waits.setdefault(edge.source, []).append(edge.target)
    for layer in plan.layers:
        for name in layer:
            health = plan.units[name].health
            timing = health.timing if health else None
            own = timing.grace_ms + timing.retries * (timing.interval_ms + timing.timeout_ms) if timing else 0
            longest[name] = own // 1000 + max((longest.get(target, 0) for target in waits.get(name, ())), default=0)
    return max(longest.values(), default=0) + _SECONDS_TO_SPARE
