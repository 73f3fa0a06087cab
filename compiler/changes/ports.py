"""Ports: what a person, a browser or another project reaches from outside."""

from __future__ import annotations

from compiler.changes.kind import Spot, Table, Told, as_mapping, breaking, is_number, notable, quiet, ticked, whole
from compiler.changes.services import published

_EVERYWHERE = frozenset({"0.0.0.0", "::", "[::]", "*"})  # noqa: S104 - recognised, not bound
_LOOPBACK = ("127.", "::1", "localhost")


def what(spot: Spot) -> str:
    """The unit, and the port by name where it has several."""
    return ticked(spot.name) if spot.path[3] == "default" else f"port {ticked(spot.path[3])} of {ticked(spot.name)}"


@breaking
def host_port_changed(spot: Spot) -> Told | None:
    """A port is published on another port of the host: nothing answers on the old one.

    Do: tell whoever has the old address in a bookmark, a script or another project.
    """
    if not _is_fixed(spot.before) or not _is_fixed(spot.after):
        return None
    variable = spot.now("units", spot.name, "ports", spot.path[3], "variable")
    heir = _heir(spot, spot.before)
    way = (
        f"{whole(spot.before)} belongs to {whole(heir)} from now on"
        if heir
        else f"who needs the old one sets {whole(f'{variable}={spot.before}')} in `.env`"
    )
    action = f"tell whoever uses the old address in a bookmark, a script or another project; {way}"
    return Told(f"{what(spot)} moves from host port {ticked(spot.before)} to {ticked(spot.after)}", action)


@notable
def host_port_unfixed(spot: Spot) -> Told | None:
    """A fixed host port becomes one that the engine chooses at each start."""
    if not _is_fixed(spot.before) or spot.after != 0:
        return None
    return Told(f"{what(spot)} is no longer on host port {ticked(spot.before)}: the engine chooses one at each start")


@quiet
def host_port_fixed(spot: Spot) -> Told | None:
    """A host port that the engine chose becomes a fixed one."""
    if spot.before != 0 or not _is_fixed(spot.after):
        return None
    return Told(f"{what(spot)} is on host port {ticked(spot.after)}, no longer on one that the engine chooses")


@notable
def port_published(spot: Spot) -> Told | None:
    """A port that was reachable inside only, or is new, is published on the host.

    Do: check that it is meant to be reached from the host.
    """
    port = spot.now_all(*spot.path[:4])
    if spot.path[4:] == ("host",) and spot.before is not None:
        return None
    host = port.get("host")
    if not is_number(host):
        return None
    where = f"on host port {ticked(host)}" if host else "on a host port that the engine chooses"
    return Told(f"{what(spot)} is now published {where}")


@breaking
def port_unpublished(spot: Spot) -> Told | None:
    """A port is no longer published on the host: only the project's own containers reach it.

    Do: tell whoever uses it from the host; inside, the address stays.
    """
    host = spot.was(*spot.path[:4], "host")
    is_gone = spot.now(*spot.path[:4], "host") is None
    if not is_number(host) or not is_gone:
        return None
    where = f"host port {ticked(host)}" if host else "the host"
    return Told(f"{what(spot)} is no longer published on {where}")


@quiet
def port_added(spot: Spot) -> Told:
    """A unit has one more port, which is reachable inside only."""
    container = spot.now(*spot.path[:4], "container")
    return Told(f"{_port(spot)} is new: {ticked(container)}, reachable inside only")


@notable
def port_removed(spot: Spot) -> Told:
    """A port that was reachable inside is gone.

    Do: check that no client has it written down.
    """
    return Told(f"{_port(spot)} is gone: {ticked(spot.was(*spot.path[:4], 'container'))} was reachable inside")


@notable
def container_port_changed(spot: Spot) -> Told:
    """A unit listens on another port in its container; references to it follow by themselves.

    Do: check that the program listens there, and that no client has the old port written down.
    """
    return Told(f"{what(spot)} listens on {ticked(spot.after)} in its container, no longer on {ticked(spot.before)}")


@notable
def port_variable_renamed(spot: Spot) -> Told:
    """The variable that overrides a host port has another name: an `.env` with the old one has no effect any more.

    Do: rename it in each `.env` that sets it.
    """
    action = f"rename {whole(spot.before)} to {whole(spot.after)} in each `.env` that sets it"
    return Told(f"the host port of {what(spot)} is overridden by {ticked(spot.after)}", action)


@notable
def port_scheme_changed(spot: Spot) -> Told:
    """A port speaks another protocol."""
    return Told(f"{what(spot)} speaks {ticked(spot.after)}, no longer {ticked(spot.before)}")


@breaking
def bind_widened(spot: Spot) -> Told | None:
    """Host ports are published on an address that other machines reach: databases, too, where they are published.

    Do: make sure that every published port may be seen from the network, or keep `bind: 127.0.0.1`.
    """
    if _width(spot.after) <= _width(spot.before):
        return None
    return Told(
        f"host ports are published on {ticked(spot.after)}, no longer on {ticked(spot.before)} only", "", "ports"
    )


@breaking
def bind_narrowed(spot: Spot) -> Told | None:
    """Host ports are published on fewer addresses: other machines that used them find nothing.

    Do: tell whoever reaches the system from another machine.
    """
    if _width(spot.after) >= _width(spot.before):
        return None
    return Told(
        f"host ports are published on {ticked(spot.after)} only, no longer on {ticked(spot.before)}", "", "ports"
    )


@breaking
def bind_moved(spot: Spot) -> Told:
    """Host ports are published on another address.

    Do: tell whoever has the old address.
    """
    return Told(f"host ports are published on {ticked(spot.after)}, no longer on {ticked(spot.before)}", "", "ports")


def _port(spot: Spot) -> str:
    return f"the port of {ticked(spot.name)}" if spot.path[3] == "default" else what(spot)


def _heir(spot: Spot, host: object) -> str:
    """The unit that is published on a host port afterwards, empty for none."""
    return next((name for name, unit in spot.now_all("units").items() if str(host) in published(as_mapping(unit))), "")


def _is_fixed(port: object) -> bool:
    return is_number(port) and port != 0


def _width(address: object) -> int:
    """How many can reach an address: 0 this machine, 1 one network, 2 everybody."""
    if str(address) in _EVERYWHERE:
        return 2
    return 0 if str(address).startswith(_LOOPBACK) else 1


PORTS: Table = {
    "bind": (bind_widened, bind_narrowed, bind_moved),
    "units/*/ports/*/host": (
        host_port_changed,
        host_port_unfixed,
        host_port_fixed,
        port_published,
        port_unpublished,
    ),
    "units/*/ports/*/container": (container_port_changed,),
    "units/*/ports/*/variable": (port_variable_renamed,),
    "units/*/ports/*/scheme": (port_scheme_changed,),
    "+units/*/ports/*": (port_published, port_added),
    "-units/*/ports/*": (port_unpublished, port_removed),
}
