"""The gateway and its routes: what answers at which path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.changes.difference import ABSENT
from compiler.changes.kind import (
    Follows,
    Spot,
    Table,
    Told,
    as_mapping,
    breaking,
    is_number,
    notable,
    quiet,
    seconds,
    ticked,
)
from compiler.changes.services import successors

if TYPE_CHECKING:
    from collections.abc import Mapping


@notable
def gateway_added(spot: Spot) -> Told | None:
    """The system has a gateway."""
    if spot.before is not None:
        return None
    gateway = as_mapping(spot.after)
    return Told(f"there is a gateway, at {ticked(_address(gateway, spot.now_all('units', 'gateway')))}")


@breaking
def gateway_removed(spot: Spot) -> Told | None:
    """The system has no gateway any more: nothing answers at its address.

    Do: tell whoever uses it.
    """
    if spot.after is not None:
        return None
    gateway = as_mapping(spot.before)
    return Told(
        f"the gateway at {ticked(_address(gateway, spot.was_all('units', 'gateway')))} is gone, with all of its routes"
    )


@breaking
def gateway_mode_changed(spot: Spot) -> Told:
    """The gateway runs in a container where it ran on the host, or the other way round: its address is another one.

    Do: on the host, install the configuration and reload nginx; in a container, take it out of the host's nginx.
    """
    where = {"host": "on the host", "container": "in a container"}
    now, was = (where.get(str(mode), ticked(mode)) for mode in (spot.after, spot.before))
    return Told(f"the gateway runs {now}, no longer {was}")


@breaking
def gateway_host_changed(spot: Spot) -> Told:
    """The gateway answers to another host name.

    Do: give the new name to DNS or to the hosts file, and tell whoever uses the old one.
    """
    now, was = (ticked(host) if host else "any" for host in (spot.after, spot.before))
    return Told(f"the gateway answers to the host name {now}, no longer {was}")


@breaking
def gateway_tls_changed(spot: Spot) -> Told:
    """The gateway speaks TLS where it did not, or the other way round: addresses with the old scheme fail.

    Do: tell whoever uses it, and trust the certificate where it is your own.
    """
    if spot.after is True:
        return Told("the gateway speaks TLS from now on: its address starts with `https://`")
    return Told("the gateway speaks no TLS any more: its address starts with `http://`")


@notable
def gateway_certificate_changed(spot: Spot) -> Told:
    """The gateway has another certificate or key file."""
    now = spot.now(*spot.path)
    return Told(f"the {spot.last} of the gateway is {ticked(now)}, no longer {ticked(spot.was(*spot.path))}")


@notable
def gateway_address_changed(spot: Spot) -> Told:
    """The gateway's own address is another one."""
    return Told(f"the gateway is at {ticked(spot.after)}, no longer at {ticked(spot.before)}")


@breaking
def route_shadowed(spot: Spot) -> Told | None:
    """A new route takes paths that another one answered, and another service answers them from now on.

    Do: check that no client still means the old one.
    """
    other = _answering(spot.was_all("gateway", "routes"), spot.last)
    if other in {"", "/"} or _service(spot.was_all("gateway", "routes"), other) == as_mapping(spot.after).get(
        "service"
    ):
        return None
    was = _service(spot.was_all("gateway", "routes"), other)
    told = (
        f"{ticked(spot.last)} goes to {ticked(as_mapping(spot.after).get('service'))}: so far {ticked(other)} answered"
    )
    return Told(f"{told} it, from {ticked(was)}", "", spot.last)


@notable
def route_taken_from_root(spot: Spot) -> Told | None:
    """A new route takes paths that the route `/` answered, which answers whatever no other does."""
    routes = spot.was_all("gateway", "routes")
    service = as_mapping(spot.after).get("service")
    if _answering(routes, spot.last) != "/" or _service(routes, "/") == service:
        return None
    told = (
        f"{ticked(spot.last)} goes to {ticked(service)}: so far `/` answered it, from {ticked(_service(routes, '/'))}"
    )
    return Told(told, "", spot.last)


@quiet
def route_added(spot: Spot) -> Told:
    """A path goes to a service that nothing, or the same service, answered."""
    service = as_mapping(spot.after).get("service")
    return Told(f"route {ticked(spot.last)} is new, to {ticked(service)}", "", spot.last)


@breaking
def route_removed(spot: Spot) -> Told:
    """A path no longer goes to its service: a wider route answers it, or nobody.

    Do: tell whoever uses it.
    """
    was = as_mapping(spot.before).get("service")
    routes = spot.now_all("gateway", "routes")
    other = _answering(routes, spot.last)
    answer = f": {ticked(other)} answers it, from {ticked(_service(routes, other))}" if other else ": nobody answers it"
    return Told(f"route {ticked(spot.last)} to {ticked(was)} is gone{answer}", "", spot.last)


@breaking
def route_moved(spot: Spot) -> Told:
    """A path goes to another service.

    Do: check that the new one answers all that clients ask of the old one.
    """
    path = spot.path[2]
    return Told(f"{ticked(path)} goes to {ticked(spot.after)}, no longer to {ticked(spot.before)}", "", path)


@notable
def route_port_changed(spot: Spot) -> Told:
    """A path goes to another port of its service."""
    path = spot.path[2]
    return Told(f"{ticked(path)} goes to port {ticked(spot.after)}, no longer {ticked(spot.before)}", "", path)


@breaking
def route_prefix_changed(spot: Spot) -> Told:
    """A service sees other paths than before: with the route's prefix, or without it.

    Do: check that the service answers at the new paths.
    """
    path = spot.path[2]
    how = "without the prefix" if spot.after is True else "with the prefix"
    service = ticked(_service(spot.now_all("gateway", "routes"), path))
    return Told(f"requests to {ticked(path)} reach {service} {how} from now on", "", path)


@notable
def route_timeout_shortened(spot: Spot) -> Told | None:
    """The gateway waits less long for a service.

    Do: check that the slowest answer still comes in time.
    """
    if not is_number(spot.before) or not is_number(spot.after) or spot.after > spot.before:
        return None
    return _timeout(spot)


@quiet
def route_timeout_lengthened(spot: Spot) -> Told:
    """The gateway waits longer for a service."""
    return _timeout(spot)


@breaking
def websocket_dropped(spot: Spot) -> Told | None:
    """A route no longer lets connections be upgraded: WebSockets fail.

    Do: check that no client opens one.
    """
    if spot.after is True:
        return None
    return Told(f"{ticked(spot.path[2])} takes no WebSockets any more", "", spot.path[2])


@quiet
def websocket_allowed(spot: Spot) -> Told:
    """A route lets connections be upgraded."""
    return Told(f"{ticked(spot.path[2])} takes WebSockets from now on", "", spot.path[2])


@quiet
def access_log_changed(spot: Spot) -> Told:
    """Requests of a route are logged, or no longer."""
    how = "are logged from now on" if spot.after is True else "are no longer logged"
    return Told(f"requests to {ticked(spot.path[2])} {how}", "", spot.path[2])


def _address(gateway: Mapping[str, Any], unit: Mapping[str, Any]) -> str:
    """Its address with its usual host port instead of the variable."""
    address = str(gateway.get("public_url"))
    for port in map(as_mapping, as_mapping(unit.get("ports")).values()):
        if port.get("host"):
            address = address.replace(f"${{{port.get('variable')}}}", str(port["host"]))
    return address


def _timeout(spot: Spot) -> Told:
    path = spot.path[2]
    told = f"the gateway waits {seconds(spot.after)} for an answer to {ticked(path)}"
    return Told(f"{told}, no longer {seconds(spot.before)}", "", path)


def _answering(routes: Mapping[str, Any], path: str) -> str:
    """The longest prefix route that answers a path, other than itself; empty for none."""
    wider = [other for other in routes if other.endswith("/") and other != path and f"{path}/".startswith(other)]
    return max(wider, key=len, default="")


def _service(routes: Mapping[str, Any], path: str) -> object:
    return as_mapping(routes.get(path)).get("service")


def _is_renamed(spot: Spot) -> bool:
    """The same service under another name."""
    return bool(successors(spot).get(str(spot.before), ABSENT) == spot.after)


def _is_part_of_tls(spot: Spot) -> bool:
    """TLS takes another port in the gateway's container, and mounts the certificate."""
    return spot.name == "gateway" and spot.sign("gateway", "tls") is not None


def _is_certificate(spot: Spot) -> bool:
    """A certificate or key of the gateway that is another file."""
    return spot.name == "gateway" and any(spot.is_same_as("gateway", key) for key in ("certificate", "key"))


def _is_told_with_tls(spot: Spot) -> bool:
    return spot.sign("gateway", "tls") is not None


def _is_told_otherwise(spot: Spot) -> bool:
    """The address is made of mode, host name, TLS and port."""
    told = any(spot.sign("gateway", key) is not None for key in ("mode", "host", "tls"))
    return told or spot.sign("units", "gateway", "ports", "default", "variable") is not None


def _is_told_with_port(spot: Spot) -> bool:
    """A route follows the port of its service."""
    service = spot.now("gateway", "routes", spot.path[2], "service")
    ports = spot.now_all("units", str(service), "ports")
    followed = any(spot.is_same_as("units", str(service), "ports", name, "container") for name in ports)
    return followed or spot.sign("gateway", "routes", spot.path[2], "service") is not None


def _is_gateway_of_plan(spot: Spot) -> bool:
    """The container of the gateway comes and goes with the gateway, or with its mode."""
    is_unit = "gateway" in {as_mapping(spot.before).get("kind"), as_mapping(spot.after).get("kind")}
    return is_unit and (spot.sign("gateway") is not None or spot.sign("gateway", "mode") is not None)


_TLS = (Follows(_is_part_of_tls),)
_CERTIFICATE = (Follows(_is_told_with_tls), gateway_certificate_changed)

ROUTES: Table = {
    "gateway": (gateway_added, gateway_removed),
    "+units/*": (Follows(_is_gateway_of_plan),),
    "-units/*": (Follows(_is_gateway_of_plan),),
    "units/*/ports/*/container": _TLS,
    "units/*/ports/*/scheme": _TLS,
    "+units/*/mounts/*": _TLS,
    "-units/*/mounts/*": _TLS,
    "units/*/mounts/*/source": (Follows(_is_certificate),),
    "gateway/mode": (gateway_mode_changed,),
    "gateway/host": (gateway_host_changed,),
    "gateway/tls": (gateway_tls_changed,),
    "gateway/certificate": _CERTIFICATE,
    "+gateway/certificate": _CERTIFICATE,
    "-gateway/certificate": _CERTIFICATE,
    "gateway/key": _CERTIFICATE,
    "+gateway/key": _CERTIFICATE,
    "-gateway/key": _CERTIFICATE,
    "gateway/public_url": (Follows(_is_told_otherwise), gateway_address_changed),
    "+gateway/routes/*": (route_shadowed, route_taken_from_root, route_added),
    "-gateway/routes/*": (route_removed,),
    "gateway/routes/*/service": (Follows(_is_renamed), route_moved),
    "gateway/routes/*/port": (Follows(_is_told_with_port), route_port_changed),
    "gateway/routes/*/strip_prefix": (route_prefix_changed,),
    "gateway/routes/*/timeout_ms": (route_timeout_shortened, route_timeout_lengthened),
    "gateway/routes/*/websocket": (websocket_dropped, websocket_allowed),
    "gateway/routes/*/access_log": (access_log_changed,),
}
