"""Services and external services: what comes, goes, is renamed, is built from something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compiler.changes.kind import (
    Follows,
    Spot,
    Table,
    Told,
    as_mapping,
    breaking,
    is_number,
    joined,
    listed,
    notable,
    quiet,
    ticked,
)
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALIKE = 3
"""In how many of command, health, environment ... a newcomer may differ and still be the one that left."""


@quiet
def service_added(spot: Spot) -> Told | None:
    """A service is new."""
    unit = as_mapping(spot.after)
    if unit.get("kind") != "service" or spot.name in spot.was_all("externals"):
        return None
    ports = published(unit)
    calls = [target for target in targets(spot.now_all("integration_points"), spot.name) if _is_visible(spot, target)]
    on = f" on host port {listed(ports)}" if ports else ""
    calling = f", and calls {listed(calls)}" if calls else ""
    return Told(f"service {ticked(spot.name)} is new{on}{calling}")


@notable
def service_renamed(spot: Spot) -> Told | None:
    """A service is gone and one that looks like it is new: its host name, container and variables change with it.

    Do: check that nothing outside has the old name: scripts, dashboards, variables in `.env`.
    """
    successor = successors(spot).get(spot.name)
    if successor is None:
        return None
    return Told(f"service {ticked(spot.name)} looks like it is now called {ticked(successor)}")


@breaking
def service_removed_while_called(spot: Spot) -> Told | None:
    """A service is gone, and others still have its host name in their environment: their calls will fail.

    Do: change or remove these values, or keep the service.
    """
    if as_mapping(spot.before).get("kind") != "service" or spot.name in spot.now_all("externals"):
        return None
    callers = _mentioned_by(spot, spot.name)
    if not callers:
        return None
    return Told(
        f"service {ticked(spot.name)} is gone, but its name still stands in the environment of {listed(callers)}"
    )


@breaking
def public_service_removed(spot: Spot) -> Told | None:
    """A service is gone that was reachable from outside: on a host port, or through the gateway.

    Do: tell whoever uses it.
    """
    unit = as_mapping(spot.before)
    if unit.get("kind") != "service" or spot.name in spot.now_all("externals"):
        return None
    ports = [f"host port {ticked(port)}" for port in published(unit)]
    routes = as_mapping(spot.was_all("gateway").get("routes"))
    paths = [path for path, route in routes.items() if as_mapping(route).get("service") == spot.name]
    if not ports and not paths:
        return None
    return Told(f"service {ticked(spot.name)} is gone, which was reachable at {joined([*ports, *map(ticked, paths)])}")


@notable
def service_removed(spot: Spot) -> Told | None:
    """A service is gone that only others of the project could reach. `start.sh` removes its container."""
    if as_mapping(spot.before).get("kind") != "service" or spot.name in spot.now_all("externals"):
        return None
    return Told(f"service {ticked(spot.name)} is gone{_former_callers(spot)}")


@notable
def service_became_external(spot: Spot) -> Told | None:
    """A service is no longer started here but called elsewhere.

    Do: check that the address can be reached from the containers.
    """
    external = spot.now_all("externals", spot.name)
    if as_mapping(spot.before).get("kind") != "service" or not external:
        return None
    return Told(f"service {ticked(spot.name)} is no longer started here: it is called at {ticked(external.get('url'))}")


@notable
def service_became_own(spot: Spot) -> Told | None:
    """A service that was called elsewhere is now started here."""
    if spot.name not in spot.was_all("externals"):
        return None
    return Told(f"service {ticked(spot.name)} is now started here, no longer called elsewhere")


@breaking
def unit_became_another(spot: Spot) -> Told:
    """A name stands for something else than before: a service where infrastructure was, or the other way round.

    Do: check everybody who has the name; data of what it was stays in its volume, unused.
    """
    return Told(f"{ticked(spot.name)} is now {ticked(spot.after)}, no longer {ticked(spot.before)}")


@quiet
def external_added(spot: Spot) -> Told:
    """An external service is called."""
    return Told(f"external service {ticked(spot.name)} is new, at {ticked(as_mapping(spot.after).get('url'))}")


@quiet
def external_removed(spot: Spot) -> Told:
    """An external service is called no more."""
    return Told(f"external service {ticked(spot.name)} is no longer called")


@notable
def external_url_changed(spot: Spot) -> Told:
    """An external service is called at another address.

    Do: check that it is the right one for this environment, and that credentials fit.
    """
    return Told(
        f"external service {ticked(spot.name)} is called at {ticked(spot.after)}, no longer {ticked(spot.before)}"
    )


@quiet
def role_changed(spot: Spot) -> Told:
    """The words that say what something is for are others."""
    return Told(f"the role of {ticked(spot.name)} reads {ticked(spot.after)}, no longer {ticked(spot.before)}")


def published(unit: Mapping[str, Any]) -> list[str]:
    """The fixed host ports of a unit."""
    ports = (as_mapping(port).get("host") for port in as_mapping(unit.get("ports")).values())
    return [str(port) for port in ports if is_number(port) and port]


def targets(points: Mapping[str, Any], source: str) -> list[str]:
    """Whom a unit calls."""
    found = ((point.partition(" -> "), as_mapping(edge)) for point, edge in points.items())
    return [target for (left, _, target), edge in found if left == source and edge.get("calls") is True]


def successors(spot: Spot) -> Mapping[str, str]:
    """Service that is gone -> the new one that looks like it, where exactly one does."""
    if "successors" not in spot.memory:
        spot.memory["successors"] = _successors(spot)
    found: Mapping[str, str] = spot.memory["successors"]
    return found


def _successors(spot: Spot) -> dict[str, str]:
    gone = [path[1] for path, one in spot.found.items() if _is_unit(path) and one.sign == "-"]
    come = [path[1] for path, one in spot.found.items() if _is_unit(path) and one.sign == "+"]
    likes = {
        name: [other for other in come if _looks_like(spot.was_all("units", name), spot.now_all("units", other))]
        for name in gone
        if spot.was("units", name, "kind") == "service"
    }
    chosen = {name: found[0] for name, found in likes.items() if len(found) == 1}
    taken = list(chosen.values())
    return {name: other for name, other in chosen.items() if taken.count(other) == 1}


def _is_unit(path: tuple[str, ...]) -> bool:
    return len(path) == 2 and path[0] == "units"  # noqa: PLR2004 - the section, and the name


def _looks_like(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """The same source, and most of what else is particular."""
    if now.get("kind") != "service" or any(was.get(key) != now.get(key) for key in ("image", "version", "build")):
        return False
    if "build" in was:
        return True
    keys = ("command", "environment", "mounts", "extras", "health", "networks", "profiles")
    return len([key for key in keys if was.get(key) == now.get(key)]) >= len(keys) - _ALIKE


def _mentioned_by(spot: Spot, name: str) -> list[str]:
    """The units whose environment still has the service's host name in it, with a port or a scheme beside it."""
    host = regex(rf"(?://|@){re.escape(name)}(?=[:/]|$)|^{re.escape(name)}(?=:\d)")
    return [
        unit_name
        for unit_name, unit in spot.now_all("units").items()
        if any(host.search(str(text)) for text in as_mapping(as_mapping(unit).get("environment")).values())
    ]


def _former_callers(spot: Spot) -> str:
    points = spot.was_all("integration_points")
    callers = [source for source in spot.now_all("units") if spot.name in targets(points, source)]
    return f"; {listed(callers)} called it" if callers else ""


def _is_visible(spot: Spot, target: str) -> bool:
    return bool(spot.now("units", target, "kind") != "job")


def _is_new_name(spot: Spot) -> bool:
    """A newcomer that is told as the new name of one that left."""
    return any(now == spot.name and not _mentioned_by(spot, was) for was, now in successors(spot).items())


SERVICES: Table = {
    "+units/*": (Follows(_is_new_name), service_became_own, service_added),
    "-units/*": (
        service_became_external,
        service_removed_while_called,
        service_renamed,
        public_service_removed,
        service_removed,
    ),
    "units/*/kind": (unit_became_another,),
    "units/*/role": (role_changed,),
    "externals/*/role": (role_changed,),
    "+externals/*": (Follows(lambda spot: spot.name in spot.was_all("units")), external_added),
    "-externals/*": (Follows(lambda spot: spot.name in spot.now_all("units")), external_removed),
    "externals/*/url": (external_url_changed,),
}
