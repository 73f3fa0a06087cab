"""Names: their grammar, the reserved ones, and derived names that meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.passes.outputs import part_secret
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.kind import Kind, PartFamily
    from compiler.model.manifest import Instance, Manifest, PartWish, Secret, Service
    from compiler.model.plan import Port, Unit
    from compiler.model.source import Route
    from compiler.passes.outputs import Undeclared

_LABEL = regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_PROFILE = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_VARIABLE = regex(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SECRET = regex(r"[A-Z_][A-Z0-9_]*", re.ASCII)
_THE_SHELLS = (
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "HOME",
    "IFS",
    "LD_PRELOAD",
    "PATH",
    "PWD",
    "SHELL",
    "USER",
)
"""Variables that the scripts' own shell and Docker live by: an exported one would be taken for the secret."""
RESERVED = frozenset({"gateway", "secrets", "env", "default"})
_OWN_VARIABLES = ("COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR", "COMPOSE_PROJECT_NAME")


def name_defects(
    manifest: Manifest, environments: tuple[str, ...], kinds: Mapping[str, Kind | None]
) -> Iterator[Defect]:
    """Names outside their grammar, and reserved ones. All names are matched in full, in ASCII."""
    yield from _bad(_LABEL, "project", manifest.name, ("name",))
    for section in ("services", "infrastructure", "networks"):
        for name in getattr(manifest, section):
            yield from _bad(_LABEL, section, name, (section, name))
            if name in RESERVED:
                yield Defect("name.reserved", (section, name), {"name": name, "accepted": ", ".join(sorted(RESERVED))})
    for name in environments:
        yield from _bad(_LABEL, "environments", name, ("environments", name))
    for name in manifest.secrets:
        yield from _bad(_SECRET, "secrets", name, ("secrets", name))
        yield from _reserved(name, _THE_SHELLS, ("secrets", name))
    for service in manifest.services.values():
        for profile in service.profiles:
            yield from _bad(_PROFILE, "profiles", profile, (*service.at, "profiles"))
        for name in service.ports:
            yield from _bad(_LABEL, "ports", name, (*service.at, "ports", name))
    yield from _part_names(manifest, kinds)


def _part_names(manifest: Manifest, kinds: Mapping[str, Kind | None]) -> Iterator[Defect]:
    for instance in manifest.infrastructure.values():
        kind = kinds.get(instance.name)
        if instance.volume:
            yield from _bad(_PROFILE, "volume", instance.volume, (*instance.at, "volume"))
        for part in instance.parts:
            family = kind.parts.get(part.family) if kind else None
            if family is None:
                continue
            found = tuple(_of_part(part, family))
            yield from found or _secret_of(part, family, instance.name)


def _of_part(part: PartWish, family: PartFamily) -> Iterator[Defect]:
    yield from _bad(regex(family.grammar, re.ASCII), part.family, part.name, part.at)
    yield from _reserved(part.name, family.reserved, part.at)
    for option, setting in family.options.items():
        given = part.options.get(option)
        if given is None:
            yield from _reserved(part.name if option == "owner" else "", setting.reserved, part.at)
            continue
        written = "".join(piece if isinstance(piece, str) else "$" for piece in given)
        at = (*part.at, option)
        if setting.grammar:
            yield from _bad(regex(setting.grammar, re.ASCII), option, written, at)
        yield from _reserved(written, setting.reserved, at)


def _secret_of(part: PartWish, family: PartFamily, instance: str) -> Iterator[Defect]:
    """What its password would be called: a kind of one's own may allow its names anything."""
    if not family.secret or "password" in part.options or not _LABEL.fullmatch(instance):
        return
    default = family.options["owner"].default if "owner" in family.options else ""
    given = part.options.get("owner") or (default.replace("{part}", part.name) or part.name,)
    owner = "".join(piece for piece in given if isinstance(piece, str))
    yield from _bad(_VARIABLE, "environment", part_secret(instance, owner), part.at)


def _bad(grammar: re.Pattern[str], what: str, name: str, at: Route) -> Iterator[Defect]:
    if not grammar.fullmatch(name):
        yield Defect("name.bad", at, {"what": what, "name": name, "grammar": grammar.pattern})


def _reserved(name: str, reserved: Iterable[str], at: Route) -> Iterator[Defect]:
    if name in reserved:
        yield Defect("name.reserved", at, {"name": name, "accepted": ", ".join(sorted(reserved))})


def clash_defects(
    services: Mapping[str, Service],
    infrastructure: Mapping[str, Instance],
    units: Mapping[str, Unit],
    made: tuple[Unit, ...],
) -> Iterator[Defect]:
    """Names that two things have: written ones and those that are derived from them."""
    for name in services:
        if name in infrastructure:
            yield Defect("name.taken", ("services", name), {"name": name}, (("infrastructure", name),))
    seen: dict[str, Unit] = {}
    for unit in made:
        other = seen.setdefault(unit.name, unit)
        external = unit.parent and unit.name in services and services[unit.name].url
        if other is not unit and not (unit.parent == "" == other.parent):
            yield Defect("name.taken", unit.at, {"name": unit.name, "derived": unit.parent}, (other.at,))
        elif external:
            yield Defect("name.taken", unit.at, {"name": unit.name}, (("services", unit.name),))
        if unit.parent:
            yield from _bad(_LABEL, "job", unit.name, unit.at)
    volumes: dict[str, Unit] = {}
    for unit in units.values():
        for mount in unit.mounts if unit.kind.value == "infrastructure" else ():
            holder = volumes.setdefault(mount.source, unit) if mount.source else unit
            if holder is not unit:
                facts = {"name": mount.source, "what": "volume"}
                yield Defect("name.taken", unit.at, facts, (holder.at,))


def variable_defects(
    secrets: Mapping[str, Secret],
    ports: Mapping[str, Mapping[str, Port]],
    undeclared: Mapping[str, Undeclared],
) -> Iterator[Defect]:
    """Variables of the environment file that two things would set."""
    holders: dict[str, Route] = {name: secret.at for name, secret in secrets.items()}
    for name in _OWN_VARIABLES:
        if name in holders:
            yield Defect("name.variable-taken", holders[name], {"name": name, "by": "Compose"})
    for name, secret in undeclared.items():
        holders.setdefault(name, ("infrastructure", secret.instance))
    for unit in ports.values():
        for port in unit.values():
            if port.host is None:
                continue
            other = holders.get(port.variable)
            if other is not None and other != port.at:
                yield Defect("name.variable-taken", port.at, {"name": port.variable}, (other,))
            holders.setdefault(port.variable, port.at)
