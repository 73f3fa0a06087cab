"""Infrastructure, what it holds (databases, topics ...), and who may log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.changes.kind import (
    Follows,
    Spot,
    Table,
    Told,
    as_mapping,
    breaking,
    listed,
    notable,
    quiet,
    ticked,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@quiet
def infrastructure_added(spot: Spot) -> Told | None:
    """A piece of infrastructure is new; it starts with an empty volume."""
    unit = as_mapping(spot.after)
    if unit.get("kind") not in {"infrastructure", "gateway"}:
        return None
    parts = [name for family in as_mapping(unit.get("parts")).values() for name in as_mapping(family)]
    holding = f", with {listed(parts)}" if parts else ""
    return Told(f"{_type(unit)} {ticked(spot.name)} is new{holding}")


@breaking
def infrastructure_removed_with_data(spot: Spot) -> Told | None:
    """A piece of infrastructure is gone that kept data: the data stays in its volume, which nothing mounts any more.

    Do: export what is still needed before; an instance under a new name keeps the data with `volume:`.
    """
    unit = as_mapping(spot.before)
    volumes = [volume for volume in volumes_of(unit) if volume not in spot.now_all("volumes")]
    if unit.get("kind") != "infrastructure" or not volumes:
        return None
    actual = whole(f"{spot.project}_{volumes[0]}")
    action = (
        f"export what is still needed before; the data stays in {actual} until `docker volume rm`; "
        f"an instance under another name keeps it with {whole(f'volume: {volumes[0]}')}"
    )
    return Told(f"{_type(unit)} {ticked(spot.name)} is gone, and nothing mounts its data any more", action)


@notable
def infrastructure_removed(spot: Spot) -> Told | None:
    """A piece of infrastructure is gone that keeps no data."""
    unit = as_mapping(spot.before)
    if unit.get("kind") not in {"infrastructure", "gateway"}:
        return None
    return Told(f"{_type(unit)} {ticked(spot.name)} is gone")


@breaking
def infrastructure_type_changed(spot: Spot) -> Told:
    """A piece of infrastructure is of another kind: it cannot read the data of the one before.

    Do: export the data before, give the new one a volume of its own with `volume:`, and import.
    """
    return Told(f"{ticked(spot.name)} is {ticked(spot.after)}, no longer {ticked(spot.before)}")


@quiet
def database_added(spot: Spot) -> Told | None:
    """A database is new: a job makes it and its login at the next start, on a volume that exists, too."""
    if spot.path[3] != "databases":
        return None
    return Told(f"database {ticked(spot.last)} of {ticked(spot.name)} is new", "", f"{spot.name}.{spot.last}")


@notable
def database_removed(spot: Spot) -> Told | None:
    """A database is no longer declared: nothing makes it any more, and its data stays in the server.

    Do: drop it by hand when nobody needs it.
    """
    if spot.path[3] != "databases":
        return None
    told = f"database {ticked(spot.last)} of {ticked(spot.name)} is no longer declared; its data stays in the server"
    return Told(told, "", f"{spot.name}.{spot.last}")


@quiet
def part_added(spot: Spot) -> Told:
    """A topic, queue or bucket is new: a job makes it at the next start."""
    told = f"{_singular(spot.path[3])} {ticked(spot.last)} of {ticked(spot.name)} is new"
    return Told(told, "", f"{spot.name}.{spot.last}")


@notable
def part_removed(spot: Spot) -> Told:
    """A topic, queue or bucket is no longer declared: nothing makes it any more, and what it holds stays.

    Do: remove it by hand when nobody needs it.
    """
    told = f"{_singular(spot.path[3])} {ticked(spot.last)} of {ticked(spot.name)} is no longer declared; it stays"
    return Told(told, "", f"{spot.name}.{spot.last}")


@breaking
def database_owner_changed(spot: Spot) -> Told | None:
    """A database has another login. What the old login made in it still belongs to the old one.

    Do: in PostgreSQL, `REASSIGN OWNED BY old TO new` in that database, as superuser.
    """
    subject = part_of(spot)
    if not subject:
        return None
    told = f"{ticked(subject)} has the login {ticked(spot.after)}, no longer {ticked(spot.before)}"
    action = "what the old login made still belongs to it: hand it over before the services start"
    if _image(spot) == "postgres":
        sql = f'REASSIGN OWNED BY "{spot.before}" TO "{spot.after}"'
        action = f"the tables of the old login stay its own: run {whole(sql)} in that database, as superuser"
    return Told(told, action, subject)


@notable
def part_option_changed(spot: Spot) -> Told | None:
    """A part of an instance is to be made in another way. What exists is not made again.

    Do: change what exists by hand.
    """
    subject = part_of(spot)
    if not subject:
        return None
    now, was = spot.now(*spot.path), spot.was(*spot.path)
    told = f"{ticked(subject)} is made with {ticked(f'{spot.last} {now}')}, no longer {ticked(was)}"
    return Told(told, "", subject)


@notable
def server_configuration_changed(spot: Spot) -> Told | None:
    """A piece of infrastructure is started with other settings."""
    if not is_server(spot):
        return None
    if not spot.after:
        return Told(f"{ticked(spot.name)} is started with the settings of its image")
    return Told(f"{ticked(spot.name)} is started with {ticked(spot.after)}")


def volumes_of(unit: Mapping[str, Any]) -> list[str]:
    """The volumes that a unit writes."""
    mounts = (as_mapping(mount) for mount in as_mapping(unit.get("mounts")).values())
    return [str(mount.get("source")) for mount in mounts if mount.get("kind") == "volume"]


def part_of(spot: Spot) -> str:
    """`instance.part` of the job that makes a part, empty for another unit."""
    job = spot.now_all("units", spot.name)
    part = as_mapping(job.get("settings")).get("part")
    return f"{job.get('of')}.{part}" if part else ""


def _type(unit: Mapping[str, Any]) -> str:
    if unit.get("kind") == "gateway":
        return "the gateway"
    return str(as_mapping(unit.get("settings")).get("type", "infrastructure")).replace("`", "'")


def _singular(family: str) -> str:
    return {"topics": "topic", "queues": "queue", "buckets": "bucket"}.get(family, ticked(family))


def _image(spot: Spot) -> object:
    parent = spot.now("units", spot.name, "of")
    return spot.now("units", parent, "settings", "type") if isinstance(parent, str) else None


def is_server(spot: Spot) -> bool:
    """Whether it is a piece of infrastructure, not a job of one."""
    return bool(spot.now("units", spot.name, "kind") == "infrastructure")


def _is_reordered(spot: Spot) -> bool:
    """The settings of a server in another order: the same words after the same first one."""
    if not is_server(spot) or not isinstance(spot.before, list) or not isinstance(spot.after, list):
        return False
    return spot.before[:1] == spot.after[:1] and sorted(map(str, spot.before)) == sorted(map(str, spot.after))


def _has_other_type(spot: Spot) -> bool:
    return spot.sign("units", spot.name, "settings", "type") == ""


DATA: Table = {
    "+units/*": (infrastructure_added,),
    "-units/*": (infrastructure_removed_with_data, infrastructure_removed),
    "units/*/settings/type": (infrastructure_type_changed,),
    "units/*/settings/password": (Follows(_has_other_type),),
    "+units/*/settings/viewer": (Follows(_has_other_type),),
    "-units/*/settings/viewer": (Follows(_has_other_type),),
    "units/*/settings/owner": (database_owner_changed,),
    "units/*/settings/*": (part_option_changed,),
    "+units/*/settings/*": (part_option_changed,),
    "-units/*/settings/*": (part_option_changed,),
    "+units/*/parts/*/*": (database_added, part_added),
    "-units/*/parts/*/*": (database_removed, part_removed),
    "units/*/command": (Follows(_is_reordered), server_configuration_changed),
}
