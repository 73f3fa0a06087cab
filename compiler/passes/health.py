"""Health: which question is put to a unit, and which tool in its image can put it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Asker, Execute, Health, HttpGet, Timing
from compiler.passes.dockerfile import asker_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.kind import Kind
    from compiler.model.manifest import BuildWish, HealthWish, Service
    from compiler.model.plan import Port
    from compiler.model.source import Route
    from compiler.model.value import Text
    from compiler.passes.dockerfile import Dockerfile

_DEFAULT_TIMING = Timing(5000, 5000, 12, 10_000)
_PROBES = {
    "curl": Asker.CURL,
    "wget": Asker.WGET,
    "python": Asker.PYTHON,
    "node": Asker.NODE,
    "bash": Asker.BASH,
    "image": Asker.IMAGE,
    "none": Asker.NONE,
}


def has_check(health: Health | None) -> bool:
    """Whether something can wait until the unit is healthy."""
    if health is None or health.asker is Asker.NONE:
        return False
    return health.asker is Asker.IMAGE or health.liveness is not None


def service_health(
    service: Service,
    command: tuple[Text, ...],
    ports: Mapping[str, Port],
    dockerfile: Dockerfile | None,
    defects: list[Defect],
) -> Health | None:
    """The health of a service; without a check of its own the image's own HEALTHCHECK counts."""
    wish = service.health
    own = dockerfile is not None and dockerfile.healthcheck is True
    if wish is None:
        return Health(None, None, _DEFAULT_TIMING, Asker.IMAGE, service.at) if own else None
    port = _port(wish, ports, service, defects)
    liveness = Execute(command, wish.shell) if command else _get(port, wish.liveness)
    readiness = _get(port, wish.readiness)
    timing = Timing(wish.interval_ms, wish.timeout_ms, wish.retries, wish.start_period_ms)
    asker = _PROBES.get(wish.probe)
    if asker is None:
        http = isinstance(liveness, HttpGet) or readiness is not None
        asker = _auto(service, dockerfile, wish.at, defects, http=http)
    if liveness is None and asker is not Asker.IMAGE and not own:
        liveness = readiness
    if liveness is None and asker is not Asker.NONE and own:
        asker = Asker.IMAGE
    return Health(liveness, readiness, timing, asker, wish.at)


def kind_health(kind: Kind, argv: tuple[Text, ...], at: Route) -> Health | None:
    """The health of an instance, as its kind says."""
    if kind.image_health:
        return Health(None, None, kind.timing, Asker.IMAGE, at)
    if not argv:
        return None
    question = Execute(argv, kind.health_shell)
    return Health(question, question, kind.timing, Asker.FIRST_FOUND, at)


def named_at(build: BuildWish) -> Route:
    """Where a Dockerfile is named: by its own name, or by the folder that has the usual one."""
    return (*build.at, "dockerfile") if build.dockerfile != "Dockerfile" else build.at


def _get(port: int, path: str) -> HttpGet | None:
    return HttpGet(port, path) if path else None


def _port(wish: HealthWish, ports: Mapping[str, Port], service: Service, defects: list[Defect]) -> int:
    if wish.port.isdigit():
        return int(wish.port)
    if wish.port:
        usable = {name: port for name, port in ports.items() if name != "debug"}
        if wish.port in usable:
            return usable[wish.port].container
        facts = {"unit": service.name, "port": wish.port, "accepted": ", ".join(usable)}
        defects.append(Defect("health.unknown-port", (*wish.at, "port"), facts))
        return 1
    for name, port in ports.items():
        if name != "debug":
            return port.container
    if wish.liveness or wish.readiness:
        defects.append(Defect("health.no-port", wish.at, {"unit": service.name}))
    return 1


def _auto(service: Service, dockerfile: Dockerfile | None, at: Route, defects: list[Defect], *, http: bool) -> Asker:
    if not http:
        return Asker.FIRST_FOUND
    if dockerfile is None:
        facts = {
            "unit": service.name,
            "image": service.image,
            "context": service.build.context if service.build else "",
            "dockerfile": service.build.dockerfile if service.build else "",
        }
        defects.append(Defect("health.unknown-asker", named_at(service.build) if service.build else at, facts))
        return Asker.UNKNOWN
    asker = asker_for(dockerfile)
    if asker is Asker.NONE:
        defects.append(Defect("health.no-asker", at, {"unit": service.name, "base": dockerfile.base}))
    return asker
