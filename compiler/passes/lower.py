"""Canonical data to the typed manifest: text becomes numbers, times, flags and templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from compiler.model.finding import Defect
from compiler.model.manifest import (
    BuildWish,
    Dependency,
    Develop,
    Flow,
    Gateway,
    HealthWish,
    Instance,
    Manifest,
    Migration,
    Network,
    PartWish,
    PortSettings,
    PortWish,
    Request,
    RouteWish,
    Secret,
    Service,
    Tests,
    VolumeWish,
    Watch,
)
from compiler.model.value import Reference, SecretOf
from compiler.passes.compose_settings import compose_settings
from compiler.passes.templates import read_template
from compiler.passes.widen import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Route
    from compiler.model.value import Template

_DURATION = re.compile(r"(\d+)(ms|s|m|h)")
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_REQUEST = re.compile(r"([A-Z]+)\s+(\S+)\s+(\S+)(?:\s+(\d{3}))?")
_SHELL = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<"})
FAMILIES = ("databases", "topics")
DEFAULT_RANGE = "8000-8999"


class Lowered(NamedTuple):
    """The typed manifest, and what in its texts has no meaning."""

    manifest: Manifest
    defects: tuple[Defect, ...]


def lower(value: Mapping[str, Any], environment: str, output: str) -> Lowered:
    """The manifest of one environment. `value` is canonical and valid; `output` is used where it names none."""
    reader = _Reader([])
    manifest = Manifest(
        name=str(value["name"]),
        environment=environment,
        output=value.get("output") or output,
        networks={name: _network(name, entry) for name, entry in value["networks"].items()},
        ports=_ports(value.get("ports") or {}),
        secrets={name: _secret(name, entry) for name, entry in value["secrets"].items()},
        infrastructure={name: reader.instance(name, entry) for name, entry in value["infrastructure"].items()},
        services={name: reader.service(name, entry) for name, entry in value["services"].items()},
        gateway=_gateway(value["gateway"]) if value.get("gateway") else None,
        tests=Tests(
            tuple(reader.request(entry, ("tests", "api", i)) for i, entry in enumerate(value["tests"]["api"])),
            tuple(reader.flow(entry, ("tests", "smoke", i)) for i, entry in enumerate(value["tests"]["smoke"])),
        ),
    )
    return Lowered(manifest, tuple(reader.defects))


def milliseconds(text: str) -> int:
    """A duration such as `1m30s` in milliseconds."""
    return sum(int(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))


def is_true(value: object) -> bool:
    """A flag, written as text or as YAML's own."""
    return str(value).lower() == "true"


class _Reader(NamedTuple):
    """Turns entries into values; collects what their texts get wrong."""

    defects: list[Defect]

    def text(self, value: object, at: Route) -> Template:
        """A template; a malformed hole is noted."""
        template, malformed = read_template(str(value))
        self.defects.extend(Defect("text.malformed", at, {"text": wrong.text}) for wrong in malformed)
        return template

    def checked(self, value: str, at: Route) -> str:
        """The text as it stands; a malformed hole in it is noted."""
        self.text(value, at)
        return value

    def texts(self, value: object, at: Route) -> dict[str, Template]:
        """A mapping of templates."""
        return {key: self.text(item, (*at, key)) for key, item in _mapping(value).items()}

    def command(self, value: object, at: Route) -> tuple[Template, ...]:
        """A command: a list as it stands, or text split as a POSIX shell splits words."""
        if value in (None, ""):
            return ()
        try:
            split = words(value)
        except ValueError as problem:
            self.defects.append(Defect("text.unbalanced", at, {"text": str(value), "reason": str(problem).lower()}))
            return ()
        operator = next((word for word in split if word in _SHELL and not isinstance(value, list)), "")
        if operator:
            self.defects.append(Defect("text.shell", at, {"text": str(value), "operator": operator}))
        return tuple(self.text(word, at) for word in split)

    def instance(self, name: str, entry: Mapping[str, Any]) -> Instance:
        """A piece of infrastructure."""
        at: Route = ("infrastructure", name)
        publish = str(entry.get("publish") or "false")
        return Instance(
            name=name,
            type=entry["type"],
            version=str(entry.get("version") or ""),
            image=entry.get("image") or "",
            role=entry.get("role") or "",
            password=self.text(entry["password"], (*at, "password")) if entry.get("password") else None,
            parts=tuple(
                PartWish(family, part, self.texts(options, (*at, family, part)), (*at, family, part))
                for family in FAMILIES
                for part, options in _mapping(entry.get(family)).items()
            ),
            volume=entry.get("volume") or "",
            publish=publish != "false",
            publish_port=int(publish) if publish.isdigit() else None,
            environment=self.texts(entry.get("environment"), (*at, "environment")),
            config=self.texts(entry.get("config"), (*at, "config")),
            at=at,
        )

    def service(self, name: str, entry: Mapping[str, Any]) -> Service:
        """A service of the team."""
        at: Route = ("services", name)
        replicas = entry.get("replicas")
        return Service(
            name=name,
            role=entry.get("role") or "",
            build=self.build(entry["build"], (*at, "build")) if entry.get("build") else None,
            image=self.checked(entry.get("image") or "", (*at, "image")),
            url=(entry.get("url") or "").rstrip("/"),
            protocol=entry.get("protocol") or "http",
            ports={key: _port(key, text, (*at, "ports", key)) for key, text in _mapping(entry.get("ports")).items()},
            health=self.health(entry["healthcheck"], (*at, "healthcheck")) if entry.get("healthcheck") else None,
            environment=self.texts(entry.get("environment"), (*at, "environment")),
            depends_on={
                key: _dependency(key, _mapping(item), (*at, "depends_on", key))
                for key, item in _mapping(entry.get("depends_on")).items()
            },
            migrate=self.migration(entry["migrate"], (*at, "migrate")) if entry.get("migrate") else None,
            develop=self.develop(entry["develop"], (*at, "develop")) if entry.get("develop") else None,
            profiles=tuple(entry.get("profiles") or ()),
            replicas=int(replicas) if replicas else None,
            command=self.command(entry.get("command"), (*at, "command")),
            volumes=tuple(_volume(text, (*at, "volumes", i)) for i, text in enumerate(entry.get("volumes") or ())),
            networks=tuple(entry["networks"]) if entry.get("networks") else None,
            compose=self.settings(_mapping(entry.get("compose")), (*at, "compose")),
            at=at,
        )

    def settings(self, entry: Mapping[str, Any], at: Route) -> dict[str, Any]:
        """What is passed through to Compose as it stands: nothing in it is resolved, so it refers to nothing."""
        for inner, text in _leaves(entry, at):
            template, malformed = read_template(text)
            self.defects.extend(Defect("text.malformed", inner, {"text": wrong.text}) for wrong in malformed)
            for piece in template:
                if isinstance(piece, Reference | SecretOf):
                    self.defects.append(Defect("text.passed-through", inner, {"text": _spelled(piece)}))
        return compose_settings(entry)

    def build(self, entry: Mapping[str, Any], at: Route) -> BuildWish:
        """A build."""
        return BuildWish(
            entry["context"],
            entry.get("dockerfile") or "Dockerfile",
            entry.get("target") or "",
            self.texts(entry.get("args"), (*at, "args")),
            at,
        )

    def health(self, entry: Mapping[str, Any], at: Route) -> HealthWish:
        """A health check, timing defaults 5s/5s/12/10s (DESIGN section 2)."""
        command = entry.get("command")
        shell = isinstance(command, str)
        return HealthWish(
            liveness=entry.get("liveness") or "",
            readiness=entry.get("readiness") or "",
            command=(self.text(command, (*at, "command")),) if shell and command else self.command(command, at),
            shell=shell,
            port=str(entry.get("port") or ""),
            probe=entry.get("probe") or "auto",
            interval_ms=milliseconds(entry.get("interval") or "5s"),
            timeout_ms=milliseconds(entry.get("timeout") or "5s"),
            retries=int(entry.get("retries") or 12),
            start_period_ms=milliseconds(entry.get("start_period") or "10s"),
            at=at,
        )

    def migration(self, entry: Mapping[str, Any], at: Route) -> Migration:
        """A command that ends."""
        return Migration(
            self.command(entry.get("entrypoint"), (*at, "entrypoint")),
            self.command(entry.get("command"), (*at, "command")),
            at,
        )

    def develop(self, entry: Mapping[str, Any], at: Route) -> Develop:
        """What a developer's overlay adds."""
        port = entry.get("debug_port")
        return Develop(
            self.command(entry.get("command"), (*at, "command")),
            int(port) if port else None,
            self.texts(entry.get("environment"), (*at, "environment")),
            tuple(
                Watch(
                    watch["path"],
                    watch["action"],
                    watch.get("target") or "",
                    tuple(watch.get("ignore") or ()),
                    (*at, "watch", i),
                )
                for i, watch in enumerate(self.watches(entry, at))
            ),
            at,
        )

    def watches(self, entry: Mapping[str, Any], at: Route) -> list[dict[str, Any]]:
        """What is watched; whatever is put into the container needs a place there."""
        watches = list(entry.get("watch") or ())
        for index, watch in enumerate(watches):
            if watch["action"] not in {"rebuild", "restart"} and not watch.get("target"):
                self.defects.append(Defect("develop.no-target", (*at, "watch", index), {"action": watch["action"]}))
        return watches

    def request(self, entry: object, at: Route) -> Request:
        """A request: `METHOD target /path [status]`, or the long form."""
        value = entry if isinstance(entry, dict) else {"request": str(entry)}
        match = _REQUEST.fullmatch(value["request"].strip())
        if match is None:
            self.defects.append(Defect("test.malformed", at, {"text": value["request"]}))
        method, target, path, status = match.groups() if match else ("GET", "", "/", None)
        body = str(value.get("json") or "")
        headers = {key: str(item) for key, item in _mapping(value.get("headers")).items()}
        if body and "content-type" not in {key.lower() for key in headers}:
            headers = {"Content-Type": "application/json", **headers}
        return Request(
            method=method,
            target=target,
            path=path,
            headers=headers,
            body=body,
            expect=int(value.get("expect") or status or 200),
            contains=str(value.get("contains") or ""),
            save={key: str(item) for key, item in _mapping(value.get("save")).items()},
            at=at,
        )

    def flow(self, entry: Mapping[str, Any], at: Route) -> Flow:
        """Requests in order."""
        steps = tuple(self.request(step, (*at, "steps", i)) for i, step in enumerate(entry.get("steps") or ()))
        return Flow(str(entry["name"]), steps, at)


def _leaves(value: object, at: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*at, index))
    else:
        yield at, str(value)


def _spelled(piece: Reference | SecretOf) -> str:
    words = ("secrets", piece.name) if isinstance(piece, SecretOf) else (piece.name, *piece.output)
    return f"${{{'.'.join(words)}}}"


def _network(name: str, entry: Mapping[str, Any]) -> Network:
    return Network(
        name,
        entry.get("driver") or "bridge",
        is_true(entry.get("internal")),
        is_true(entry.get("external")),
        entry.get("name") or (name if is_true(entry.get("external")) else ""),
        ("networks", name),
    )


def _ports(entry: Mapping[str, Any]) -> PortSettings:
    low, _, high = str(entry.get("range") or DEFAULT_RANGE).partition("-")
    return PortSettings(entry.get("bind") or "127.0.0.1", int(low), int(high), entry.get("registry") or "", ("ports",))


def _secret(name: str, entry: Mapping[str, Any]) -> Secret:
    return Secret(
        name,
        entry.get("value") or "generated",
        entry.get("description") or "",
        int(entry.get("length") or 32),
        ("secrets", name),
    )


def _port(name: str, text: object, at: Route) -> PortWish:
    host, separator, container = str(text).rpartition(":")
    if host == "internal":
        return PortWish(name, int(container), None, published=False, at=at)
    return PortWish(name, int(container), int(host) if separator else None, published=True, at=at)


def _dependency(target: str, entry: Mapping[str, Any], at: Route) -> Dependency:
    return Dependency(
        target,
        entry.get("purpose") or "",
        entry.get("condition") or "",
        is_true(entry.get("required", "true")),
        at,
    )


def _volume(text: str, at: Route) -> VolumeWish:
    source, _, rest = text.partition(":")
    target, _, mode = rest.partition(":")
    return VolumeWish(source, target, mode == "ro", at)


def _gateway(entry: Mapping[str, Any]) -> Gateway:
    tls = entry.get("tls") or {}
    return Gateway(
        type=entry.get("type") or "nginx",
        mode=entry.get("mode") or "container",
        version=str(entry.get("version") or ""),
        host=entry.get("host") or "",
        certificate=tls.get("certificate") or "",
        key=tls.get("key") or "",
        port=int(entry["port"]) if entry.get("port") else None,
        routes=tuple(_route(route, ("gateway", "routes", i)) for i, route in enumerate(entry.get("routes") or ())),
        at=("gateway",),
    )


def _route(entry: Mapping[str, Any], at: Route) -> RouteWish:
    return RouteWish(
        path=entry["path"],
        service=entry["service"],
        strip_prefix=is_true(entry.get("strip_prefix")),
        access_log=is_true(entry.get("access_log", "true")),
        websocket=is_true(entry.get("websocket")),
        timeout_ms=milliseconds(entry.get("timeout") or "60s"),
        at=at,
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
