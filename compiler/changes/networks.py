"""Networks: who can see whom."""

from __future__ import annotations

from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, quiet, ticked, whole
from compiler.changes.sources import FOLLOWS_PARENT


@quiet
def network_added(spot: Spot) -> Told | None:
    """The project makes one more network."""
    if as_mapping(spot.after).get("external") is True:
        return None
    return Told(f"network {ticked(spot.name)} is new")


@notable
def external_network_added(spot: Spot) -> Told:
    """Services join a network that other projects share: each sees the other by name.

    Do: make sure that it is there where plain `docker compose` is used; `start.sh` makes it.
    """
    actual = as_mapping(spot.after).get("actual") or spot.name
    return Told(f"external network {ticked(actual)} is joined, which other projects share")


@breaking
def external_network_left(spot: Spot) -> Told | None:
    """Services leave a network that other projects share: these no longer reach them.

    Do: tell the other projects.
    """
    network = as_mapping(spot.before)
    if network.get("external") is not True:
        return None
    return Told(
        f"external network {ticked(network.get('actual') or spot.name)} is left: other projects reach nobody here"
    )


@notable
def network_removed(spot: Spot) -> Told:
    """A network of the project's own is gone."""
    return Told(f"network {ticked(spot.name)} is gone")


@breaking
def network_made_external(spot: Spot) -> Told | None:
    """A network is found, no longer made: without it nothing starts, and other projects on it see the services.

    Do: make it once with `docker network create` where plain `docker compose` is used; `start.sh` does it by itself.
    """
    if spot.after is not True:
        return None
    actual = spot.now("networks", spot.name, "actual") or spot.name
    action = f"make it once with {whole(f'docker network create {actual}')}, or start with `start.sh`, which does it"
    return Told(f"network {ticked(spot.name)} is external from now on: {ticked(actual)} must be there", action)


@breaking
def network_made_own(spot: Spot) -> Told:
    """A network is made by the project, no longer found: other projects on the shared one reach nobody here.

    Do: tell the other projects.
    """
    return Told(f"network {ticked(spot.name)} is the project's own from now on: other projects reach nobody here")


@breaking
def network_name_changed(spot: Spot) -> Told:
    """A network has another name on the engine: whoever joins it by the old name is no longer together with these.

    Do: tell whoever joins it from outside.
    """
    now, was = (ticked(name) if name else "as the project chooses" for name in (spot.after, spot.before))
    return Told(f"network {ticked(spot.name)} is called {now} on the engine, no longer {was}")


@notable
def network_made_internal(spot: Spot) -> Told | None:
    """A network has no way out any more.

    Do: check that nobody on it needs the internet; the project's own network still has a way out.
    """
    if spot.after is not True:
        return None
    return Told(f"network {ticked(spot.name)} has no way out from now on")


@notable
def network_opened(spot: Spot) -> Told:
    """A network that had no way out has one from now on."""
    return Told(f"network {ticked(spot.name)} has a way out from now on")


@notable
def network_driver_changed(spot: Spot) -> Told:
    """A network has another driver. The engine cannot change one that exists.

    Do: run `stop.sh` before the next start, which removes it.
    """
    now, was = (ticked(driver) if driver else "that the engine chooses" for driver in (spot.after, spot.before))
    return Told(f"network {ticked(spot.name)} has the driver {now}, no longer {was}")


@notable
def network_joined(spot: Spot) -> Told:
    """A unit joins a network that was there."""
    return Told(f"{ticked(spot.name)} joins network {ticked(spot.last)}")


@notable
def network_left(spot: Spot) -> Told:
    """A unit leaves a network that stays: others on it no longer reach it there.

    Do: check that all that call it share another network with it.
    """
    return Told(f"{ticked(spot.name)} leaves network {ticked(spot.last)}")


def _is_told_with_network(spot: Spot) -> bool:
    return spot.sign("networks", spot.last) == spot.sign(*spot.path)


def _is_told_with_external(spot: Spot) -> bool:
    """What an external network is made like is nobody's business, and its name is told with it."""
    return spot.sign("networks", spot.name, "external") is not None


NETWORKS: Table = {
    "+networks/*": (network_added, external_network_added),
    "-networks/*": (external_network_left, network_removed),
    "networks/*/external": (network_made_external, network_made_own),
    "networks/*/actual": (Follows(_is_told_with_external), network_name_changed),
    "networks/*/internal": (network_made_internal, network_opened),
    "networks/*/driver": (Follows(_is_told_with_external), network_driver_changed),
    "+units/*/networks/*": (FOLLOWS_PARENT, Follows(_is_told_with_network), network_joined),
    "-units/*/networks/*": (FOLLOWS_PARENT, Follows(_is_told_with_network), network_left),
}
