"""Checks of servers with a password that do not give it, and what the server then says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.model.manifest import Service
    from compiler.text.commands import Command

_CLIENTS = frozenset({"redis-cli", "valkey-cli"})
_GIVES = ("-a", "--pass", "--user", "-u", "--askpass")


def login_fault(service: Service, commands: Sequence[Command], at: tuple[str | int, ...]) -> Iterator[Defect]:
    """A ping of a Redis with a password, that is answered NOAUTH: with 0, unless `-e` or a look at the answer."""
    asked = [command for command in commands if command.program in _CLIENTS and _pings(command)]
    is_told = "REDISCLI_AUTH" in service.environment or "env_file" in service.compose
    is_given = is_told or any(map(_gives_password, commands))
    if not asked or is_given or not _has_password(service):
        return
    is_blind = "-e" not in asked[0].words and asked[0].after != "|" and "(" not in asked[0].before
    facts = {"unit": service.name, "program": asked[0].program, "blind": "yes" if is_blind else ""}
    yield Defect("health.no-login", at, facts)


def _pings(command: Command) -> bool:
    return any(word.lower() == "ping" for word in command.words[1:])


def _gives_password(command: Command) -> bool:
    words = command.words
    return any(word.startswith("REDISCLI_AUTH=") or word.upper() == "AUTH" or word.startswith(_GIVES) for word in words)


def _has_password(service: Service) -> bool:
    """Whether the server is started with one; what a file says of it is not known."""
    return any(isinstance(piece, str) and "requirepass" in piece for word in service.command for piece in word)
