"""The data of PostgreSQL mounted where it was before version 18.

The image has its data in a folder of the version since: `/var/lib/postgresql/18/docker`. Where something is mounted at
`/var/lib/postgresql/data`, the container stops with an error, with an empty volume, too. Data of an older version is
not read by the newer one: dump it with the old, and load it with the new, or run `pg_upgrade`.

A service that says by `PGDATA` where its data is, or has an entrypoint of its own, is not told of.

Bad:
```yaml
version: 1
name: shop
secrets:
  DB_PASSWORD: generated
services:
  db:
    image: postgres:18.1
    environment:
      POSTGRES_PASSWORD: ${secrets.DB_PASSWORD}
    volumes:
      - data:/var/lib/postgresql/data
```
Good:
```yaml
version: 1
name: shop
secrets:
  DB_PASSWORD: generated
services:
  db:
    image: postgres:18.1
    environment:
      POSTGRES_PASSWORD: ${secrets.DB_PASSWORD}
    volumes:
      - data:/var/lib/postgresql
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("mount.old-data"):
        unit, image = defect.facts["unit"], defect.facts["image"]
        yield Finding(
            subject=f"{unit}/volumes/data",
            message=f"`{image}` stops where something is mounted at `/var/lib/postgresql/data`, and `{unit}` mounts it "
            "there",
            labels=(Label(defect.at, "where PostgreSQL 17 has its data"),),
            help="mount it at `/var/lib/postgresql`; what an older version has written, dump and load, or `pg_upgrade`",
        )


RULE = Rule("DATA010", "old-data", Severity.ERROR, _check, is_judgement=True)
