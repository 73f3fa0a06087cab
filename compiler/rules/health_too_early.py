"""A health check that is true before the database is ready.

At its first boot the image of a database starts a server only to initialise itself, runs the init scripts, and stops it
again. PostgreSQL, MySQL and MariaDB let that server listen on their socket only, MongoDB on 127.0.0.1 only. A check
that asks there is healthy too early: whoever waits for it is let in, and thrown out when the server stops. Without
`-h`, and for MySQL with `-h localhost`, a client asks the socket. MongoDB does so where it creates a root user or has
init scripts.

Bad:
```yaml
version: 1
name: shop
services:
  database:
    image: postgres:17-alpine
    environment:
      POSTGRES_PASSWORD: ${DATABASE_PASSWORD:?the password of the database}
    healthcheck:
      command: pg_isready -U postgres
```
Good:
```yaml
version: 1
name: shop
services:
  database:
    image: postgres:17-alpine
    environment:
      POSTGRES_PASSWORD: ${DATABASE_PASSWORD:?the password of the database}
    healthcheck:
      command: pg_isready -h 127.0.0.1 -U postgres
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator


_WHERE = {
    "postgres": ("the socket", "ask over TCP: add `-h 127.0.0.1`"),
    "mysql": ("the socket", "ask over TCP: write `-h 127.0.0.1`, which unlike `localhost` is not the socket"),
    "mongo": ("127.0.0.1", 'ask by its own name, where that server does not listen: `--host "$$(hostname)"`'),
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.too-early"):
        unit, program = defect.facts["unit"], defect.facts["program"]
        where, remedy = _WHERE[defect.facts["server"]]
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"`{program}` asks `{unit}` on {where}, where a server answers that only initialises the data",
            labels=(Label(first_word(defect.at), "healthy too early on the first boot"),),
            help=remedy,
        )


RULE = Rule("HEALTH008", "too-early", Severity.WARNING, _check)
