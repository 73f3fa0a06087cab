"""Canonical data to the typed manifest: text becomes numbers, times, flags and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.model.manifest import (
    Flow,
    Gateway,
    Instance,
    Lint,
    Manifest,
    Network,
    PartWish,
    PortSettings,
    Request,
    RouteWish,
    Secret,
    Service,
    SeverityWish,
    Suppression,
    Tests,
)
from compiler.passes.lower_service import lower_service
from compiler.passes.reader import Reader, is_true, mapping, milliseconds
from compiler.passes.recall import Recall
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.source import Route

_REQUEST = regex(r"([A-Z]+)\s+(\S+)\s+(\S+)(?:\s+(\d{3}))?")
FAMILIES = ("databases", "topics")
DEFAULT_RANGE = "8000-8999"


class Lowered(NamedTuple):
    """The typed manifest, and what in its texts has no meaning."""

    manifest: Manifest
    defects: tuple[Defect, ...]


def lower(value: Mapping[str, Any], environment: str, output: str, recall: Recall | None = None) -> Lowered:
    """The manifest of one environment. `value` is canonical and valid; `output` is used where it names none."""
    recall = recall or Recall({})
    infrastructure, of_infrastructure = recall(_infrastructure, value["infrastructure"])
    services, of_services = recall(_services, value["services"], recall)
    tests, of_tests = recall(_tests, value["tests"])
    manifest = Manifest(
        name=str(value.get("name", "")),
        environment=environment,
        output=value.get("output") or output,
        networks=recall(_networks, value["networks"]),
        ports=_ports(value.get("ports") or {}),
        secrets=recall(_secrets, value["secrets"]),
        infrastructure=infrastructure,
        services=services,
        gateway=recall(_gateway, value["gateway"]) if value.get("gateway") else None,
        tests=tests,
        lint=recall(_lint, value["lint"]) if value.get("lint") else None,
    )
    return Lowered(manifest, (*of_infrastructure, *of_services, *of_tests))


def _infrastructure(entries: Mapping[str, Any]) -> tuple[dict[str, Instance], list[Defect]]:
    reader = Reader([])
    return {name: _instance(reader, name, entry) for name, entry in entries.items()}, reader.defects


def _services(entries: Mapping[str, Any], recall: Recall) -> tuple[dict[str, Service], list[Defect]]:
    services: dict[str, Service] = {}
    defects: list[Defect] = []
    for name, entry in entries.items():
        services[name], found = recall(lower_service, name, entry, of=name)
        defects += found
    return services, defects


def _networks(entries: Mapping[str, Any]) -> dict[str, Network]:
    return {name: _network(name, entry) for name, entry in entries.items()}


def _secrets(entries: Mapping[str, Any]) -> dict[str, Secret]:
    return {name: _secret(name, entry) for name, entry in entries.items()}


def _tests(entries: Mapping[str, Any]) -> tuple[Tests, list[Defect]]:
    reader = Reader([])
    api = tuple(_request(reader, entry, ("tests", "api", i)) for i, entry in enumerate(entries["api"]))
    smoke = tuple(_flow(reader, entry, ("tests", "smoke", i)) for i, entry in enumerate(entries["smoke"]))
    return Tests(api, smoke), reader.defects


def _instance(reader: Reader, name: str, entry: Mapping[str, Any]) -> Instance:
    at: Route = ("infrastructure", name)
    publish = str(entry.get("publish") or "false")
    return Instance(
        name=name,
        type=entry["type"],
        version=str(entry.get("version") or ""),
        image=entry.get("image") or "",
        role=entry.get("role") or "",
        password=reader.text(entry["password"], (*at, "password")) if entry.get("password") else None,
        parts=tuple(
            PartWish(family, part, reader.texts(options, (*at, family, part)), (*at, family, part))
            for family in FAMILIES
            for part, options in mapping(entry.get(family)).items()
        ),
        volume=entry.get("volume") or "",
        publish=publish != "false",
        publish_port=int(publish) if publish.isdigit() else None,
        environment=reader.texts(entry.get("environment"), (*at, "environment")),
        config=reader.texts(entry.get("config"), (*at, "config")),
        at=at,
    )


def _request(reader: Reader, entry: object, at: Route) -> Request:
    """A request: `METHOD target /path [status]`, or the long form."""
    value = entry if isinstance(entry, dict) else {"request": str(entry)}
    match = _REQUEST.fullmatch(value["request"].strip())
    if match is None:
        reader.defects.append(Defect("test.malformed", at, {"text": value["request"]}))
    method, target, path, status = match.groups() if match else ("GET", "", "/", None)
    body = str(value.get("json") or "")
    headers = {key: str(item) for key, item in mapping(value.get("headers")).items()}
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
        save={key: str(item) for key, item in mapping(value.get("save")).items()},
        at=at,
    )


def _flow(reader: Reader, entry: Mapping[str, Any], at: Route) -> Flow:
    steps = tuple(_request(reader, step, (*at, "steps", i)) for i, step in enumerate(entry.get("steps") or ()))
    return Flow(str(entry["name"]), steps, at)


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


def _lint(entry: Mapping[str, Any]) -> Lint:
    severities = mapping(entry.get("severities")).items()
    return Lint(
        tuple(
            SeverityWish(code, wish["severity"], wish["reason"], ("lint", "severities", code))
            for code, wish in severities
        ),
        tuple(
            Suppression(wish["code"], wish.get("subject") or "", wish["reason"], ("lint", "suppressions", index))
            for index, wish in enumerate(entry.get("suppressions") or ())
        ),
    )
