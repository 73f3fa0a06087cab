"""What a unit finds in its environment, and the settings that are passed through to Compose."""

from __future__ import annotations

import re

from compiler.changes.kind import Spot, Table, Told, notable, quiet, ticked
from compiler.changes.services import successors
from compiler.changes.sources import FOLLOWS_PARENT
from compiler.text.regex import regex

_CREDENTIALS = regex(r"//[^@/]*@")
_RIGHTS = frozenset({"privileged", "cap_add", "devices", "pid", "ipc", "security_opt", "sysctls", "group_add", "user"})
"""Settings that can give a container more rights over the machine."""


@quiet
def environment_variable_added(spot: Spot) -> Told:
    """A unit finds one more variable in its environment."""
    return Told(f"{ticked(spot.name)} gets {ticked(f'{spot.last}={spot.after}')}")


@notable
def environment_variable_removed(spot: Spot) -> Told:
    """A unit no longer finds a variable in its environment.

    Do: check that the program does without it.
    """
    return Told(f"{ticked(spot.name)} no longer gets {ticked(spot.last)}, which was {ticked(spot.before)}")


@quiet
def environment_variable_follows(spot: Spot) -> Told | None:
    """A variable follows another change by itself, for it is a reference: a port, a name, a login."""
    if str(spot.after) not in _outcomes(spot) and _bare(spot.before) != _bare(spot.after):
        return None
    return Told(f"{ticked(spot.last)} of {ticked(spot.name)} follows: {ticked(spot.after)}")


@notable
def environment_variable_changed(spot: Spot) -> Told:
    """A unit finds another value in its environment."""
    return _other_value(spot)


@notable
def server_environment_changed(spot: Spot) -> Told | None:
    """A piece of infrastructure finds something else in its environment.

    Do: many images read their environment only when their volume is empty: see whether it does anything to yours.
    """
    if spot.now("units", spot.name, "kind") != "infrastructure":
        return None
    if spot.sign(*spot.path) == "+":
        return Told(f"{ticked(spot.name)} gets {ticked(f'{spot.last}={spot.after}')}")
    if spot.sign(*spot.path) == "-":
        return Told(f"{ticked(spot.name)} no longer gets {ticked(f'{spot.last}={spot.before}')}")
    return _other_value(spot)


@notable
def restart_policy_changed(spot: Spot) -> Told:
    """A unit is started again by the engine in other cases than before."""
    now, was = spot.now(*spot.path) or "no", spot.was(*spot.path) or "no"
    return Told(f"{ticked(spot.name)} has the restart policy {ticked(now)}, no longer {ticked(was)}")


@notable
def rights_changed(spot: Spot) -> Told | None:
    """A setting changes that can give a container more rights over the machine, or take them.

    Do: check that the program needs the rights that it gets, and does without those that it loses.
    """
    return _setting(spot) if spot.path[4] in _RIGHTS else None


@notable
def compose_setting_changed(spot: Spot) -> Told:
    """A setting that is passed through to Compose changes."""
    return _setting(spot)


@notable
def hostname_changed(spot: Spot) -> Told:
    """The fixed name of a container's host changes. Some servers, such as RabbitMQ, keep their data under it.

    Do: where it keeps data, export it before, and import it after.
    """
    now, was = spot.now(*spot.path), spot.was(*spot.path)
    if now is None or was is None:
        return Told(
            f"the host of {ticked(spot.name)} has {'no fixed name any more' if now is None else 'a fixed name'}"
        )
    return Told(f"the host of {ticked(spot.name)} is called {ticked(now)}, no longer {ticked(was)}")


def secrets_in(text: object) -> frozenset[str]:
    """The secrets whose values a text holds."""
    return frozenset(re.findall(r"\$\{secrets\.([^}]*)\}", str(text)))


def without_secrets(text: object) -> str:
    """The text with every secret the same."""
    return re.sub(r"\$\{secrets\.[^}]*\}", "${secrets}", str(text))


def _other_value(spot: Spot) -> Told:
    was = f"no longer {ticked(spot.before)}" if spot.before != "" else "which was empty"
    if spot.after == "":
        return Told(f"{ticked(spot.name)} gets an empty {ticked(spot.last)}, {was}")
    return Told(f"{ticked(spot.name)} gets {ticked(f'{spot.last}={spot.after}')}, {was}")


def _setting(spot: Spot) -> Told:
    key = ".".join(spot.path[4:])
    if spot.sign(*spot.path) == "+":
        return Told(f"{ticked(spot.name)} has {ticked(key)} set to {ticked(spot.after)}")
    if spot.sign(*spot.path) == "-":
        return Told(f"{ticked(spot.name)} has {ticked(key)} no longer set, which was {ticked(spot.before)}")
    return Told(f"{ticked(spot.name)} has {ticked(key)} set to {ticked(spot.after)}, no longer {ticked(spot.before)}")


def _outcomes(spot: Spot) -> set[str]:
    """What the value before becomes by each container port that moves and each service that is renamed."""
    text = str(spot.before)
    if "moved" not in spot.memory:
        spot.memory["moved"] = [one for path, one in spot.found.items() if path[2:3] == ("ports",)]
    moved = [one for one in spot.memory["moved"] if one.path[4:] == ("container",)]
    found = {str(one.after) for one in moved if str(one.before) == text}
    for one in moved:
        old = f"{one.path[1]}:{one.before}"
        if old in text:
            found.add(re.sub(rf"(?<![\w.-]){re.escape(old)}(?!\d)", f"{one.path[1]}:{one.after}", text))
    for was, now in successors(spot).items():
        found.add(re.sub(rf"(?<![\w.-]){re.escape(was)}(?![\w.-])", now, text))
    return found - {text}


def _bare(text: object) -> str:
    """A URL without its credentials."""
    return _CREDENTIALS.sub("//", str(text))


_SETTINGS = (FOLLOWS_PARENT, rights_changed, compose_setting_changed)

ENVIRONMENT: Table = {
    "+units/*/environment/*": (FOLLOWS_PARENT, server_environment_changed, environment_variable_added),
    "-units/*/environment/*": (FOLLOWS_PARENT, server_environment_changed, environment_variable_removed),
    "units/*/environment/*": (
        FOLLOWS_PARENT,
        server_environment_changed,
        environment_variable_follows,
        environment_variable_changed,
    ),
    "units/*/extras/compose/restart": (restart_policy_changed,),
    "+units/*/extras/compose/restart": (restart_policy_changed,),
    "-units/*/extras/compose/restart": (restart_policy_changed,),
    "units/*/extras/compose/**": _SETTINGS,
    "+units/*/extras/compose/**": _SETTINGS,
    "-units/*/extras/compose/**": _SETTINGS,
    "units/*/hostname": (hostname_changed,),
    "+units/*/hostname": (hostname_changed,),
    "-units/*/hostname": (hostname_changed,),
}
