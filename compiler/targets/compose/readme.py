"""What the generated README says: rows of plain values, encoded by the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import Asker, Build, Connect, Execute, HttpGet, UnitKind, Until
from compiler.targets.compose.words import duration
from compiler.targets.graph import calls
from compiler.targets.plan_document import layer_numbers, plan_text
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.plan import Health, Plan, Port, Unit


class UnitRow(NamedTuple):
    """A unit in the tables; empty texts where there is nothing to say."""

    name: str
    kind: str
    role: str
    source: str
    inside: str
    outside: str
    variable: str
    health: str
    networks: str


class PointRow(NamedTuple):
    """An integration point: who calls whom, what for, and until when the caller waits."""

    source: str
    target: str
    purpose: str
    waits: str


class LayerRow(NamedTuple):
    """A unit and the layer it starts in, counted from 1."""

    number: int
    name: str
    after: str


class VariableRow(NamedTuple):
    """A variable of the environment file."""

    name: str
    meaning: str


class Readme(NamedTuple):
    """Everything the page prints."""

    units: tuple[UnitRow, ...]
    externals: tuple[tuple[str, str, str], ...]
    points: tuple[PointRow, ...]
    layers: tuple[LayerRow, ...]
    variables: tuple[VariableRow, ...]
    routes: tuple[tuple[str, str, str], ...]
    gateway_mode: str
    gateway_url: str
    least_start: str
    volumes: tuple[str, ...]
    external_networks: tuple[str, ...]
    required: tuple[str, ...]


_WAITS = {
    Until.NOTHING: "does not wait",
    Until.STARTED: "until started",
    Until.HEALTHY: "until healthy",
    Until.COMPLETED: "until done",
}


def readme(plan: Plan) -> Readme:
    """The page of a plan."""
    gateway = plan.gateway
    return Readme(
        units=tuple(_unit(unit) for unit in plan.units.values()),
        externals=tuple((one.name, one.role, one.url) for one in plan.externals.values()),
        points=tuple(PointRow(edge.source, edge.target, edge.purpose, _WAITS[edge.until]) for edge in calls(plan)),
        layers=tuple(_layers(plan)),
        variables=tuple(_variables(plan)),
        routes=tuple(
            (route.path, route.service, "prefix removed" if route.strip_prefix else "path kept")
            for route in (gateway.routes if gateway else ())
        ),
        gateway_mode=gateway.mode if gateway else "",
        gateway_url=default_text(plan, plan_text(gateway.public_url)) if gateway else "",
        least_start=duration(plan.least_start_ms) if plan.least_start_ms else "0s",
        volumes=tuple(plan.volumes),
        external_networks=tuple(network.actual for network in plan.networks.values() if network.external),
        required=tuple(secret.name for secret in plan.secrets.values() if secret.how == "required")
        + tuple(variable.name for variable in plan.variables.values() if variable.message is not None),
    )


def default_text(plan: Plan, text: str) -> str:
    """A text with port variables replaced by their defaults, as a person would type it."""
    for unit in plan.units.values():
        for port in unit.ports.values():
            text = text.replace(f"${{{port.variable}}}", str(port.host))
    return text


def health_words(health: Health | None) -> str:
    """How a unit's health is asked, in words."""
    if health is None or health.asker is Asker.NONE:
        return "none"
    if health.liveness is None:
        return "the image's own"
    asked = [health.liveness, *([health.readiness] if health.readiness not in {None, health.liveness} else [])]
    return " and ".join(_question(question) for question in asked if question is not None)


def _question(question: HttpGet | Connect | Execute) -> str:
    if isinstance(question, HttpGet):
        return question.path
    if isinstance(question, Connect):
        return f"connects to {question.port}"
    return "its own client" if question.shell else plan_text(question.argv[0])


def image_words(unit: Unit) -> str:
    """Where a unit comes from: an image, or the folder it is built in."""
    if isinstance(unit.image, Build):
        return f"{unit.image.context} ({unit.image.target})" if unit.image.target else unit.image.context
    return f"{unit.image.name}:{unit.image.version}" if unit.image.version else unit.image.name


def _unit(unit: Unit) -> UnitRow:
    published = [port for port in unit.ports.values() if port.host]
    return UnitRow(
        unit.name,
        unit.kind.value,
        unit.role,
        image_words(unit),
        ", ".join(f"{unit.name}:{port.container}" for port in unit.ports.values()),
        ", ".join(_outside(port) for port in published),
        ", ".join(port.variable for port in published),
        "runs once, ends" if unit.kind is UnitKind.JOB else health_words(unit.health),
        ", ".join(("default", *unit.networks)),
    )


def _outside(port: Port) -> str:
    host = f"localhost:{port.host}"
    return f"{port.scheme}://{host}" if port.scheme in {"http", "https"} else host


def _layers(plan: Plan) -> Iterator[LayerRow]:
    waits: dict[str, list[str]] = {}
    for edge in plan.edges:
        if edge.until is not Until.NOTHING and edge.target in plan.units:
            waits.setdefault(edge.source, []).append(edge.target)
    numbers = layer_numbers(plan)
    for name in sorted(plan.units, key=lambda name: numbers[name]):
        yield LayerRow(numbers[name], name, ", ".join(waits.get(name, ())))


def _variables(plan: Plan) -> Iterator[VariableRow]:
    for secret in plan.secrets.values():
        meaning = f"{secret.how} secret" + (f": {secret.description}" if secret.description else "")
        yield VariableRow(secret.name, meaning)
    for variable in plan.variables.values():
        known = f"default {variable.default}" if variable.default is not None else "no default"
        required = f"required: {variable.message}" if variable.message else "required"
        meaning = known if variable.message is None else required
        yield VariableRow(variable.name, meaning)
    for unit in plan.units.values():
        for port in unit.ports.values():
            if port.host:
                yield VariableRow(port.variable, f"host port of {unit.name}, default {port.host}")
