"""Who may log in to infrastructure, and with which password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.changes.data import is_server, part_of, volumes_of
from compiler.changes.environment import secrets_in, without_secrets
from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, ticked, whole

if TYPE_CHECKING:
    from collections.abc import Mapping


@breaking
def server_password_renamed(spot: Spot) -> Told | None:
    """The password of a server's superuser comes from another secret. The server keeps the old one in its volume.

    Do: give the new secret the old value in each `.env` before the start, or change the password in the server.
    """
    if not _is_other_secret(spot) or not volumes_of(spot.now_all("units", spot.name)):
        return None
    old, new = secrets_in(spot.before), secrets_in(spot.after)
    if new & secrets_in(spot.now("units", spot.name, "command")):
        return None
    action = (
        f"give {whole(', '.join(sorted(new)))} the value of {whole(', '.join(sorted(old)))} in each `.env` before "
        "the start, or change the password in the running server first"
    )
    told = f"the password of {ticked(spot.name)} comes from {ticked(', '.join(sorted(new)))}"
    return Told(f"{told}, but its volume has the old one", action)


@notable
def password_renamed(spot: Spot) -> Told | None:
    """A password comes from another secret, and the server takes it at the next start.

    Do: tell whoever logs in from outside.
    """
    if not _is_other_secret(spot):
        return None
    new = ticked(", ".join(sorted(secrets_in(spot.after))))
    login = part_of(spot) or spot.name
    return Told(f"the password of {ticked(login)} comes from {new}", "", login)


@notable
def password_added(spot: Spot) -> Told | None:
    """A server asks for a password from now on; the project's services know it by themselves.

    Do: tell whoever else uses it.
    """
    if not is_server(spot) or _secrets(spot.was_all("units", spot.name)) or not secrets_in(spot.after):
        return None
    return Told(
        f"{ticked(spot.name)} asks for a password from now on: {ticked(', '.join(sorted(secrets_in(spot.after))))}"
    )


@notable
def password_dropped(spot: Spot) -> Told | None:
    """A server asks for no password any more.

    Do: check that nobody but the project's services can reach it.
    """
    if not is_server(spot) or _secrets(spot.now_all("units", spot.name)) or not secrets_in(spot.before):
        return None
    return Told(f"{ticked(spot.name)} asks for no password any more")


def _is_other_secret(spot: Spot) -> bool:
    """Whether infrastructure or a job of it gets the same text but for the name of a secret."""
    unit = spot.now_all("units", spot.name)
    is_ours = unit.get("kind") == "infrastructure" or "part" in as_mapping(unit.get("settings"))
    has_both = bool(secrets_in(spot.before)) and bool(secrets_in(spot.after))
    return is_ours and has_both and without_secrets(spot.before) == without_secrets(spot.after)


def _secrets(unit: Mapping[str, Any]) -> frozenset[str]:
    return secrets_in([list(as_mapping(unit.get("environment")).values()), unit.get("command")])


def _is_password_of_server(spot: Spot) -> bool:
    """A job logs in with the password of the server that it belongs to, whose change is told."""
    parent = spot.now("units", spot.name, "of")
    return any(
        one.path[2] == "environment" and (one.before, one.after) == (spot.before, spot.after)
        for one in spot.beside("units", str(parent))
    )


def _is_told_once(spot: Spot) -> bool:
    """Of several variables with the same new secret of one unit, the first tells it."""
    return any(
        one.path[2] == "environment" and one.path < spot.path and secrets_in(one.after) == secrets_in(spot.after)
        for one in spot.beside("units", spot.name)
        if _is_other_secret(spot._replace(path=one.path, before=one.before, after=one.after))
    )


def _is_for_password(spot: Spot) -> bool:
    """Whether a command differs by nothing but the password, which a variable of the same unit tells."""
    told = any(one.path[2] == "environment" and _has_secret(one) for one in spot.beside("units", spot.name))
    words = [_without_password(side) for side in (spot.before, spot.after)]
    return told and is_server(spot) and words[0] == words[1]


def _has_secret(one: Any) -> bool:  # noqa: ANN401 - a difference
    return bool(secrets_in(one.before) | secrets_in(one.after))


def _without_password(command: object) -> list[str]:
    """The words of a command but its first, and but a secret and the flag before it."""
    words = [str(word) for word in command] if isinstance(command, list) else [str(command)]
    hidden = {index for index, word in enumerate(words) if secrets_in(word)}
    kept = [word for index, word in enumerate(words) if not {index, index + 1} & hidden]
    return kept[1:]


LOGINS: Table = {
    "units/*/environment/*": (
        Follows(_is_password_of_server),
        Follows(_is_told_once),
        server_password_renamed,
        password_renamed,
    ),
    "+units/*/environment/*": (password_added,),
    "-units/*/environment/*": (password_dropped,),
    "units/*/command": (Follows(_is_for_password),),
}
