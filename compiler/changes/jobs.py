"""Jobs that end: migrations of a service, and what makes and fills the parts of infrastructure."""

from __future__ import annotations

from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, notable, quiet, ticked


@notable
def migration_added(spot: Spot) -> Told | None:
    """A service migrates its data before each start.

    Do: check that the migration may run twice, and on the data that exists.
    """
    job = as_mapping(spot.after)
    if not _is_migration(job):
        return None
    return Told(
        f"{ticked(job['of'])} migrates its data before each start, with {ticked(job.get('command'))}", "", job["of"]
    )


@notable
def migration_removed(spot: Spot) -> Told | None:
    """A service no longer migrates its data.

    Do: check that somebody else does, or that there is nothing to migrate.
    """
    job = as_mapping(spot.before)
    if not _is_migration(job):
        return None
    return Told(f"{ticked(job['of'])} no longer migrates its data before its start", "", job["of"])


@notable
def migration_changed(spot: Spot) -> Told | None:
    """A service migrates its data with another command.

    Do: check it on a copy of the data that exists.
    """
    job = spot.now_all("units", spot.name)
    if not _is_migration(job):
        return None
    now, was = spot.now(*spot.path) or "the image's own", spot.was(*spot.path) or "the image's own"
    told = f"{ticked(job['of'])} migrates its data with the {spot.last} {ticked(now)}, no longer {ticked(was)}"
    return Told(told, "", job["of"])


@notable
def seed_added(spot: Spot) -> Told | None:
    """A database is filled once: at the next start, also where it holds data already.

    Do: check that the seed may meet the data that exists.
    """
    part = _seeded(spot.after)
    if not part or not spot.name.endswith("-seed"):
        return None
    return Told(f"{ticked(part)} is filled once, at the next start", "", part)


@notable
def seed_removed(spot: Spot) -> Told | None:
    """A database is no longer filled; what the seed brought stays."""
    part = _seeded(spot.before)
    if not part or not spot.name.endswith("-seed"):
        return None
    return Told(f"{ticked(part)} is no longer filled; what the seed brought stays", "", part)


@quiet
def part_used(spot: Spot) -> Told | None:
    """A part that was declared is used from now on, so a job makes it."""
    part = _seeded(spot.after)
    return Told(f"{ticked(part)} is used from now on: a job makes it", "", part) if part else None


@notable
def part_unused(spot: Spot) -> Told | None:
    """A part that is declared is used by nobody any more, so no job makes it; what it holds stays."""
    part = _seeded(spot.before)
    return Told(f"{ticked(part)} is declared, but nobody uses it any more", "", part) if part else None


@quiet
def job_changed(spot: Spot) -> Told | None:
    """A job that makes or fills a part does so in another way; it is safe to repeat."""
    job = spot.now_all("units", spot.name)
    part = _seeded(job)
    return Told(f"{ticked(part)} is made by another {spot.last}", "", part) if part else None


def _is_migration(job: object) -> bool:
    found = as_mapping(job)
    return found.get("kind") == "job" and isinstance(found.get("of"), str) and not _seeded(job)


def _seeded(job: object) -> str:
    """`instance.part` of a job that makes or fills it, empty for another unit."""
    found = as_mapping(job)
    part = as_mapping(found.get("settings")).get("part")
    return f"{found.get('of')}.{part}" if part else ""


def _goes_with_parent(spot: Spot) -> bool:
    """A job comes and goes with its service, its instance, or the part that it makes."""
    sign = spot.sign(*spot.path)
    job = as_mapping(spot.after if sign == "+" else spot.before)
    settings = as_mapping(job.get("settings"))
    parent = str(job.get("of"))
    part = ("units", parent, "parts", str(settings.get("family")), str(settings.get("part")))
    return job.get("kind") == "job" and sign in {spot.sign("units", parent), spot.sign(*part)}


def _is_told_otherwise(spot: Spot) -> bool:
    """The command of a part's job names its options and files, which are told by themselves."""
    unit = spot.now_all("units", spot.name)
    parent = str(unit.get("of"))
    if not _seeded(unit):
        return False
    here = any(one.path[2] in {"settings", "mounts"} for one in spot.beside("units", spot.name))
    return here or spot.sign("units", parent, "settings", "type") == ""


def _is_option(spot: Spot) -> bool:
    """The environment of a part's job holds its options, which are told by themselves."""
    values = [(one.before, one.after) for one in spot.beside("units", spot.name) if one.path[2] == "settings"]
    return (spot.before, spot.after) in values


JOBS: Table = {
    "+units/*": (Follows(_goes_with_parent), migration_added, seed_added, part_used),
    "-units/*": (Follows(_goes_with_parent), migration_removed, seed_removed, part_unused),
    "units/*/command": (Follows(_is_told_otherwise), migration_changed, job_changed),
    "units/*/entrypoint": (migration_changed,),
    "+units/*/entrypoint": (migration_changed,),
    "-units/*/entrypoint": (migration_changed,),
    "units/*/environment/*": (Follows(_is_option),),
}
