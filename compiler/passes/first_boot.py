"""Checks of databases that are true too early: of the server that the image starts only to initialise itself.

That server listens on its socket alone (PostgreSQL, MySQL, MariaDB) or on 127.0.0.1 alone (MongoDB), and is stopped
again: read in the images' entrypoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.text.image import image_reference
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.model.manifest import Service
    from compiler.text.commands import Command

_SERVERS = {
    **dict.fromkeys(
        (
            *("postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb", "citusdata/citus"),
            "imresamu/postgis",
        ),
        "postgres",
    ),
    **dict.fromkeys(("mysql", "mariadb"), "mysql"),
    "mongo": "mongo",
}
_CLIENTS = {
    "postgres": frozenset({"pg_isready", "psql"}),
    "mysql": frozenset({"mysql", "mysqladmin", "mariadb", "mariadb-admin"}),
    "mongo": frozenset({"mongo", "mongosh"}),
}
_BY_ENVIRONMENT = {"postgres": ("PGHOST", "PGHOSTADDR", "PGSERVICE"), "mysql": ("MYSQL_HOST",), "mongo": ()}
_LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})
_MONGO_VALUES = frozenset({
    *("--eval", "--port", "-u", "--username", "-p", "--password", "--authenticationDatabase", "-f", "--file"),
    *("--authenticationMechanism", "--tlsCAFile", "--tlsCertificateKeyFile", "--sslCAFile", "--sslPEMKeyFile"),
})  # fmt: skip
_ADDRESS = regex(r"(?:mongodb(?:\+srv)?://)?(?:[^@/]*@)?(\[[^\]]*\]|[^:/,]*)(?::\d+)?(?:[/,].*)?")
_INIT = "/docker-entrypoint-initdb.d"


def server_of(image: str) -> str:
    """Which server an image starts: `postgres`, `mysql`, `mongo`, or none that is known."""
    reference = image_reference(image) if image and "$" not in image else None
    is_known = reference is not None and (reference.is_on_hub or reference.repository.startswith("docker/library/"))
    return _SERVERS.get(reference.repository.removeprefix("docker/library/"), "") if reference and is_known else ""


def lies_on_first_boot(
    service: Service, image: str, commands: Sequence[Command], at: tuple[str | int, ...]
) -> Iterator[Defect]:
    """The defect of a check that the server of the first initialisation answers."""
    server = server_of(image)
    if not server or (server == "mongo" and not _initialises(service)):
        return
    clients = [command for command in commands if command.program in _CLIENTS[server]]
    is_set = any(name in service.environment or _assigns(name, commands) for name in _BY_ENVIRONMENT[server])
    if not clients or is_set or not all(_IS_EARLY[server](command.words) for command in clients):
        return
    facts = {"unit": service.name, "program": clients[0].program, "server": server}
    yield Defect("health.too-early", at, facts)


def _initialises(service: Service) -> bool:
    """Whether MongoDB's image starts a server for its first initialisation at all."""
    names = {"MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_USERNAME_FILE"}
    return not names.isdisjoint(service.environment) or any(
        volume.target.startswith(_INIT) for volume in service.volumes
    )


def _assigns(name: str, commands: Sequence[Command]) -> bool:
    return any(word.startswith(f"{name}=") for command in commands for word in command.words)


def _asks_socket_of_postgres(words: Sequence[str]) -> bool:
    if any("://" in word or "host=" in word for word in words):
        return False
    host = _option(words, "-h", "--host")
    return host is None or host.startswith("/")


def _asks_socket_of_mysql(words: Sequence[str]) -> bool:
    protocol = _option(words, "", "--protocol")
    if protocol is not None:
        return protocol.lower() in {"socket", "memory", "pipe"}
    return _option(words, "-h", "--host") in {None, "localhost"}


def _asks_loopback_of_mongo(words: Sequence[str]) -> bool:
    host = _option(words, "", "--host")
    if host is None:
        host = _positional(words)
    match = _ADDRESS.fullmatch(host)
    return match is not None and match[1].strip("[]") in _LOOPBACK


def _positional(words: Sequence[str]) -> str:
    """The address that mongosh is given without an option; a name alone is that of a database."""
    rest = iter(words[1:])
    for word in rest:
        if word in _MONGO_VALUES:
            next(rest, None)
        elif not word.startswith("-"):
            return word if {":", "/", ".", "\0", "$", "`"} & set(word) else ""
    return ""


def _option(words: Sequence[str], short: str, long: str) -> str | None:
    """The value of an option, None where it is not given."""
    for index, word in enumerate(words):
        if word in {short, long} and word:
            return words[index + 1] if index + 1 < len(words) else ""
        if word.startswith(f"{long}="):
            return word[len(long) + 1 :]
        if short and word.startswith(short) and not word.startswith("--") and len(word) > len(short):
            return word[len(short) :]
    return None


_IS_EARLY = {
    "postgres": _asks_socket_of_postgres,
    "mysql": _asks_socket_of_mysql,
    "mongo": _asks_loopback_of_mongo,
}
