"""Volumes and mounts: where data is, and who looks for it there."""

from __future__ import annotations

from compiler.changes.data import volumes_of
from compiler.changes.difference import ABSENT, Difference
from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, quiet, ticked, whole
from compiler.changes.services import successors
from compiler.changes.sources import FOLLOWS_PARENT
from compiler.changes.versions import loses_data


@quiet
def volume_added(spot: Spot) -> Told:
    """A volume is new, and empty at first."""
    owner = as_mapping(spot.after).get("owner")
    return Told(f"volume {ticked(spot.name)} of {ticked(owner)} is new")


@breaking
def volume_renamed(spot: Spot) -> Told | None:
    """A unit mounts another volume where its data was: it starts empty, and the data stays in the old volume.

    Do: keep the old name with `volume:`, or copy the data from the old volume to the new one before the start.
    """
    old, new = spot.before, spot.after
    is_volume = "volume" in {spot.now(*spot.path[:4], "kind")} & {spot.was(*spot.path[:4], "kind")}
    if not is_volume or spot.now("units", spot.name, "kind") == "job":
        return None
    was, now = f"{spot.project}_{old}", f"{spot.project}_{new}"
    copy = f"docker run --rm -v {was}:/from:ro -v {now}:/to alpine cp -a /from/. /to"
    action = f"keep the name {whole(old)}, or stop the unit and copy the data: {whole(copy)}"
    return Told(
        f"{ticked(spot.name)} has its data in {ticked(now)}, no longer in {ticked(was)}, where it stays", action
    )


@breaking
def volume_dropped(spot: Spot) -> Told:
    """Nothing mounts a volume any more. Its data stays on each machine, and no program finds it.

    Do: export what is still needed; `docker volume rm` when nobody needs it.
    """
    actual = ticked(f"{spot.project}_{spot.name}")
    remove = whole(f"docker volume rm {spot.project}_{spot.name}")
    action = f"export what is still needed; {remove} when nobody needs it"
    return Told(f"nothing mounts the volume {ticked(spot.name)} any more; its data stays in {actual}", action)


@breaking
def volume_moved(spot: Spot) -> Told | None:
    """A volume is mounted at another path: the program may look for its data elsewhere in the volume.

    Do: check that the program finds its data below the new path.
    """
    mount = as_mapping(spot.before)
    at = _new_path(spot)
    if mount.get("kind") != "volume" or not at:
        return None
    told = f"volume {ticked(mount.get('source'))} of {ticked(spot.name)} is mounted at {ticked(at)}"
    return Told(f"{told}, no longer at {ticked(spot.last)}")


@notable
def volume_owner_changed(spot: Spot) -> Told:
    """A volume is written by another unit first."""
    return Told(f"volume {ticked(spot.name)} belongs to {ticked(spot.after)}, no longer to {ticked(spot.before)}")


@notable
def mount_added(spot: Spot) -> Told:
    """Something is mounted into a container that was not."""
    mount = as_mapping(spot.after)
    return Told(f"{ticked(spot.name)} has {_what(mount)} mounted at {ticked(spot.last)}")


@notable
def mount_removed(spot: Spot) -> Told:
    """Something is no longer mounted into a container.

    Do: check that the program does without it.
    """
    mount = as_mapping(spot.before)
    return Told(f"{ticked(spot.name)} no longer has {_what(mount)} mounted at {ticked(spot.last)}")


@notable
def mount_source_changed(spot: Spot) -> Told:
    """Something else is mounted at a path."""
    told = f"{ticked(spot.name)} has {ticked(spot.after)} mounted at {ticked(spot.path[3])}"
    return Told(f"{told}, no longer {ticked(spot.before)}")


@quiet
def generated_mount_changed(spot: Spot) -> Told | None:
    """Another generated file is mounted: it has another name, because the project or the environment has."""
    if spot.now(*spot.path[:4], "kind") != "output":
        return None
    return Told(f"{ticked(spot.name)} has the generated file {ticked(spot.after)} mounted at {ticked(spot.path[3])}")


@notable
def mount_kind_changed(spot: Spot) -> Told:
    """What is mounted at a path is of another sort: a volume, a path, memory.

    Do: check that the data there is meant to come and go with it.
    """
    was, now = spot.was(*spot.path[:4]), spot.now(*spot.path[:4])
    return Told(f"{ticked(spot.name)} has {_what(now)} mounted at {ticked(spot.path[3])}, no longer {_what(was)}")


@notable
def mount_made_read_only(spot: Spot) -> Told | None:
    """A mount can no longer be written.

    Do: check that the program does not write there.
    """
    if spot.after is not True:
        return None
    return Told(f"{ticked(spot.name)} can no longer write {ticked(spot.path[3])}")


@notable
def mount_made_writable(spot: Spot) -> Told:
    """A mount can be written from now on."""
    return Told(f"{ticked(spot.name)} can write {ticked(spot.path[3])} from now on")


@notable
def schema_changed(spot: Spot) -> Told | None:
    """The schema file of a database comes, goes or is another one. It is applied once; later changes are migrations.

    Do: bring databases that exist up to date by a migration.
    """
    return _applied(spot, "/periplus-schema.sql", "schema")


@notable
def seed_changed(spot: Spot) -> Told | None:
    """The seed file of a database is another one. It is applied once: a database that has one does not get this.

    Do: fill databases that exist by hand, or reset them.
    """
    return _applied(spot, "/periplus-seed.sql", "seed")


def _applied(spot: Spot, at: str, what: str) -> Told | None:
    if spot.path[3] != at:
        return None
    settings = spot.now_all("units", spot.name, "settings")
    subject = f"{spot.now('units', spot.name, 'of')}.{settings.get('part')}"
    now = spot.now(*spot.path[:4], "source")
    if now is None:
        return Told(f"{ticked(subject)} has no {what} any more", "", subject)
    return Told(f"the {what} of {ticked(subject)} is {ticked(now)}", "", subject)


def _what(mount: object) -> str:
    found = as_mapping(mount)
    return "memory" if found.get("kind") == "memory" else f"{found.get('kind')} {ticked(found.get('source'))}"


def _new_path(spot: Spot) -> str:
    """Where the same unit has the same volume now."""
    source = as_mapping(spot.before).get("source")
    mounts = spot.now_all("units", spot.name, "mounts")
    return next(
        (
            at
            for at, mount in mounts.items()
            if as_mapping(mount).get("source") == source and spot.sign("units", spot.name, "mounts", at) == "+"
        ),
        "",
    )


def _old_path(spot: Spot) -> bool:
    """Whether the same unit had the same volume at a path that it has not any more."""
    mount = as_mapping(spot.after)
    mounts = spot.was_all("units", spot.name, "mounts")
    return mount.get("kind") == "volume" and any(
        as_mapping(other).get("source") == mount.get("source") and spot.sign("units", spot.name, "mounts", at) == "-"
        for at, other in mounts.items()
    )


def _comes_with_unit(spot: Spot) -> bool:
    """The volume of a newcomer is told with it, or with the unit that mounts it instead of another one."""
    owner = as_mapping(spot.after).get("owner")
    return spot.sign("units", str(owner)) == "+" or _is_new_source(spot, spot.name)


def _is_new_source(spot: Spot, volume: str) -> bool:
    return any(one.after == volume for one in _replaced(spot))


def _replaced(spot: Spot) -> list[Difference]:
    """Where one volume is mounted instead of another."""
    if "replaced" not in spot.memory:
        spot.memory["replaced"] = [
            one
            for path, one in spot.found.items()
            if path[0] == "units" and path[2:3] == ("mounts",) and path[4:] == ("source",)
            if spot.was(*path[:4], "kind") == spot.now(*path[:4], "kind") == "volume"
        ]
    found: list[Difference] = spot.memory["replaced"]
    return found


def _goes_with_infrastructure(spot: Spot) -> bool:
    """Whose data nothing mounts any more is told with the instance that is gone, or with the volume instead of it."""
    owner = str(as_mapping(spot.before).get("owner"))
    unit = spot.was_all("units", owner)
    is_gone = spot.sign("units", owner) == "-" and unit.get("kind") == "infrastructure"
    is_told = is_gone and volumes_of(unit)[:1] == [spot.name]
    return is_told or loses_data(spot, owner) or any(one.before == spot.name for one in _replaced(spot))


def _is_told_with_volume(spot: Spot) -> bool:
    """A mount whose volume comes or goes with it."""
    mount = spot.after if spot.sign(*spot.path) == "+" else spot.before
    found = as_mapping(mount)
    return found.get("kind") == "volume" and spot.sign("volumes", str(found.get("source"))) is not None


def _is_told_with_kind(spot: Spot) -> bool:
    return spot.sign(*spot.path[:4], "kind") == ""


def _is_volume_told(spot: Spot) -> bool:
    """From a volume to something else: nothing mounts the volume any more, which is told."""
    was, now = spot.was(*spot.path[:4], "source"), spot.now(*spot.path[:4], "source")
    return (spot.before == "volume" and spot.sign("volumes", str(was)) == "-") or (
        spot.after == "volume" and spot.sign("volumes", str(now)) == "+"
    )


def _is_scratch_of_job(spot: Spot) -> bool:
    """A job has memory wherever its server has the volume."""
    parent = str(spot.now("units", spot.name, "of"))
    return spot.sign("units", parent, "mounts", spot.path[3]) is not None


def _is_moved_by_version(spot: Spot) -> bool:
    """From PostgreSQL 18 on the data is at another path: told with the version, whose data nothing else reads."""
    is_volume = as_mapping(spot.before if spot.sign(*spot.path) == "-" else spot.after).get("kind") == "volume"
    return is_volume and spot.sign("units", spot.name, "version") == "" and (bool(_new_path(spot)) or _old_path(spot))


def _is_of_renamed(spot: Spot) -> bool:
    """Whether the owner only has another name."""
    return bool(spot.after == successors(spot).get(str(spot.before), ABSENT))


VOLUMES: Table = {
    "+volumes/*": (Follows(_comes_with_unit), volume_added),
    "-volumes/*": (Follows(_goes_with_infrastructure), volume_dropped),
    "volumes/*/owner": (Follows(_is_of_renamed), volume_owner_changed),
    "+units/*/mounts/*": (
        FOLLOWS_PARENT,
        Follows(_is_scratch_of_job),
        schema_changed,
        seed_changed,
        Follows(_is_moved_by_version),
        Follows(_old_path),
        Follows(_is_told_with_volume),
        mount_added,
    ),
    "-units/*/mounts/*": (
        FOLLOWS_PARENT,
        Follows(_is_scratch_of_job),
        schema_changed,
        seed_changed,
        Follows(_is_moved_by_version),
        volume_moved,
        Follows(_is_told_with_volume),
        mount_removed,
    ),
    "units/*/mounts/*/source": (
        FOLLOWS_PARENT,
        schema_changed,
        seed_changed,
        Follows(_is_told_with_kind),
        Follows(lambda spot: loses_data(spot, spot.name)),
        volume_renamed,
        generated_mount_changed,
        mount_source_changed,
    ),
    "units/*/mounts/*/kind": (FOLLOWS_PARENT, Follows(_is_volume_told), mount_kind_changed),
    "units/*/mounts/*/read_only": (FOLLOWS_PARENT, mount_made_read_only, mount_made_writable),
}
