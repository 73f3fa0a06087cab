"""The project as a whole: its name, its environments, its tests; and what no other kind explains."""

from __future__ import annotations

from compiler.changes.kind import Spot, Table, Told, breaking, notable, quiet, ticked, whole


@breaking
def project_renamed(spot: Spot) -> Told:
    """The project has another name, and with it all containers, networks and volumes: every volume starts empty.

    Do: stop the old project first; keep the old `name`, or copy the data from volume to volume.
    """
    stop = whole(f"docker compose -p {spot.before} down")
    action = f"stop the old project first, with {stop}; its data stays in its volumes: copy it, or keep the old `name`"
    return Told(f"the project is called {ticked(spot.after)}, no longer {ticked(spot.before)}", action, "project")


@quiet
def environment_added(spot: Spot) -> Told:
    """The system has one more environment, with files of its own."""
    return Told(f"environment {ticked(spot.last)} is new")


@notable
def environment_removed(spot: Spot) -> Told:
    """The system has an environment less.

    Do: stop it where it runs, before its files are gone.
    """
    return Told(f"environment {ticked(spot.last)} is gone")


@quiet
def tests_changed(spot: Spot) -> Told:
    """The tests ask something else."""
    if spot.path[1:2] != ("smoke",):
        return Told("the API tests ask for something else", "", "tests")
    how = {"+": "is new", "-": "is gone"}.get(spot.sign(*spot.path) or "", "asks for something else")
    return Told(f"the test flow {ticked(spot.last)} {how}", "", "tests")


@notable
def something_else(spot: Spot) -> Told:
    """Something differs that no other kind explains; it is told with its path.

    Do: look at it in `periplus diff --raw`.
    """
    where = ticked(" ".join(spot.path))
    if spot.sign(*spot.path) == "+":
        return Told(f"{where} is new: {ticked(spot.after)}")
    if spot.sign(*spot.path) == "-":
        return Told(f"{where} is gone, which was {ticked(spot.before)}")
    return Told(f"{where} is {ticked(spot.after)}, no longer {ticked(spot.before)}")


PROJECT: Table = {
    "project": (project_renamed,),
    "+environments/*": (environment_added,),
    "-environments/*": (environment_removed,),
    "tests/api": (tests_changed,),
    "tests/smoke/*": (tests_changed,),
    "+tests/smoke/*": (tests_changed,),
    "-tests/smoke/*": (tests_changed,),
}
