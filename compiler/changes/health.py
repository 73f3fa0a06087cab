"""Health checks: what is asked, by whom, how often."""

from __future__ import annotations

import re

from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, is_number, notable, quiet, seconds, ticked

_TIMES = {
    "interval_ms": "is asked for its health every",
    "timeout_ms": "may take for the answer to its health check",
    "grace_ms": "may fail its health check after its start for",
}


@quiet
def health_check_added(spot: Spot) -> Told | None:
    """A unit is asked whether it is healthy; others wait until it is."""
    if spot.before is not None or not _asks(spot.after):
        return None
    return Told(f"{ticked(spot.name)} has a health check: {ticked(as_mapping(spot.after).get('liveness'))}")


@notable
def health_check_removed(spot: Spot) -> Told | None:
    """A unit is no longer asked whether it is healthy: others only wait until it is started.

    Do: check that they stand it when it cannot answer yet.
    """
    if spot.after is not None and not (spot.last == "asker" and spot.after == "none"):
        return None
    return Told(f"{ticked(spot.name)} has no health check any more: others wait only until it is started")


@notable
def health_check_weakened(spot: Spot) -> Told | None:
    """A unit is asked less than before: whether a port is open instead of a request, or readiness no more.

    Do: check that a program that hangs is still noticed.
    """
    if _strength(spot.after) >= _strength(spot.before):
        return None
    now = ticked(spot.after) if spot.after is not None else "nothing any more"
    was = f"no longer {ticked(spot.before)}" if spot.after is not None else f"so far {ticked(spot.before)}"
    return Told(f"the {spot.last} of {ticked(spot.name)} asks {now}, {was}")


@quiet
def health_check_strengthened(spot: Spot) -> Told | None:
    """A unit is asked more than before: a request instead of an open port, or readiness, too."""
    if _strength(spot.after) <= _strength(spot.before):
        return None
    was = f"no longer {ticked(spot.before)}" if spot.before is not None else "so far nothing"
    return Told(f"the {spot.last} of {ticked(spot.name)} asks {ticked(spot.after)}, {was}")


@notable
def health_question_changed(spot: Spot) -> Told:
    """A unit is asked something else.

    Do: check that it answers, or it never becomes healthy.
    """
    return Told(f"the {spot.last} of {ticked(spot.name)} asks {ticked(spot.after)}, no longer {ticked(spot.before)}")


@quiet
def health_asker_changed(spot: Spot) -> Told:
    """Another tool in the image asks."""
    return Told(f"{ticked(spot.after)} asks {ticked(spot.name)} for its health, no longer {ticked(spot.before)}")


@notable
def health_check_slower(spot: Spot) -> Told | None:
    """A unit that hangs is noticed later, or the start takes longer: a longer time, or more failures allowed."""
    return _time(spot) if _is_more(spot) else None


@quiet
def health_check_faster(spot: Spot) -> Told:
    """A unit that hangs is noticed earlier: a shorter time, or fewer failures allowed."""
    return _time(spot)


def _time(spot: Spot) -> Told:
    if spot.last == "retries":
        now, was = ticked(spot.after), ticked(spot.before)
        return Told(f"{ticked(spot.name)} is unhealthy after {now} failures, no longer {was}")
    said = _TIMES.get(spot.last, ticked(spot.last))
    return Told(f"{ticked(spot.name)} {said} {seconds(spot.after)}, no longer {seconds(spot.before)}")


def _is_more(spot: Spot) -> bool:
    return is_number(spot.before) and is_number(spot.after) and spot.after > spot.before


def _strength(question: object) -> int:
    """Nothing, an open port, a request or a command."""
    if question is None:
        return 0
    return 1 if str(question).startswith("connect ") else 2


def _asks(health: object) -> bool:
    return bool(as_mapping(health)) and as_mapping(health).get("asker") != "none"


def _follows_port(spot: Spot) -> bool:
    """The question is put to the same port, which has another number."""
    moved = {
        f":{one.before}": f":{one.after}"
        for one in spot.beside("units", spot.name)
        if one.path[2] == "ports" and one.path[4:] == ("container",)
    }
    asked = re.sub(r":\d+", lambda match: moved.get(match.group(), match.group()), str(spot.before), count=1)
    return bool(asked == spot.after)


def _is_told_with_check(spot: Spot) -> bool:
    """Where the check comes or goes altogether, that is told."""
    asker = spot.found.get(("units", spot.name, "health", "asker"))
    return asker is not None and "none" in {asker.before, asker.after}


def _is_told_with_liveness(spot: Spot) -> bool:
    """Another question may need another tool."""
    return spot.sign("units", spot.name, "health", "liveness") is not None and "none" not in {spot.before, spot.after}


def _is_same_as_liveness(spot: Spot) -> bool:
    return spot.is_same_as("units", spot.name, "health", "liveness")


@quiet
def health_check_asked(spot: Spot) -> Told | None:
    """A check that nobody put is put from now on."""
    if spot.before != "none":
        return None
    return Told(f"{ticked(spot.name)} is asked for its health by {ticked(spot.after)} from now on")


_QUESTION = (
    Follows(_is_told_with_check),
    Follows(_follows_port),
    health_check_weakened,
    health_check_strengthened,
    health_question_changed,
)
_TIME = (Follows(_is_told_with_check), health_check_slower, health_check_faster)

HEALTH: Table = {
    "units/*/health": (health_check_added, health_check_removed),
    "units/*/health/liveness": _QUESTION,
    "units/*/health/readiness": (Follows(_is_same_as_liveness), *_QUESTION),
    "units/*/health/asker": (
        health_check_removed,
        health_check_asked,
        Follows(_is_told_with_liveness),
        health_asker_changed,
    ),
    "units/*/health/interval_ms": _TIME,
    "units/*/health/timeout_ms": _TIME,
    "units/*/health/retries": _TIME,
    "units/*/health/grace_ms": _TIME,
}
