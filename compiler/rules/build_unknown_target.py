"""A build that stops at a stage the Dockerfile does not have.

`target` is the name that a `FROM … AS name` of the Dockerfile gives, or the number of a stage. The build would fail.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build:
      context: ./web
      target: develop
```
```dockerfile web/Dockerfile
FROM node:22-alpine AS base
WORKDIR /app

FROM base AS dev
CMD ["node", "--watch", "server.js"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build:
      context: ./web
      target: dev
```
```dockerfile web/Dockerfile
FROM node:22-alpine AS base
WORKDIR /app

FROM base AS dev
CMD ["node", "--watch", "server.js"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import meant

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("build.unknown-target"):
        unit, name, accepted = (defect.facts[key] for key in ("unit", "name", "accepted"))
        yield Finding(
            subject=f"{unit}/build/target",
            message=f"the Dockerfile of `{unit}` has no stage `{name}`",
            labels=(Label(defect.at, "no such stage"),),
            help=meant(name, accepted, "none of its stages has a name: leave `target` out"),
        )


RULE = Rule("BUILD002", "unknown-target", Severity.ERROR, _check)
