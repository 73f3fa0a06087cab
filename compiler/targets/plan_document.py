"""`plan.json`: what was decided, for machines and for the semantic diff. Keyed by name wherever there is a name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from compiler.model.plan import Build, Connect, Execute, HttpGet, UnitKind
from compiler.model.value import SecretOf
from compiler.spell.memory import Repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from compiler.model.manifest import Request
    from compiler.model.plan import (
        Asker,
        Compilation,
        Edge,
        External,
        GatewayPlan,
        Health,
        Mount,
        NetworkPlan,
        Plan,
        Port,
        Question,
        SecretPlan,
        Timing,
        Unit,
        Until,
        VariablePlan,
        VolumePlan,
    )
    from compiler.model.value import Text, Variable

SCHEMA_VERSION = 3
"""The layout; another one is never compared with this."""
_NOTHING: Mapping[str, Any] = {}
_FACTS = frozenset({"type", "password", "viewer"})
"""The settings of an instance that are no parts."""


def plan_document(compilation: Compilation) -> dict[str, Any]:
    """The manifest's own plan, and that of each environment. Holds names of secrets, never a value.

    What they have in common is the same object: not to be changed. `plan.json` says it shorter (plan_file.py).
    """
    base, environments = compilation
    plan = _plan(base)
    return {
        "schema_version": SCHEMA_VERSION,
        "project": base.project,
        "plan": plan,
        "environments": {name: _plan(one, base, plan) for name, one in environments.items()},
    }


def plan_text(text: Text) -> str:
    """A text with its holes named: `${secrets.X}` and `${VARIABLE}`."""
    return "".join([piece if isinstance(piece, str) else _hole(piece) for piece in text])


def layer_numbers(plan: Plan) -> Mapping[str, int]:
    """Unit -> its layer, counted from 1."""
    return {name: number for number, layer in enumerate(plan.layers, start=1) for name in layer}


def _hole(piece: Variable | SecretOf) -> str:
    return f"${{secrets.{piece.name}}}" if isinstance(piece, SecretOf) else f"${{{piece.name}}}"


def _plan(plan: Plan, base: Plan | None = None, made: Mapping[str, Any] = _NOTHING) -> dict[str, Any]:
    """A plan; what is as in the base is taken from what was made of that."""
    return {
        "least_start_ms": plan.least_start_ms,
        "bind": plan.bind,
        "units": dict(_units(plan, base, made)),
        **{
            key: made[key] if base and getattr(base, field) == getattr(plan, field) else make(getattr(plan, field))
            for key, (field, make) in _MEMBERS.items()
        },
        "tests": {
            "api": [_request(request) for request in plan.api_tests],
            "smoke": {flow.name: [_request(request) for request in flow.steps] for flow in plan.smoke_tests},
        },
    }


def _units(plan: Plan, base: Plan | None, made: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    numbers = layer_numbers(plan)
    for name, unit in plan.units.items():
        known = base.units.get(name) if base else None
        layer = numbers.get(name, 0)
        if known is None:
            yield name, _unit(unit, layer, _texts(unit.environment), _health(unit.health))
            continue
        first = made["units"][name]
        if known == unit and first["layer"] == layer:
            yield name, first
            continue
        environment = first["environment"] if known.environment == unit.environment else _texts(unit.environment)
        health = first["health"] if known.health == unit.health else _health(unit.health)
        yield name, _unit(unit, layer, environment, health)


def _unit(unit: Unit, layer: int, environment: Mapping[str, str], health: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "kind": unit.kind.value,
        "role": unit.role,
        "layer": layer,
        **({"of": unit.parent} if unit.parent else {}),
        **_image(unit),
        **({"entrypoint": [plan_text(word) for word in unit.entrypoint]} if unit.entrypoint else {}),
        "command": [plan_text(word) for word in unit.command],
        "environment": environment,
        "ports": {port.name: _port(port) for port in unit.ports.values()},
        "mounts": {mount.at: _mount(mount) for mount in unit.mounts},
        "networks": _joined(unit.networks),
        "health": health,
        "profiles": list(unit.profiles),
        **({"replicas": unit.replicas} if unit.replicas is not None else {}),
        **({"hostname": unit.hostname} if unit.hostname else {}),
        **_settings(unit),
        **({"develop": _develop(unit)} if unit.develop else {}),
        "extras": {target: dict(settings) for target, settings in unit.extras.items()},
    }


@lru_cache(maxsize=256)
def _joined(networks: tuple[str, ...]) -> dict[str, bool]:
    return Repeated(dict.fromkeys(("default", *networks), True))


def _port(port: Port) -> dict[str, Any]:
    return {"container": port.container, "host": port.host, "variable": port.variable, "scheme": port.scheme}


def _texts(texts: Mapping[str, Text]) -> dict[str, str]:
    return {key: plan_text(text) for key, text in texts.items()}


def _image(unit: Unit) -> dict[str, Any]:
    if not isinstance(unit.image, Build):
        return {"image": unit.image.name, "version": unit.image.version}
    build = unit.image
    args = _texts(build.args)
    found = {"context": build.context, "dockerfile": build.dockerfile, "target": build.target}
    return {"build": {**found, **({"args": args} if args else {})}}


def _settings(unit: Unit) -> dict[str, Any]:
    """The settings, and of an instance its parts apart: a set of names for each family."""
    if unit.kind is not UnitKind.INSTANCE:
        return {"settings": dict(unit.settings)}
    parts = {key: dict.fromkeys(text.split(", "), True) for key, text in unit.settings.items() if key not in _FACTS}
    settings = {key: text for key, text in unit.settings.items() if key in _FACTS}
    return {"settings": settings, **({"parts": parts} if parts else {})}


def _develop(unit: Unit) -> dict[str, Any]:
    watched = unit.develop.watch if unit.develop else ()
    return {one.path: {"action": one.action, "target": one.target, "ignore": list(one.ignore)} for one in watched}


def _mount(mount: Mount) -> dict[str, Any]:
    return {"kind": mount.kind.value, "source": mount.source, "read_only": mount.read_only}


def _health(health: Health | None) -> dict[str, Any] | None:
    return None if health is None else _asked(health.liveness, health.readiness, health.asker, health.timing)


@lru_cache(maxsize=256)
def _asked(liveness: Question | None, readiness: Question | None, asker: Asker, timing: Timing) -> dict[str, Any]:
    questions = {"liveness": _question(liveness), "readiness": _question(readiness)}
    return Repeated({**questions, "asker": asker.value, **timing._asdict()})


def _question(question: Question | None) -> str | None:
    if isinstance(question, HttpGet):
        return f"GET :{question.port}{question.path}"
    if isinstance(question, Connect):
        return f"connect :{question.port}"
    if isinstance(question, Execute):
        return " ".join(plan_text(word) for word in question.argv)
    return None


@lru_cache(maxsize=256)
def _edge(until: Until, purpose: str, required: bool, calls: bool) -> dict[str, Any]:  # noqa: FBT001 - as the edge says
    return Repeated({"until": until.value, "purpose": purpose, "required": required, "calls": calls})


def _secret(secret: SecretPlan) -> dict[str, Any]:
    length = {"length": secret.length} if secret.how == "generated" else {}
    return {"how": secret.how, "in_url": secret.in_url, **length}


def _variable(variable: VariablePlan) -> dict[str, Any]:
    is_required = variable.message is not None
    message = {"message": variable.message} if variable.message else {}
    return {"default": variable.default, "required": is_required, **message}


def _request(request: Request) -> str:
    return f"{request.method} {request.target} {request.path} {request.expect}"


def _gateway(gateway: GatewayPlan | None) -> dict[str, Any] | None:
    if gateway is None:
        return None
    certificate = {"certificate": gateway.certificate, "key": gateway.key} if gateway.certificate else {}
    return {
        "mode": gateway.mode,
        "host": gateway.host,
        "tls": bool(gateway.certificate),
        **certificate,
        "public_url": plan_text(gateway.public_url),
        "routes": {
            route.path: {
                "service": route.service,
                "port": route.port,
                "strip_prefix": route.strip_prefix,
                "access_log": route.access_log,
                "websocket": route.websocket,
                "timeout_ms": route.timeout_ms,
            }
            for route in gateway.routes
        },
    }


def _externals(externals: Mapping[str, External]) -> dict[str, Any]:
    return {name: {"role": one.role, "url": one.url} for name, one in externals.items()}


def _points(edges: tuple[Edge, ...]) -> dict[str, Any]:
    return {
        f"{edge.source} -> {edge.target}": _edge(edge.until, edge.purpose, edge.required, edge.calls) for edge in edges
    }


def _networks(networks: Mapping[str, NetworkPlan]) -> dict[str, Any]:
    return {name: network._asdict() for name, network in networks.items()}


def _volumes(volumes: Mapping[str, VolumePlan]) -> dict[str, Any]:
    return {name: {"owner": volume.owner} for name, volume in volumes.items()}


def _secrets(secrets: Mapping[str, SecretPlan]) -> dict[str, Any]:
    return {name: _secret(secret) for name, secret in secrets.items()}


def _variables(variables: Mapping[str, VariablePlan]) -> dict[str, Any]:
    return {name: _variable(variable) for name, variable in variables.items()}


_MEMBERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "externals": ("externals", _externals),
    "integration_points": ("edges", _points),
    "gateway": ("gateway", _gateway),
    "networks": ("networks", _networks),
    "volumes": ("volumes", _volumes),
    "secrets": ("secrets", _secrets),
    "variables": ("variables", _variables),
}
"""Member of a plan -> the field of the plan that it says, and how."""
