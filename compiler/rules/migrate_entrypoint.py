"""A migration on an image that has an ENTRYPOINT.

Its words would become arguments of that entrypoint, which may ignore them, do nothing and succeed. Write `migrate` as a
mapping whose `entrypoint` says what is run.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    migrate: alembic upgrade head
```
```dockerfile web/Dockerfile
FROM python:3.12
ENTRYPOINT ["python", "-m", "web"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    migrate:
      entrypoint: alembic
      command: upgrade head
```
```dockerfile web/Dockerfile
FROM python:3.12
ENTRYPOINT ["python", "-m", "web"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.value import literal
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Manifest


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("migrate.entrypoint"):
        unit = defect.facts["unit"]
        yield Finding(
            subject=f"{unit}/migrate",
            message=f"the image of `{unit}` has an ENTRYPOINT, which would swallow the words of this migration",
            labels=(Label(defect.at, "only arguments", "key"),),
            help=_help(context.manifest, unit),
        )


def _help(manifest: Manifest | None, unit: str) -> str:
    migrate = manifest.services[unit].migrate if manifest else None
    words = [literal(word) for word in migrate.command] if migrate else []
    if not words or None in words:
        return "write `migrate` as a mapping with `entrypoint` and `command`"
    first, *rest = (str(word) for word in words)
    lines = ["write:", "migrate:", f"  entrypoint: {first}"]
    return "\n".join([*lines, f"  command: {' '.join(rest)}"] if rest else lines)


RULE = Rule("DATA004", "migrate-entrypoint", Severity.ERROR, _check)
