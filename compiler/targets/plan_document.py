"""`plan.json`: what was decided, for machines and for the semantic diff. Keyed by name wherever there is a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.model.plan import Build, Connect, Execute, HttpGet, UnitKind
from compiler.model.value import SecretOf, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Request
    from compiler.model.plan import (
        Compilation,
        Edge,
        GatewayPlan,
        Health,
        Mount,
        Plan,
        Question,
        SecretPlan,
        Unit,
        VariablePlan,
    )
    from compiler.model.value import Text

SCHEMA_VERSION = 2
"""The layout; another one is never compared with this."""
_FACTS = frozenset({"type", "password", "viewer"})
"""The settings of an instance that are no parts."""


def plan_document(compilation: Compilation) -> dict[str, Any]:
    """The manifest's own plan, and that of each environment. Holds names of secrets, never a value."""
    return {
        "schema_version": SCHEMA_VERSION,
        "project": compilation.base.project,
        "plan": _plan(compilation.base),
        "environments": {name: _plan(plan) for name, plan in compilation.environments.items()},
    }


def plan_text(text: Text) -> str:
    """A text with its holes named: `${secrets.X}` and `${VARIABLE}`."""
    return "".join(_piece(piece) for piece in text)


def layer_numbers(plan: Plan) -> Mapping[str, int]:
    """Unit -> its layer, counted from 1."""
    return {name: number for number, layer in enumerate(plan.layers, start=1) for name in layer}


def _piece(piece: str | Variable | SecretOf) -> str:
    if isinstance(piece, SecretOf):
        return f"${{secrets.{piece.name}}}"
    return f"${{{piece.name}}}" if isinstance(piece, Variable) else piece


def _plan(plan: Plan) -> dict[str, Any]:
    numbers = layer_numbers(plan)
    return {
        "least_start_ms": plan.least_start_ms,
        "bind": plan.bind,
        "units": {name: _unit(unit, numbers.get(name, 0)) for name, unit in plan.units.items()},
        "externals": {name: {"role": one.role, "url": one.url} for name, one in plan.externals.items()},
        "integration_points": {f"{edge.source} -> {edge.target}": _edge(edge) for edge in plan.edges},
        "gateway": _gateway(plan.gateway),
        "networks": {name: network._asdict() for name, network in plan.networks.items()},
        "volumes": {name: {"owner": volume.owner} for name, volume in plan.volumes.items()},
        "secrets": {name: _secret(secret) for name, secret in plan.secrets.items()},
        "variables": {name: _variable(variable) for name, variable in plan.variables.items()},
        "tests": {
            "api": [_request(request) for request in plan.api_tests],
            "smoke": {flow.name: [_request(request) for request in flow.steps] for flow in plan.smoke_tests},
        },
    }


def _unit(unit: Unit, layer: int) -> dict[str, Any]:
    return {
        "kind": unit.kind.value,
        "role": unit.role,
        "layer": layer,
        **({"of": unit.parent} if unit.parent else {}),
        **_image(unit),
        **({"entrypoint": [plan_text(word) for word in unit.entrypoint]} if unit.entrypoint else {}),
        "command": [plan_text(word) for word in unit.command],
        "environment": {key: plan_text(text) for key, text in unit.environment.items()},
        "ports": {
            port.name: {
                "container": port.container,
                "host": port.host,
                "variable": port.variable,
                "scheme": port.scheme,
            }
            for port in unit.ports.values()
        },
        "mounts": {mount.at: _mount(mount) for mount in unit.mounts},
        "networks": dict.fromkeys(("default", *unit.networks), True),
        "health": _health(unit.health),
        "profiles": list(unit.profiles),
        **({"replicas": unit.replicas} if unit.replicas is not None else {}),
        **({"hostname": unit.hostname} if unit.hostname else {}),
        **_settings(unit),
        **({"develop": _develop(unit)} if unit.develop else {}),
        "extras": {target: dict(settings) for target, settings in unit.extras.items()},
    }


def _image(unit: Unit) -> dict[str, Any]:
    if not isinstance(unit.image, Build):
        return {"image": unit.image.name, "version": unit.image.version}
    build = unit.image
    args = {key: plan_text(text) for key, text in build.args.items()}
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
    if health is None:
        return None
    return {
        "liveness": _question(health.liveness),
        "readiness": _question(health.readiness),
        "asker": health.asker.value,
        **health.timing._asdict(),
    }


def _question(question: Question | None) -> str | None:
    if isinstance(question, HttpGet):
        return f"GET :{question.port}{question.path}"
    if isinstance(question, Connect):
        return f"connect :{question.port}"
    if isinstance(question, Execute):
        return " ".join(plan_text(word) for word in question.argv)
    return None


def _edge(edge: Edge) -> dict[str, Any]:
    return {"until": edge.until.value, "purpose": edge.purpose, "required": edge.required, "calls": edge.calls}


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
