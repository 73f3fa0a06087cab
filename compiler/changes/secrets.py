"""What `.env` must hold: secrets and variables."""

from __future__ import annotations

from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, quiet, ticked, whole


@breaking
def secret_required(spot: Spot) -> Told | None:
    """A secret is needed that nothing generates: without it nothing starts.

    Do: put it into each `.env`, and into the secrets of CI.
    """
    how = as_mapping(spot.after).get("how") if spot.sign(*spot.path) == "+" else spot.after
    if how != "required":
        return None
    action = f"put {whole(spot.name)} into each `.env`, and into the secrets of CI: `.env.example` says what it is"
    return Told(f"secret {ticked(spot.name)} is required from now on", action)


@quiet
def secret_added(spot: Spot) -> Told:
    """A secret is new that `start.sh` generates, or that is optional."""
    how = as_mapping(spot.after).get("how")
    return Told(f"secret {ticked(spot.name)} is new: {_HOW.get(str(how), ticked(how))}")


@quiet
def secret_removed(spot: Spot) -> Told:
    """A secret is no longer needed; it may be taken out of `.env`."""
    return Told(f"secret {ticked(spot.name)} is no longer needed")


@quiet
def secret_became_generated(spot: Spot) -> Told | None:
    """A secret that had to be given is generated where it is missing; where `.env` has one it stays."""
    if spot.after != "generated":
        return None
    return Told(f"secret {ticked(spot.name)} is generated where it is missing")


@notable
def secret_became_optional(spot: Spot) -> Told | None:
    """A secret may be missing from now on: the program finds an empty one.

    Do: check that the program does without it.
    """
    if spot.after != "optional":
        return None
    return Told(f"secret {ticked(spot.name)} may be missing from now on")


@notable
def secret_in_url(spot: Spot) -> Told | None:
    """A secret becomes part of a URL, where only some characters are safe: `start.sh` refuses others.

    Do: where `.env` has one with other characters than letters, digits, `-`, `.`, `_` and `~`, give it another value.
    """
    if spot.after is not True:
        return None
    return Told(f"secret {ticked(spot.name)} becomes part of a URL")


@quiet
def secret_out_of_url(spot: Spot) -> Told:
    """A secret is part of no URL any more, so it may have any characters."""
    return Told(f"secret {ticked(spot.name)} is part of no URL any more")


@quiet
def secret_length_changed(spot: Spot) -> Told:
    """A generated secret has another length where it is generated anew; those that exist stay."""
    now, was = spot.now(*spot.path), spot.was(*spot.path)
    return Told(f"secret {ticked(spot.name)} is generated with {ticked(now)} characters, no longer {ticked(was)}")


@breaking
def variable_required(spot: Spot) -> Told | None:
    """A variable is needed that has no default: without it nothing starts.

    Do: put it into each `.env`, and into the variables of CI.
    """
    needed = as_mapping(spot.after).get("required") if spot.sign(*spot.path) == "+" else spot.after
    if needed is not True:
        return None
    message = spot.now("variables", spot.name, "message")
    why = f" ({ticked(message)})" if message else ""
    action = f"put {whole(spot.name)} into each `.env`, and into the variables of CI"
    return Told(f"variable {ticked(spot.name)} is required from now on{why}", action)


@quiet
def variable_became_optional(spot: Spot) -> Told:
    """A variable may be missing from now on."""
    return Told(f"variable {ticked(spot.name)} may be missing from now on")


@quiet
def variable_added(spot: Spot) -> Told:
    """A variable can be set in `.env`; without it a default holds."""
    default = as_mapping(spot.after).get("default")
    without = ticked(default) if default is not None else "empty"
    return Told(f"variable {ticked(spot.name)} is new, {without} where it is not set")


@notable
def variable_removed(spot: Spot) -> Told:
    """A variable is no longer read: an `.env` that sets it has no effect any more."""
    return Told(f"variable {ticked(spot.name)} is no longer read")


@notable
def variable_default_changed(spot: Spot) -> Told:
    """Where a variable is not set, something else holds."""
    if spot.after is None:
        return Told(f"variable {ticked(spot.name)} has no default any more, which was {ticked(spot.before)}")
    told = f"variable {ticked(spot.name)} is {ticked(spot.after)} where it is not set"
    was = "so far it had no default" if spot.before is None else f"no longer {ticked(spot.before)}"
    return Told(f"{told}, {was}")


@quiet
def variable_message_changed(spot: Spot) -> Told:
    """What is said where a required variable is missing reads otherwise."""
    now = spot.now(*spot.path)
    return Told(f"where {ticked(spot.name)} is missing, {ticked(now)} is said")


_HOW = {"generated": "`start.sh` generates it", "optional": "it may be missing"}

_TOLD_WITH_HOW = Follows(lambda spot: spot.sign("secrets", spot.name, "how") is not None)
_TOLD_WITH_REQUIRED = Follows(lambda spot: spot.sign("variables", spot.name, "required") is not None)

SECRETS: Table = {
    "+secrets/*": (secret_required, secret_added),
    "-secrets/*": (secret_removed,),
    "secrets/*/how": (secret_required, secret_became_generated, secret_became_optional),
    "secrets/*/in_url": (secret_in_url, secret_out_of_url),
    "secrets/*/length": (secret_length_changed,),
    "+secrets/*/length": (_TOLD_WITH_HOW, secret_length_changed),
    "-secrets/*/length": (_TOLD_WITH_HOW, secret_length_changed),
    "+variables/*": (variable_required, variable_added),
    "-variables/*": (variable_removed,),
    "variables/*/required": (variable_required, variable_became_optional),
    "variables/*/default": (
        _TOLD_WITH_REQUIRED,
        variable_default_changed,
    ),
    "variables/*/message": (variable_message_changed,),
    "+variables/*/message": (
        _TOLD_WITH_REQUIRED,
        variable_message_changed,
    ),
    "-variables/*/message": (
        _TOLD_WITH_REQUIRED,
        variable_message_changed,
    ),
}
