"""Who calls and awaits whom, and when everything starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, listed, notable, quiet, seconds, ticked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compiler.changes.change import Change

_STRENGTH = {"none": 0, "started": 1, "healthy": 2, "completed": 3}
_WAITS = {
    "none": "starts without {whom}",
    "started": "waits until {whom} is started",
    "healthy": "waits until {whom} is healthy",
    "completed": "waits until {whom} has ended well",
}


@notable
def dependency_added(spot: Spot) -> Told:
    """A unit calls or awaits another one that it did not."""
    edge = as_mapping(spot.after)
    source, target = _ends(spot)
    verb = "calls" if edge.get("calls") is True else "awaits"
    return Told(f"{ticked(source)} {verb} {ticked(target)}, and {_waits(edge.get('until'))}", "", _subject(spot))


@notable
def dependency_removed(spot: Spot) -> Told:
    """A unit no longer calls or awaits another one.

    Do: check that it may start before the other one is there.
    """
    source, target = _ends(spot)
    verb = "calls" if as_mapping(spot.before).get("calls") is True else "awaits"
    return Told(f"{ticked(source)} no longer {verb} {ticked(target)}", "", _subject(spot))


@notable
def wait_weakened(spot: Spot) -> Told | None:
    """A unit waits for less than before: for a start instead of health, or for nothing.

    Do: check that it can start while the other one cannot answer yet.
    """
    if _STRENGTH.get(str(spot.after), 0) >= _STRENGTH.get(str(spot.before), 0):
        return None
    return _wait(spot)


@quiet
def wait_strengthened(spot: Spot) -> Told:
    """A unit waits for more than before."""
    return _wait(spot)


@notable
def dependency_made_optional(spot: Spot) -> Told | None:
    """A unit starts although another one that it calls is not there."""
    if spot.after is True:
        return None
    source, target = _ends(spot)
    return Told(f"{ticked(source)} starts without {ticked(target)} from now on, too", "", _subject(spot))


@quiet
def dependency_made_required(spot: Spot) -> Told:
    """A unit no longer starts without another one."""
    source, target = _ends(spot)
    return Told(f"{ticked(source)} starts only with {ticked(target)} from now on", "", _subject(spot))


@quiet
def dependency_purpose_changed(spot: Spot) -> Told | None:
    """The words that say what a call is for are others."""
    source, target = _ends(spot)
    told = f"{ticked(source)} calls {ticked(target)} for {ticked(spot.after)}, no longer {ticked(spot.before)}"
    return Told(told, "", _subject(spot))


@quiet
def dependency_calls_changed(spot: Spot) -> Told:
    """A unit that only awaited another one calls it from now on, or the other way round."""
    source, target = _ends(spot)
    verb = "calls" if spot.after is True else "only awaits"
    return Told(f"{ticked(source)} {verb} {ticked(target)} from now on", "", _subject(spot))


@quiet
def layer_changed(spot: Spot) -> Told:
    """A unit starts earlier or later: its layer, which awaits those before it, is another one."""
    return Told(f"{ticked(spot.name)} starts in layer {ticked(spot.after)}, no longer {ticked(spot.before)}")


@notable
def least_start_grown(spot: Spot) -> Told | None:
    """The least time until everything is healthy grows."""
    if not isinstance(spot.after, int) or not isinstance(spot.before, int) or spot.after < spot.before:
        return None
    return Told(f"the start takes {seconds(spot.after)} at least, no longer {seconds(spot.before)}", "", "start")


@quiet
def least_start_shrunk(spot: Spot) -> Told:
    """The least time until everything is healthy shrinks."""
    return Told(f"the start takes {seconds(spot.after)} at least, no longer {seconds(spot.before)}", "", "start")


def fold_layers(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes, with one for all units that move between the same two layers."""
    folded: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        if change.kind == layer_changed.name:
            folded.setdefault((str(change.before), str(change.after), change.environments), []).append(change)
        else:
            yield change
    for members in folded.values():
        members.sort(key=lambda change: change.place)
        names = [change.subject for change in members]
        first = members[0]
        told = f"in layer {ticked(first.after)}, no longer {ticked(first.before)}"
        verb = "start" if len(names) > 1 else "starts"
        yield first._replace(subject=", ".join(names), told=f"{listed(names)} {verb} {told}")


def _ends(spot: Spot) -> tuple[str, str]:
    source, _, target = spot.path[1].partition(" -> ")
    return source, target


def _subject(spot: Spot) -> str:
    return spot.path[1]


def _waits(until: object, whom: str = "it") -> str:
    return _WAITS.get(str(until), "waits otherwise for {whom}").replace("{whom}", whom)


def _wait(spot: Spot) -> Told:
    source, target = _ends(spot)
    told = f"{ticked(source)} {_waits(spot.after, ticked(target))}; so far it {_waits(spot.before)}"
    return Told(told, "", _subject(spot))


def _goes_with_end(spot: Spot) -> bool:
    """A newcomer tells its own calls, and what is gone can neither call nor be called; a job tells itself.

    That somebody who was there before calls a newcomer is told.
    """
    source, target = _ends(spot)
    if spot.sign(*spot.path) == "+":
        return spot.sign("units", source) == "+" or _is_job(
            spot.sign("units", target), spot.now("units", target, "kind")
        )
    gone = [spot.sign("units", source) == "-", spot.sign("units", target) == "-", spot.sign("externals", target) == "-"]
    return any(gone)


def _is_job(sign: str | None, kind: object) -> bool:
    return sign == "+" and kind == "job"


def _is_of_gateway(spot: Spot) -> bool:
    """Whom the gateway calls is what its routes say."""
    source, target = _ends(spot)
    routes = [path for path in spot.found if path[:2] == ("gateway", "routes")]
    named = {as_mapping(spot.was(*path[:3])).get("service") for path in routes}
    named |= {as_mapping(spot.now(*path[:3])).get("service") for path in routes}
    whole = spot.sign("gateway") is not None or spot.sign("gateway", "mode") is not None
    return source == "gateway" and (target in named or whole)


def _has_same_words(spot: Spot) -> bool:
    """The purposes in another order."""
    return sorted(str(spot.before).split(", ")) == sorted(str(spot.after).split(", "))


ORDER: Table = {
    "+integration_points/*": (Follows(_goes_with_end), Follows(_is_of_gateway), dependency_added),
    "-integration_points/*": (Follows(_goes_with_end), Follows(_is_of_gateway), dependency_removed),
    "integration_points/*/until": (wait_weakened, wait_strengthened),
    "integration_points/*/required": (dependency_made_optional, dependency_made_required),
    "integration_points/*/purpose": (
        Follows(_has_same_words),
        Follows(_is_of_gateway),
        dependency_purpose_changed,
    ),
    "integration_points/*/calls": (dependency_calls_changed,),
    "units/*/layer": (layer_changed,),
    "least_start_ms": (least_start_grown, least_start_shrunk),
}
