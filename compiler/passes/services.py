"""Services of the team, and the migrations that run before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Build, DevelopPlan, Image, Mount, MountKind, Unit, UnitKind
from compiler.model.value import literal
from compiler.passes.gateway import NAME as GATEWAY
from compiler.passes.health import service_health
from compiler.passes.made import Made, made
from compiler.passes.references import Resolver
from compiler.passes.templates import read_template
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Develop, Instance, Service
    from compiler.model.plan import Port
    from compiler.model.value import Text
    from compiler.passes.dockerfile import Dockerfile
    from compiler.passes.outputs import Outputs
    from compiler.passes.references import Use


_NOTHING: Outputs = {}
_NO_PORTS: Mapping[str, Port] = {}
_MIGRATION_KEYS = frozenset({"env_file", "user", "working_dir", "platform", "extra_hosts", "dns", "group_add"})


class Given(NamedTuple):
    """What all services are decided from; `develops` says whether what their `develop` adds counts."""

    services: Mapping[str, Service]
    infrastructure: Mapping[str, Instance]
    develops: bool
    dockerfiles: Mapping[str, Dockerfile | None]
    networks: tuple[str, ...]
    """Every declared network."""
    ports: Mapping[str, Mapping[str, Port]]
    known: frozenset[str]
    secrets: frozenset[str]


class Decided(NamedTuple):
    """The units of each service that is started, a migration before its service; what they use and get wrong."""

    units: Mapping[str, tuple[Made, ...]]
    uses: tuple[Use, ...]
    defects: tuple[Defect, ...]


class _Answer(NamedTuple):
    """How a service was decided, from what, and with what texts its references were filled."""

    service: Service
    develop: Develop | None
    dockerfile: Dockerfile | None
    networks: tuple[str, ...]
    secrets: frozenset[str]
    units: list[tuple[Mapping[str, Port], tuple[Made, ...]]]
    """By its ports, which are always the same inside."""
    uses: tuple[Use, ...]
    texts: tuple[Text, ...]


Answers = dict[str, list[_Answer]]
"""Services without a mistake, as earlier environments of one compilation had them."""


def decide_services(given: Given, outputs: Mapping[str, Outputs], answers: Answers) -> Decided:
    """The units of all services that are started, with their references resolved."""
    resolver = Resolver(outputs, given.known, given.secrets, [], [], [])
    units = {
        name: _units(service, given, resolver, answers.setdefault(name, []))
        for name, service in given.services.items()
        if not service.url
    }
    return Decided(units, tuple(resolver.uses), tuple(resolver.defects))


def _units(service: Service, given: Given, resolver: Resolver, answers: list[_Answer]) -> tuple[Made, ...]:
    """The units of one service; one that is decided alike is not decided again."""
    develop = service.develop if given.develops else None
    dockerfile = given.dockerfiles.get(service.name)
    ports = given.ports.get(service.name, _NO_PORTS)
    is_alone = service.name not in given.infrastructure and service.name != GATEWAY
    for answer in reversed(answers) if is_alone else ():  # else it has the other's ports as well
        is_same = answer.service is service and answer.develop is develop and answer.dockerfile is dockerfile
        is_so = is_same and answer.networks is given.networks and answer.secrets is given.secrets
        if is_so and _are_filled(answer, resolver.outputs):
            resolver.uses.extend(answer.uses)
            return _with_ports(answer.units, ports)
    uses, defects, doubts = len(resolver.uses), len(resolver.defects), len(resolver.doubts)
    units = tuple(made(unit) for unit in _decide(service, develop, dockerfile, given.networks, ports, resolver))
    if len(resolver.defects) == defects and len(resolver.doubts) == doubts:
        used = tuple(resolver.uses[uses:])
        texts = tuple([resolver.outputs[use.target][use.output] for use in used])
        so = [(ports, units)]
        answers.append(_Answer(service, develop, dockerfile, given.networks, given.secrets, so, used, texts))
    return units


def _are_filled(answer: _Answer, outputs: Mapping[str, Outputs]) -> bool:
    """Whether every reference of the service would be filled with the same text again."""
    for use, text in zip(answer.uses, answer.texts, strict=True):
        if outputs.get(use.target, _NOTHING).get(use.output) != text:
            return False
    return True


def _with_ports(
    known: list[tuple[Mapping[str, Port], tuple[Made, ...]]], ports: Mapping[str, Port]
) -> tuple[Made, ...]:
    """The units with these ports: the same ones where these ports were there before."""
    for other, units in known:
        if other == ports:
            return units
    _, (*migration, service) = known[0]
    units = (*migration, service._replace(unit=service.unit._replace(ports=ports)))
    known.append((ports, units))
    return units


def _decide(
    service: Service,
    develop: Develop | None,
    dockerfile: Dockerfile | None,
    networks: tuple[str, ...],
    ports: Mapping[str, Port],
    resolver: Resolver,
) -> tuple[Unit, ...]:
    at, name = service.at, service.name
    environment = resolver.texts(service.environment, name, (*at, "environment"))
    command = resolver.command(service.command, name, (*at, "command"))
    if develop is not None:
        environment |= resolver.texts(develop.environment, name, (*develop.at, "environment"))
        command = resolver.command(develop.command, name, (*develop.at, "command")) or command
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
        mounts=_mounts(service),
        networks=_networks(service, networks),
        health=health,
        profiles=service.profiles,
        replicas=service.replicas,
        hostname="",
        settings={},
        develop=DevelopPlan(develop.watch) if develop is not None and develop.watch else None,
        extras={"compose": service.compose} if service.compose else {},
        at=at,
    )
    migration = _migration(service, unit, resolver)
    return (unit,) if migration is None else (migration, unit)


def _image(service: Service, resolver: Resolver) -> Image | Build:
    if service.build is None:
        template, _ = read_template(service.image)
        at = (*service.at, "image")
        return Image(service.image, "", resolver.text(template, service.name, at) if literal(template) is None else ())
    build = service.build
    args: Mapping[str, Text] = resolver.texts(build.args, service.name, (*build.at, "args"))
    return Build(build.context, build.dockerfile, build.target, args)


def _mounts(service: Service) -> tuple[Mount, ...]:
    return tuple(
        Mount(
            MountKind.PATH if volume.source.startswith((".", "/")) else MountKind.VOLUME,
            volume.source,
            volume.target,
            volume.read_only,
        )
        for volume in service.volumes
    )


def _networks(service: Service, declared: tuple[str, ...]) -> tuple[str, ...]:
    if service.networks is None:
        return declared
    return tuple(name for name in service.networks if name in declared)


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
        entrypoint=resolver.command(migrate.entrypoint, service.name, (*migrate.at, "entrypoint")),
        command=resolver.command(migrate.command, service.name, (*migrate.at, "command")),
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
