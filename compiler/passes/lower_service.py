"""An entry under `services` becomes a typed service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.model.manifest import (
    BuildWish,
    Dependency,
    Develop,
    HealthWish,
    Migration,
    PortWish,
    Service,
    VolumeWish,
    Watch,
)
from compiler.model.value import Reference, SecretOf
from compiler.passes.compose_settings import compose_settings
from compiler.passes.reader import Reader, is_true, mapping, milliseconds
from compiler.passes.templates import read_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Route


def lower_service(name: str, entry: Mapping[str, Any]) -> tuple[Service, tuple[Defect, ...]]:
    """A service of the team, and what its texts get wrong."""
    reader = Reader([])
    return _service(reader, name, entry), tuple(reader.defects)


def _service(reader: Reader, name: str, entry: Mapping[str, Any]) -> Service:
    at: Route = ("services", name)
    get = entry.get
    build, health, migrate, develop = get("build"), get("healthcheck"), get("migrate"), get("develop")
    replicas, networks, compose = get("replicas"), get("networks"), get("compose")
    return Service(
        name=name,
        role=get("role") or "",
        build=_build(reader, build, (*at, "build")) if build else None,
        image=reader.checked(get("image") or "", (*at, "image")),
        url=(get("url") or "").rstrip("/"),
        protocol=get("protocol") or "http",
        ports={key: _port(key, text, (*at, "ports", key)) for key, text in mapping(get("ports")).items()},
        health=_health(reader, health, (*at, "healthcheck")) if health else None,
        environment=reader.texts(get("environment"), (*at, "environment")),
        depends_on={
            key: _dependency(key, mapping(item), (*at, "depends_on", key))
            for key, item in mapping(get("depends_on")).items()
        },
        migrate=_migration(reader, migrate, (*at, "migrate")) if migrate else None,
        develop=_develop(reader, develop, (*at, "develop")) if develop else None,
        profiles=tuple(get("profiles") or ()),
        replicas=int(replicas) if replicas else None,
        command=reader.command(get("command"), (*at, "command")),
        volumes=tuple(_volume(text, (*at, "volumes", i)) for i, text in enumerate(get("volumes") or ())),
        networks=tuple(networks) if networks else None,
        compose=_settings(reader, compose, (*at, "compose")) if compose else {},
        at=at,
    )


def _settings(reader: Reader, entry: Mapping[str, Any], at: Route) -> dict[str, Any]:
    """What is passed through to Compose as it stands: nothing in it is resolved, so it refers to nothing."""
    for inner, text in _leaves(entry, at):
        template, malformed = read_template(text)
        reader.defects.extend(Defect("text.malformed", inner, {"text": wrong.text}) for wrong in malformed)
        for piece in template:
            if isinstance(piece, Reference | SecretOf):
                reader.defects.append(Defect("text.passed-through", inner, {"text": _spelled(piece)}))
    return compose_settings(entry)


def _build(reader: Reader, entry: Mapping[str, Any], at: Route) -> BuildWish:
    """A build."""
    return BuildWish(
        entry["context"],
        entry.get("dockerfile") or "Dockerfile",
        entry.get("target") or "",
        reader.texts(entry.get("args"), (*at, "args")),
        at,
    )


def _health(reader: Reader, entry: Mapping[str, Any], at: Route) -> HealthWish:
    """A health check, timing defaults 5s/5s/12/10s (DESIGN section 2)."""
    command = entry.get("command")
    shell = isinstance(command, str)
    return HealthWish(
        liveness=entry.get("liveness") or "",
        readiness=entry.get("readiness") or "",
        command=(reader.text(command, (*at, "command")),) if shell and command else reader.command(command, at),
        shell=shell,
        port=str(entry.get("port") or ""),
        probe=entry.get("probe") or "auto",
        interval_ms=milliseconds(entry.get("interval") or "5s"),
        timeout_ms=milliseconds(entry.get("timeout") or "5s"),
        retries=int(entry.get("retries") or 12),
        start_period_ms=milliseconds(entry.get("start_period") or "10s"),
        at=at,
    )


def _migration(reader: Reader, entry: Mapping[str, Any], at: Route) -> Migration:
    """A command that ends."""
    return Migration(
        reader.command(entry.get("entrypoint"), (*at, "entrypoint")),
        reader.command(entry.get("command"), (*at, "command")),
        at,
    )


def _develop(reader: Reader, entry: Mapping[str, Any], at: Route) -> Develop:
    """What a developer's overlay adds."""
    port = entry.get("debug_port")
    return Develop(
        reader.command(entry.get("command"), (*at, "command")),
        int(port) if port else None,
        reader.texts(entry.get("environment"), (*at, "environment")),
        tuple(
            Watch(
                watch["path"],
                watch["action"],
                watch.get("target") or "",
                tuple(watch.get("ignore") or ()),
                (*at, "watch", i),
            )
            for i, watch in enumerate(_watches(reader, entry, at))
        ),
        at,
    )


def _watches(reader: Reader, entry: Mapping[str, Any], at: Route) -> list[dict[str, Any]]:
    """What is watched; whatever is put into the container needs a place there."""
    watches = list(entry.get("watch") or ())
    for index, watch in enumerate(watches):
        if watch["action"] not in {"rebuild", "restart"} and not watch.get("target"):
            reader.defects.append(Defect("develop.no-target", (*at, "watch", index), {"action": watch["action"]}))
    return watches


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
