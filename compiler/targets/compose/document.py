"""A Compose file from a plan: every unit, network and volume, keys in a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.model.plan import Asker, Build, Execute, MountKind, UnitKind, Until
from compiler.spell.compose import compose_literal
from compiler.spell.yaml import Sourced
from compiler.targets.compose.probe import CMD, CMD_SHELL, probe
from compiler.targets.compose.words import compose_text, duration, from_output, project_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Watch
    from compiler.model.plan import Edge, Health, Mount, Plan, Port, Unit

_CONDITIONS = {
    Until.STARTED: "service_started",
    Until.HEALTHY: "service_healthy",
    Until.COMPLETED: "service_completed_successfully",
}
CONFIGURATION_LABEL = "periplus.configuration"


def compose_document(plan: Plan, output: str, digests: Mapping[str, str]) -> dict[str, Any]:
    """The whole file. `digests` of mounted files (by path in the output) make their users notice a change."""
    edges: dict[str, list[Edge]] = {}
    for edge in plan.edges:
        if edge.until is not Until.NOTHING and edge.target in plan.units:
            edges.setdefault(edge.source, []).append(edge)
    document: dict[str, Any] = {
        "name": Sourced(project_name(plan), ("name",)),
        "services": {
            name: Sourced(_service(unit, plan, edges.get(name, []), output, digests), unit.at)
            for name, unit in plan.units.items()
        },
    }
    if plan.networks:
        document["networks"] = {name: Sourced(_network(plan, name), ("networks", name)) for name in plan.networks}
    if plan.volumes:
        document["volumes"] = {name: Sourced({}, plan.units[volume.owner].at) for name, volume in plan.volumes.items()}
    return document


def _service(unit: Unit, plan: Plan, edges: list[Edge], output: str, digests: Mapping[str, str]) -> dict[str, Any]:
    return {
        **({"profiles": Sourced(list(unit.profiles), (*unit.at, "profiles"))} if unit.profiles else {}),
        **_image(unit, plan, output),
        **_run(unit, plan),
        **_reach(unit, plan),
        **_mounts(unit, output),
        **_order(unit, plan, edges),
        **_further(unit, output),
        **_labels(unit, digests),
    }


def _run(unit: Unit, plan: Plan) -> dict[str, Any]:
    """What runs in it."""
    at = unit.at
    found: dict[str, Any] = {}
    if unit.entrypoint:
        found["entrypoint"] = Sourced([compose_text(word, plan.secrets) for word in unit.entrypoint], at)
    if unit.command:
        found["command"] = Sourced([compose_text(word, plan.secrets) for word in unit.command], (*at, "command"))
    if unit.hostname:
        found["hostname"] = unit.hostname
    if unit.environment:
        found["environment"] = {
            key: Sourced(compose_text(text, plan.secrets), (*at, "environment", key))
            for key, text in unit.environment.items()
        }
    return found


def _reach(unit: Unit, plan: Plan) -> dict[str, Any]:
    """How it is reached."""
    ports = [Sourced(_port(port, plan), port.at) for port in unit.ports.values() if port.host is not None]
    networks = Sourced(["default", *unit.networks], (*unit.at, "networks"))
    return {**({"ports": ports} if ports else {}), **({"networks": networks} if unit.networks else {})}


def _order(unit: Unit, plan: Plan, edges: list[Edge]) -> dict[str, Any]:
    """What it waits for, and how others know that it works."""
    found: dict[str, Any] = {}
    if edges:
        found["depends_on"] = {edge.target: Sourced(_condition(edge), edge.because[0]) for edge in edges}
    if unit.kind is UnitKind.JOB:
        found["restart"] = "no"
    elif unit.health is not None and (check := _healthcheck(unit.health, plan)):
        found["healthcheck"] = Sourced(check, unit.health.at)
    return found


def _further(unit: Unit, output: str) -> dict[str, Any]:
    """Replicas, what a developer watches, and settings that only Compose knows."""
    at = unit.at
    found: dict[str, Any] = {}
    if unit.replicas is not None:
        found["deploy"] = Sourced({"replicas": unit.replicas}, (*at, "replicas"))
    if unit.develop is not None:
        found["develop"] = {"watch": [Sourced(_watch(watch, output), watch.at) for watch in unit.develop.watch]}
    for key, value in unit.extras.get("compose", {}).items():
        written = _env_file(value, output) if key == "env_file" else _extra(value)
        found[key] = Sourced(written, (*at, "compose", key))
    return found


def _labels(unit: Unit, digests: Mapping[str, str]) -> dict[str, Any]:
    """A changed file of the gateway's makes it a new container: its mount would keep the old text."""
    found = [digests[mount.source] for mount in unit.mounts if mount.source in digests]
    return {"labels": {CONFIGURATION_LABEL: "-".join(found)}} if found and unit.kind is UnitKind.GATEWAY else {}


def _image(unit: Unit, plan: Plan, output: str) -> dict[str, Any]:
    if not isinstance(unit.image, Build):
        name = f"{unit.image.name}:{unit.image.version}" if unit.image.version else unit.image.name
        written = compose_text(unit.image.text, plan.secrets) if unit.image.text else compose_literal(name)
        return {"image": Sourced(written, unit.at)}
    build: dict[str, Any] = {
        "context": compose_literal(from_output(unit.image.context, output)),
        "dockerfile": compose_literal(unit.image.dockerfile),
    }
    if unit.image.target:
        build["target"] = compose_literal(unit.image.target)
    if unit.image.args:
        build["args"] = {key: compose_text(text, plan.secrets) for key, text in unit.image.args.items()}
    return {"build": Sourced(build, (*_owner(unit, plan).at, "build"))}


def _owner(unit: Unit, plan: Plan) -> Unit:
    return plan.units.get(unit.parent, unit) if unit.kind is UnitKind.JOB else unit


def _port(port: Port, plan: Plan) -> str:
    bind = f"[{plan.bind}]" if ":" in plan.bind else plan.bind
    if port.host == 0:
        return f"{bind}::{port.container}"
    return f"{bind}:${{{port.variable}:-{port.host}}}:{port.container}"


def _mounts(unit: Unit, output: str) -> dict[str, Any]:
    memory = [mount.at for mount in unit.mounts if mount.kind is MountKind.MEMORY]
    volumes = [_volume(mount, output) for mount in unit.mounts if mount.kind is not MountKind.MEMORY]
    return {**({"volumes": volumes} if volumes else {}), **({"tmpfs": memory} if memory else {})}


def _volume(mount: Mount, output: str) -> object:
    if mount.kind is MountKind.VOLUME:
        return compose_literal(f"{mount.source}:{mount.at}") + (":ro" if mount.read_only else "")
    source = f"./{mount.source}" if mount.kind is MountKind.OUTPUT else from_output(mount.source, output)
    bind: dict[str, object] = {
        "type": "bind",
        "source": compose_literal(source),
        "target": compose_literal(mount.at),
    }
    return {**bind, "read_only": True} if mount.read_only else bind


def _condition(edge: Edge) -> dict[str, object]:
    condition: dict[str, object] = {"condition": _CONDITIONS[edge.until]}
    return condition if edge.required else {**condition, "required": False}


def _healthcheck(health: Health, plan: Plan) -> dict[str, object]:
    if health.asker is Asker.NONE or health.liveness is None:
        return {}
    test = list(_test(health, plan))
    if not test:
        return {}
    timing = health.timing
    return {
        "test": test,
        "interval": duration(timing.interval_ms),
        "timeout": duration(timing.timeout_ms),
        "retries": timing.retries,
        "start_period": duration(timing.grace_ms),
    }


def _test(health: Health, plan: Plan) -> Iterator[str]:
    question = health.liveness
    if isinstance(question, Execute):
        yield CMD_SHELL if question.shell else CMD
        yield from (compose_text(word, plan.secrets) for word in question.argv)
    elif question is not None:
        yield from (compose_literal(word) for word in probe(question, health))


def _watch(watch: Watch, output: str) -> dict[str, object]:
    entry: dict[str, object] = {"action": watch.action, "path": compose_literal(from_output(watch.path, output))}
    if watch.target:
        entry["target"] = compose_literal(watch.target)
    if watch.ignore:
        entry["ignore"] = [compose_literal(pattern) for pattern in watch.ignore]
    return entry


def _extra(value: object) -> object:
    """A pass-through setting: Compose's own interpolation stays, so text is written as it stands."""
    if isinstance(value, dict):
        return {str(key): _extra(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_extra(item) for item in value]
    return value


def _env_file(value: object, output: str) -> object:
    """Paths of the manifest's folder, seen from the output; Compose reads text, a list, or a list of mappings."""
    if isinstance(value, list):
        return [_env_file(item, output) for item in value]
    if isinstance(value, dict):
        return {**value, "path": from_output(str(value["path"]), output)}
    return from_output(str(value), output)


def _network(plan: Plan, name: str) -> dict[str, object]:
    network = plan.networks[name]
    named: dict[str, object] = {"name": network.actual} if network.actual else {}
    if network.external:
        return {**named, "external": True}
    return {**named, "driver": network.driver, **({"internal": True} if network.internal else {})}
