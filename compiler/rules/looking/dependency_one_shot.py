"""A job that is written as a service.

A service is started, and whoever waits for it waits until it runs, or is healthy. Nobody can wait until it has ended:
others start while the migration still runs, one that fails is noticed by nobody, and the status tells that a service is
down. What migrates the data of a service belongs under its `migrate`: it runs before the service, which waits for its
end. Databases, users, buckets and topics are made by the kind of the infrastructure that has them.

Meant are services without a port and a health check that end in `-migrate`, `-migration`, `-migrations`, `-init`,
`-seed` or `-setup`, or that are not restarted (`restart: "no"` or `on-failure`) and have a command that migrates.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: shop/web:1.4
    depends_on:
      web-migrate:
        condition: started
  web-migrate:
    image: shop/web:1.4
    command: manage.py migrate
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: shop/web:1.4
    migrate: manage.py migrate
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Manifest, Service
    from compiler.model.source import Route

_NAME = regex(r"(?:.*-)?(?:migrate|migrations?|init|seed|setup)")
_COMMAND = regex(
    r"(?:^|[\s/;&|])(?:db:migrate|migrate|(?:alembic|db|migrations?) (?:upgrade|up|deploy|run)|flyway|liquibase)"
    r"(?![\w.-])"
)
_ENDS = regex(r"no|on-failure(?::\d+)?")


def _check(context: Context) -> Iterator[Finding]:
    manifest = context.manifest
    for service in context.own_services:
        if manifest is None or not _is_job(service):
            continue
        waiting = _waiting(manifest, service.name)
        here = Label(service.at, "ends, as it seems", "key")
        others = tuple(Label(at, "waits until it is started", "key") for at in waiting.values())
        message = f"`{service.name}` is a job by its {'name' if _NAME.fullmatch(service.name) else 'command'}"
        users = f", and {listed(waiting)} cannot wait until it is done" if waiting else ", and nobody waits for its end"
        yield Finding(
            subject=f"{service.name}/job",
            message=message + users,
            labels=(*others, here),
            help="write its command under `migrate` of the service that needs it; databases, users and topics are made "
            "by `infrastructure`",
        )


def _is_job(service: Service) -> bool:
    """Whether a service is surely meant to end."""
    if service.url or service.ports or service.health is not None or service.migrate is not None or service.replicas:
        return False
    restart = str(service.compose.get("restart", ""))
    if restart in {"always", "unless-stopped"}:
        return False
    if _NAME.fullmatch(service.name):
        return True
    command = " ".join(piece for word in service.command for piece in (*word, " ") if isinstance(piece, str))
    return bool(_ENDS.fullmatch(restart)) and _COMMAND.search(command) is not None


def _waiting(manifest: Manifest, name: str) -> dict[str, Route]:
    """Who waits for a service, and where that is written."""
    written = {source: service.depends_on.get(name) for source, service in manifest.services.items()}
    return {source: one.at for source, one in written.items() if one is not None and one.condition != "none"}


RULE = Rule("DEP006", "one-shot", Severity.WARNING, _check)
