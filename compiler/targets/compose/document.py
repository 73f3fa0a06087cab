"""A Compose file from a plan: every unit, network and volume, keys in a fixed order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from compiler.model.plan import Asker, Build, Execute, Health, MountKind, UnitKind, Until
from compiler.spell.compose import compose_literal
from compiler.spell.memory import Repeated
from compiler.spell.yaml import Sourced
from compiler.targets.compose.probe import CMD, CMD_SHELL, probe
from compiler.targets.compose.words import compose_text, duration, from_output, project_name
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compiler.model.manifest import Watch
    from compiler.model.plan import Connect, DevelopPlan, Edge, HttpGet, Image, Mount, Plan, Port, Timing, Unit
    from compiler.model.source import Route
    from compiler.model.value import Text

_CONDITIONS = {
    Until.STARTED: "service_started",
    Until.HEALTHY: "service_healthy",
    Until.COMPLETED: "service_completed_successfully",
}
CONFIGURATION_LABEL = "periplus.configuration"


def compose_document(plan: Plan, output: str, digests: Mapping[str, str]) -> dict[str, Any]:
    """The whole file. `digests` of mounted files (by path in the output) make their users notice a change."""
    return Composer(output, digests).document(plan)


class _Made(NamedTuple):
    """A service as it was made first, and what each part of it was made of."""

    given: tuple[object, ...]
    reads: tuple[tuple[Any, ...], ...]
    parts: tuple[dict[str, Any], ...]
    service: Sourced


class Composer:
    """Makes the files of one compilation: what environments have in common is made once, and is one object in all."""

    def __init__(self, output: str, digests: Mapping[str, str]) -> None:
        """`output` and `digests` are those of `compose_document`."""
        self._output = output
        self._digests = digests
        self._first: dict[str, _Made] = {}

    def document(self, plan: Plan) -> dict[str, Any]:
        """What `compose_document` gives."""
        edges = _awaited(plan)
        optional = frozenset(name for name, secret in plan.secrets.items() if secret.how == "optional")
        document: dict[str, Any] = {"name": Sourced(project_name(plan), ("name",)), "services": {}}
        for name, unit in plan.units.items():
            owner = plan.units.get(unit.parent, unit) if unit.kind is UnitKind.JOB else unit
            document["services"][name] = self._service(unit, edges.get(name), optional, plan.bind, owner.at)
        if plan.networks:
            document["networks"] = {name: Sourced(_network(plan, name), ("networks", name)) for name in plan.networks}
        if plan.volumes:
            owners = {name: plan.units[volume.owner] for name, volume in plan.volumes.items()}
            document["volumes"] = {name: Sourced({}, owner.at) for name, owner in owners.items()}
        return document

    def _service(
        self, unit: Unit, edges: list[Edge] | None, optional: frozenset[str], bind: str, owner: Route
    ) -> Sourced:
        given = (unit, edges, optional, bind, owner)
        first = self._first.get(unit.name)
        if first is not None and first.given == given:
            return first.service
        at, output = unit.at, self._output
        reads = (
            (unit.image, optional, output, at, owner),
            (unit.entrypoint, unit.command, unit.hostname, unit.environment, optional, at),
            (edges, unit.kind, unit.health, optional),
            (unit.replicas, unit.develop, unit.extras, output, at),
        )
        parts = _parts(reads, first)
        image, run, order, further = parts
        service = Sourced(
            {
                **({"profiles": Sourced(list(unit.profiles), (*at, "profiles"))} if unit.profiles else {}),
                **image,
                **run,
                **_reach(unit, bind),
                **_mounts(unit, output),
                **order,
                **further,
                **_labels(unit, self._digests),
            },
            at,
        )
        self._first.setdefault(unit.name, _Made(given, reads, parts, service))
        return service


def _parts(reads: tuple[tuple[Any, ...], ...], first: _Made | None) -> tuple[dict[str, Any], ...]:
    """The parts of a service: each the one that was made first, where it would be made of the same."""
    image, run, order, further = reads
    if first is None:
        return _image(*image), _run(*run), _order(*order), _further(*further)
    makers: tuple[Callable[..., dict[str, Any]], ...] = (_image, _run, _order, _further)
    known = zip(makers, reads, first.reads, first.parts, strict=True)
    return tuple([part if read == before else make(*read) for make, read, before, part in known])


def _awaited(plan: Plan) -> dict[str, list[Edge]]:
    """Unit -> the edges to what it waits for."""
    found: dict[str, list[Edge]] = {}
    for edge in plan.edges:
        if edge.until is not Until.NOTHING and edge.target in plan.units:
            found.setdefault(edge.source, []).append(edge)
    return found


def _run(
    entrypoint: tuple[Text, ...],
    command: tuple[Text, ...],
    hostname: str,
    environment: Mapping[str, Text],
    optional: frozenset[str],
    at: Route,
) -> dict[str, Any]:
    """What runs in it."""
    found: dict[str, Any] = {}
    if entrypoint:
        found["entrypoint"] = Sourced([compose_text(word, optional) for word in entrypoint], at)
    if command:
        found["command"] = Sourced([compose_text(word, optional) for word in command], (*at, "command"))
    if hostname:
        found["hostname"] = hostname
    if environment:
        found["environment"] = {
            key: Sourced(compose_text(text, optional), (*at, "environment", key)) for key, text in environment.items()
        }
    return found


def _reach(unit: Unit, bind: str) -> dict[str, Any]:
    """How it is reached."""
    found: dict[str, Any] = {}
    ports = [Sourced(_port(port, bind), port.at) for port in unit.ports.values() if port.host is not None]
    if ports:
        found["ports"] = ports
    if unit.networks:
        found["networks"] = Sourced(["default", *unit.networks], (*unit.at, "networks"))
    return found


def _order(edges: list[Edge] | None, kind: UnitKind, health: Health | None, optional: frozenset[str]) -> dict[str, Any]:
    """What it waits for, and how others know that it works."""
    found: dict[str, Any] = {}
    if edges:
        found["depends_on"] = {edge.target: Sourced(_condition(edge), edge.because[0]) for edge in edges}
    if kind is UnitKind.JOB:
        found["restart"] = "no"
    elif health is not None and (check := _healthcheck(health, optional)):
        found["healthcheck"] = Sourced(check, health.at)
    return found


def _further(
    replicas: int | None,
    develop: DevelopPlan | None,
    extras: Mapping[str, Mapping[str, object]],
    output: str,
    at: Route,
) -> dict[str, Any]:
    """Replicas, what a developer watches, and settings that only Compose knows."""
    found: dict[str, Any] = {}
    if replicas is not None:
        found["deploy"] = Sourced({"replicas": replicas}, (*at, "replicas"))
    if develop is not None:
        found["develop"] = {"watch": [Sourced(_watch(watch, output), watch.at) for watch in develop.watch]}
    for key, value in extras.get("compose", {}).items():
        written = _env_file(value, output) if key == "env_file" else _extra(value)
        found[key] = Sourced(written, (*at, "compose", key))
    return found


def _labels(unit: Unit, digests: Mapping[str, str]) -> dict[str, Any]:
    """A changed file of the gateway's makes it a new container: its mount would keep the old text."""
    if unit.kind is not UnitKind.GATEWAY:
        return {}
    found = [digests[mount.source] for mount in unit.mounts if mount.source in digests]
    return {"labels": {CONFIGURATION_LABEL: "-".join(found)}} if found else {}


def _image(image: Image | Build, optional: frozenset[str], output: str, at: Route, owner: Route) -> dict[str, Any]:
    """What it is made from; a job's build is explained by its owner."""
    if not isinstance(image, Build):
        name = f"{image.name}:{image.version}" if image.version else image.name
        written = compose_text(image.text, optional) if image.text else compose_literal(name)
        return {"image": Sourced(written, at)}
    build: dict[str, Any] = {
        "context": compose_literal(from_output(image.context, output)),
        "dockerfile": compose_literal(image.dockerfile),
    }
    if image.target:
        build["target"] = compose_literal(image.target)
    if image.args:
        build["args"] = {key: compose_text(text, optional) for key, text in image.args.items()}
    return {"build": Sourced(build, (*owner, "build"))}


def _port(port: Port, bind: str) -> str:
    address = f"[{bind}]" if ":" in bind else bind
    if port.host == 0:
        return f"{address}::{port.container}"
    return f"{address}:${{{port.variable}:-{port.host}}}:{port.container}"


def _mounts(unit: Unit, output: str) -> dict[str, Any]:
    if not unit.mounts:
        return {}
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


def _healthcheck(health: Health, optional: frozenset[str]) -> dict[str, object]:
    question = health.liveness
    if health.asker is Asker.NONE or question is None:
        return {}
    if not isinstance(question, Execute):
        return _probed(question, health.asker, health.timing)
    words = [compose_text(word, optional) for word in question.argv]
    return _check([CMD_SHELL if question.shell else CMD, *words], health.timing)


@lru_cache(maxsize=256)
def _probed(question: HttpGet | Connect, asker: Asker, timing: Timing) -> dict[str, object]:
    """Most services are asked alike."""
    test = probe(question, Health(question, None, timing, asker, ()))
    return Repeated(_check([compose_literal(word) for word in test], timing)) if test else {}


def _check(test: list[str], timing: Timing) -> dict[str, object]:
    return {
        "test": test,
        "interval": duration(timing.interval_ms),
        "timeout": duration(timing.timeout_ms),
        "retries": timing.retries,
        "start_period": duration(timing.grace_ms),
    }


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
