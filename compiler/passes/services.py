"""Services of the team, and the migrations that run before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.plan import Build, DevelopPlan, Image, Mount, MountKind, Unit, UnitKind
from compiler.model.value import literal
from compiler.passes.health import service_health
from compiler.passes.ports import DEV
from compiler.passes.templates import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Manifest, Service
    from compiler.model.plan import Port
    from compiler.model.value import Text
    from compiler.passes.facts import Facts
    from compiler.passes.references import Resolver


_MIGRATION_KEYS = frozenset({"env_file", "user", "working_dir", "platform", "extra_hosts", "dns", "group_add"})


class Decided(NamedTuple):
    """A service and, where it has one, the migration that comes first."""

    service: Unit
    migration: Unit | None


def decide_service(
    service: Service, manifest: Manifest, facts: Facts, ports: Mapping[str, Port], resolver: Resolver
) -> Decided:
    """The unit of a service that is started, with its references resolved."""
    at, name = service.at, service.name
    environment = resolver.texts(service.environment, name, (*at, "environment"))
    command = resolver.command(service.command, name, (*at, "command"))
    develop = service.develop if manifest.environment == DEV else None
    if develop is not None:
        environment |= resolver.texts(develop.environment, name, (*develop.at, "environment"))
        command = resolver.command(develop.command, name, (*develop.at, "command")) or command
    dockerfile = facts.dockerfiles.get(name)
    if service.migrate and not service.migrate.entrypoint and dockerfile is not None and dockerfile.entrypoint:
        resolver.defects.append(Defect("migrate.entrypoint", service.migrate.at, {"unit": name}))
    check = resolver.command(service.health.command, name, (*service.health.at, "command")) if service.health else ()
    health = service_health(service, check, ports, dockerfile, resolver.defects)
    unit = Unit(
        name=name,
        kind=UnitKind.SERVICE,
        role=service.role,
        parent="",
        image=_image(service, resolver),
        entrypoint=(),
        command=command,
        environment=environment,
        ports=ports,
        mounts=tuple(_mounts(service)),
        networks=_networks(service, manifest),
        health=health,
        profiles=service.profiles,
        replicas=service.replicas,
        hostname="",
        settings={},
        develop=DevelopPlan(develop.watch) if develop is not None and develop.watch else None,
        extras={"compose": service.compose} if service.compose else {},
        at=at,
    )
    return Decided(unit, _migration(service, unit, resolver))


def _image(service: Service, resolver: Resolver) -> Image | Build:
    if service.build is None:
        template, _ = read_template(service.image)
        at = (*service.at, "image")
        return Image(service.image, "", resolver.text(template, service.name, at) if literal(template) is None else ())
    build = service.build
    args: Mapping[str, Text] = resolver.texts(build.args, service.name, (*build.at, "args"))
    return Build(build.context, build.dockerfile, build.target, args)


def _mounts(service: Service) -> list[Mount]:
    return [
        Mount(
            MountKind.PATH if volume.source.startswith((".", "/")) else MountKind.VOLUME,
            volume.source,
            volume.target,
            volume.read_only,
        )
        for volume in service.volumes
    ]


def _networks(service: Service, manifest: Manifest) -> tuple[str, ...]:
    chosen = manifest.networks if service.networks is None else service.networks
    return tuple(name for name in chosen if name in manifest.networks)


def _inherited(service: Service) -> dict[str, Mapping[str, object]]:
    """The settings without which a migration would not run as its service does."""
    settings = {key: value for key, value in service.compose.items() if key in _MIGRATION_KEYS}
    return {"compose": settings} if settings else {}


def _migration(service: Service, unit: Unit, resolver: Resolver) -> Unit | None:
    migrate = service.migrate
    if migrate is None:
        return None
    environment = unit.environment
    return unit._replace(
        name=f"{service.name}-migrate",
        kind=UnitKind.JOB,
        role=f"migrates the data of {service.name}",
        parent=service.name,
        entrypoint=resolver.command(migrate.entrypoint, service.name, migrate.at),
        command=resolver.command(migrate.command, service.name, migrate.at),
        environment=environment,
        ports={},
        mounts=unit.mounts,
        networks=(),
        health=None,
        replicas=None,
        develop=None,
        extras=_inherited(service),
        at=migrate.at,
    )
