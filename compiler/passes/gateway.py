"""The gateway: routes to services, and the unit that runs it in container mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import (
    Asker,
    Edge,
    GatewayPlan,
    Health,
    HttpGet,
    Image,
    Mount,
    MountKind,
    RoutePlan,
    Timing,
    Unit,
    UnitKind,
    Until,
)
from compiler.passes.ports import GATEWAY_PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Gateway, Manifest, RouteWish, Service
    from compiler.model.plan import Port
    from compiler.model.value import Text

DEFAULT_VERSION = "1.28.0"
NAME = "gateway"
HEALTH_PATH = "/__gateway/health"
_TIMING = Timing(2000, 3000, 15, 5000)


def decide_gateway(
    gateway: Gateway, services: Mapping[str, Service], ports: Mapping[str, Mapping[str, Port]], public_url: Text
) -> tuple[GatewayPlan, tuple[Defect, ...]]:
    """The gateway with the routes whose services can be reached, and what is wrong with it."""
    defects: list[Defect] = []
    if gateway.mode == "host":
        unused = [key for key, value in (("port", gateway.port), ("version", gateway.version)) if value]
        defects.extend(Defect("route.host-setting", (*gateway.at, key), {"key": key}) for key in unused)
    routes = tuple(
        route for wish in gateway.routes if (route := _route(wish, gateway, services, ports, defects)) is not None
    )
    plan = GatewayPlan(gateway.mode, gateway.host, gateway.certificate, gateway.key, public_url, routes, gateway.at)
    return plan, tuple(defects)


def gateway_unit(ports: Mapping[str, Mapping[str, Port]], version: str, mounts: tuple[Mount, ...]) -> Unit:
    """The container that runs it; it waits for nothing, an upstream may be absent."""
    health = HttpGet(GATEWAY_PORT, HEALTH_PATH)
    return Unit(
        name=NAME,
        kind=UnitKind.GATEWAY,
        role="Reverse proxy",
        parent="",
        image=Image("nginx", f"{version}-alpine"),
        entrypoint=(),
        command=(),
        environment={},
        ports=ports[NAME],
        mounts=mounts,
        networks=(),
        health=Health(health, health, _TIMING, Asker.WGET, ("gateway",)),
        profiles=(),
        replicas=None,
        hostname="",
        settings={"type": "nginx"},
        develop=None,
        extras={},
        at=("gateway",),
    )


def gateway_mounts(manifest: Manifest, configuration: str) -> tuple[Mount, ...]:
    """The configuration (a path in the output) and, where there is one, the certificate."""
    gateway = manifest.gateway
    mounts = [Mount(MountKind.OUTPUT, configuration, "/etc/nginx/conf.d/default.conf", read_only=True)]
    if gateway is not None and gateway.certificate:
        mounts.append(Mount(MountKind.PATH, gateway.certificate, "/etc/nginx/tls/certificate.pem", read_only=True))
        mounts.append(Mount(MountKind.PATH, gateway.key, "/etc/nginx/tls/key.pem", read_only=True))
    return tuple(mounts)


def gateway_edges(gateway: GatewayPlan) -> tuple[Edge, ...]:
    """It calls every service it routes to, and waits for none."""
    because: dict[str, list[RoutePlan]] = {}
    for route in gateway.routes:
        because.setdefault(route.service, []).append(route)
    return tuple(
        Edge(
            NAME,
            service,
            Until.NOTHING,
            f"routes {', '.join(route.path for route in routes)}",
            tuple(route.at for route in routes),
            required=False,
        )
        for service, routes in because.items()
    )


def _route(
    wish: RouteWish,
    gateway: Gateway,
    services: Mapping[str, Service],
    ports: Mapping[str, Mapping[str, Port]],
    defects: list[Defect],
) -> RoutePlan | None:
    service = services.get(wish.service)
    at = (*wish.at, "service")
    if service is None:
        accepted = ", ".join(name for name, other in services.items() if not other.url)
        defects.append(Defect("route.unknown-service", at, {"name": wish.service, "accepted": accepted}))
        return None
    usable = [port for name, port in ports.get(wish.service, {}).items() if name != "debug"]
    if service.url or not usable:
        defects.append(Defect("route.no-port", at, {"name": wish.service, "external": service.url}))
        return None
    port = usable[0]
    if gateway.mode == "host" and port.host is None:
        defects.append(Defect("route.not-published", at, {"name": wish.service}))
    return RoutePlan(
        wish.path,
        wish.path.endswith("/"),
        wish.service,
        port.container,
        port.host,
        wish.strip_prefix,
        wish.access_log,
        wish.websocket,
        wish.timeout_ms,
        wish.at,
    )
