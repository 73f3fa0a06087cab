"""What the generated scripts know of each environment: plain values, encoded by the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.model.plan import Connect, HttpGet, UnitKind, Until
from compiler.targets.compose.environment import FILES
from compiler.targets.compose.probe import probe
from compiler.targets.compose.words import project_name
from compiler.targets.plan_document import layer_numbers, plan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Request
    from compiler.model.plan import Compilation, Plan, Port, SecretPlan, Unit

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
        "environments": tuple(_environment(plan) for plan in compilation.environments.values()),
        "api_tests": tuple(_request(request, base) for request in base.api_tests),
        "smoke_tests": tuple(
            FlowFacts(flow.name, tuple(_request(step, base) for step in flow.steps)) for flow in base.smoke_tests
        ),
        "uses_jq": any(step.save for flow in base.smoke_tests for step in flow.steps),
        "gateway_host": base.gateway.host if base.gateway and gateway else "",
        "gateway_url": plan_text(base.gateway.public_url) if base.gateway and not gateway else "",
    }


def _environment(plan: Plan) -> EnvironmentFacts:
    order = layer_numbers(plan)
    units = sorted(plan.units.values(), key=lambda unit: order[unit.name])
    project = project_name(plan)
    return EnvironmentFacts(
        name=plan.environment,
        project=project,
        files=FILES if plan.environment == "dev" else (f"docker-compose.{plan.environment}.yml",),
        # Its data is gone with its containers; every other environment must find its values again in .env.
        isolated=plan.environment == "test",
        units=tuple(_unit(unit, plan) for unit in units),
        ports=tuple(
            PortFacts(port.variable, port.host, unit.name)
            for unit in plan.units.values()
            for port in unit.ports.values()
            if port.host
        ),
        secrets=tuple(
            SecretFacts(one.name, one.how, one.length, one.in_url, one.description, one.users, _volumes_with(one, plan))
            for one in plan.secrets.values()
        ),
        required_variables=tuple(
            VariableFacts(one.name, one.message, one.users)
            for one in plan.variables.values()
            if one.message is not None
        ),
        external_networks=tuple(one.actual for one in plan.networks.values() if one.external),
        edges=tuple(_edges(plan)),
        longest_start_s=_longest_start_s(plan),
    )


def _volumes_with(secret: SecretPlan, plan: Plan) -> tuple[str, ...]:
    """The volumes made with the secret: those of servers that always have a password, and keep it in their data.

    One that only jobs set is set anew at each start.
    """
    users = (plan.units[name] for name in secret.users)
    servers = {unit.name for unit in users if unit.kind is UnitKind.INSTANCE and unit.settings["password"] == "always"}
    return tuple(name for name, volume in plan.volumes.items() if volume.owner in servers)


def _unit(unit: Unit, plan: Plan) -> UnitFacts:
    main = _main_port(unit)
    health = unit.health
    readiness = health.readiness if health else None
    asked = readiness if isinstance(readiness, HttpGet) else health.liveness if health else None
    path = asked.path if isinstance(asked, HttpGet) else ""
    published = main is not None and main.host is not None
    return UnitFacts(
        name=unit.name,
        kind=unit.kind.value,
        port=main.container if main and published else 0,
        readiness=path,
        probe=_command(probe(asked, health)) if isinstance(asked, HttpGet) and health else (),
        profiles=unit.profiles,
        needs=tuple(
            edge.target
            for edge in plan.edges
            if edge.source == unit.name and edge.until is not Until.NOTHING and edge.target in plan.units
        ),
    )


def _command(test: tuple[str, ...]) -> tuple[str, ...]:
    """A health test as a command: `CMD` is dropped, `CMD-SHELL` becomes a shell's."""
    if not test:
        return ()
    return test[1:] if test[0] == "CMD" else ("sh", "-c", *test[1:])


def _edges(plan: Plan) -> Iterator[EdgeFacts]:
    for edge in plan.edges:
        source, target = plan.units.get(edge.source), plan.units.get(edge.target)
        if not edge.calls or source is None or target is None or UnitKind.JOB in {source.kind, target.kind}:
            continue
        liveness = target.health.liveness if target.health else None
        main = _main_port(target)
        question = liveness if isinstance(liveness, HttpGet) else Connect(main.container) if main else None
        published = main is not None and main.host is not None
        yield EdgeFacts(
            edge.source,
            edge.target,
            main.container if main and published else 0,
            liveness.path if isinstance(liveness, HttpGet) else "",
            _command(probe(question, source.health, edge.target)) if question and source.health else (),
            _command(probe(liveness, target.health)) if isinstance(liveness, HttpGet) and target.health else (),
            bool(source.profiles or target.profiles),
        )


def _main_port(unit: Unit) -> Port | None:
    """The first published port, else the first."""
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
