"""What a unit is made of and how it is started: image or build, command, replicas, profiles."""

from __future__ import annotations

from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, listed, notable, quiet, ticked


@notable
def image_changed(spot: Spot) -> Told:
    """A service runs another image."""
    return Told(f"{ticked(spot.name)} runs image {ticked(spot.after)}, no longer {ticked(spot.before)}")


@notable
def image_version_changed(spot: Spot) -> Told:
    """Something without data of its own runs another version of its image."""
    return Told(f"{ticked(spot.name)} runs version {ticked(spot.after)}, no longer {ticked(spot.before)}")


@notable
def source_changed(spot: Spot) -> Told:
    """A service is built where an image was used, or the other way round."""
    unit = spot.now_all("units", spot.name)
    if spot.last == "build" and "build" in unit:
        context = as_mapping(unit["build"]).get("context")
        return Told(f"{ticked(spot.name)} is built from {ticked(context)}, no longer taken as an image")
    return Told(f"{ticked(spot.name)} is the image {ticked(unit.get('image'))}, no longer built here")


@notable
def build_changed(spot: Spot) -> Told:
    """A service is built from another context, Dockerfile or stage, or with other arguments."""
    what = " ".join(spot.path[3:])
    if spot.sign(*spot.path) == "+":
        return Told(f"{ticked(spot.name)} is built with {ticked(what)} {ticked(spot.after)}")
    if spot.sign(*spot.path) == "-":
        return Told(f"{ticked(spot.name)} is built without {ticked(what)}, which was {ticked(spot.before)}")
    return Told(
        f"{ticked(spot.name)} is built with {ticked(what)} {ticked(spot.after)}, no longer {ticked(spot.before)}"
    )


@notable
def command_changed(spot: Spot) -> Told:
    """A unit is started with another command or entry point."""
    if not spot.after or spot.last not in spot.now_all("units", spot.name):
        return Told(f"{ticked(spot.name)} has the {spot.last} of its image, no longer {ticked(spot.before)}")
    if not spot.before or spot.last not in spot.was_all("units", spot.name):
        return Told(f"{ticked(spot.name)} has the {spot.last} {ticked(spot.after)}, no longer that of its image")
    return Told(f"{ticked(spot.name)} has the {spot.last} {ticked(spot.after)}, no longer {ticked(spot.before)}")


@notable
def replicas_changed(spot: Spot) -> Told:
    """Another number of a service runs."""
    now, was = spot.now(*spot.path), spot.was(*spot.path)
    return Told(f"{ticked(spot.name)} runs {_times(now)}, no longer {_times(was)}")


@breaking
def profile_needed(spot: Spot) -> Told | None:
    """A unit that always started does so only with a profile from now on.

    Do: start with `--profile`, or set `COMPOSE_PROFILES`, where it is needed.
    """
    if spot.before or not spot.after:
        return None
    return Told(f"{ticked(spot.name)} starts only with the profile {listed(spot.after)} from now on")


@notable
def profile_dropped(spot: Spot) -> Told | None:
    """A unit that needed a profile always starts from now on."""
    if spot.after:
        return None
    return Told(f"{ticked(spot.name)} always starts from now on, no longer only with {listed(spot.before)}")


@notable
def profile_changed(spot: Spot) -> Told:
    """A unit starts with other profiles.

    Do: change the profiles you start with, in `COMPOSE_PROFILES` too.
    """
    return Told(f"{ticked(spot.name)} starts with {listed(spot.after)}, no longer with {listed(spot.before)}")


@quiet
def watch_changed(spot: Spot) -> Told:
    """Other paths are watched while developing, or something else is done about them."""
    return Told(f"{ticked(spot.name)} watches other paths while developing")


def _times(count: object) -> str:
    return "once" if count == 1 or count is None else f"{ticked(count)} times"


def _is_job_of_its_parent(spot: Spot) -> bool:
    """A job runs the image of the unit that it belongs to, and is started with its profiles."""
    parent = spot.now("units", spot.name, "of")
    return isinstance(parent, str) and spot.is_same_as("units", parent, *spot.path[2:])


def _is_same_set(spot: Spot) -> bool:
    """The order of profiles means nothing."""
    return (
        isinstance(spot.before, list)
        and isinstance(spot.after, list)
        and sorted(map(str, spot.before)) == sorted(map(str, spot.after))
    )


FOLLOWS_PARENT = Follows(_is_job_of_its_parent)
"""What a job has from the unit that it belongs to."""

SOURCES: Table = {
    "-units/*/image": (FOLLOWS_PARENT, Follows(lambda spot: spot.sign("units", spot.name, "build") == "+")),
    "-units/*/version": (FOLLOWS_PARENT, Follows(lambda spot: spot.sign("units", spot.name, "build") == "+")),
    "+units/*/build": (FOLLOWS_PARENT, source_changed),
    "+units/*/image": (FOLLOWS_PARENT, Follows(lambda spot: spot.sign("units", spot.name, "build") == "-")),
    "+units/*/version": (FOLLOWS_PARENT, Follows(lambda spot: spot.sign("units", spot.name, "build") == "-")),
    "-units/*/build": (FOLLOWS_PARENT, source_changed),
    "units/*/build/**": (FOLLOWS_PARENT, build_changed),
    "+units/*/build/**": (FOLLOWS_PARENT, build_changed),
    "-units/*/build/**": (FOLLOWS_PARENT, build_changed),
    "units/*/entrypoint": (command_changed,),
    "+units/*/entrypoint": (command_changed,),
    "-units/*/entrypoint": (command_changed,),
    "units/*/command": (command_changed,),
    "units/*/replicas": (replicas_changed,),
    "+units/*/replicas": (replicas_changed,),
    "-units/*/replicas": (replicas_changed,),
    "units/*/profiles": (FOLLOWS_PARENT, Follows(_is_same_set), profile_needed, profile_dropped, profile_changed),
    "units/*/develop/**": (watch_changed,),
    "+units/*/develop": (watch_changed,),
    "-units/*/develop": (watch_changed,),
    "+units/*/develop/**": (watch_changed,),
    "-units/*/develop/**": (watch_changed,),
}
