"""A health check by HTTP on a service without a port.

The path says what to ask, the service's port where. A worker that listens nowhere is asked with a `command`.

Bad:
```yaml
version: 1
name: shop
services:
  worker:
    image: python:3.12
    healthcheck:
      liveness: /health
      probe: python
```
Good:
```yaml
version: 1
name: shop
services:
  worker:
    image: python:3.12
    healthcheck:
      command: pgrep python
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.no-port"):
        unit = defect.facts["unit"]
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"the health check of `{unit}` asks a path, but `{unit}` has no port",
            labels=(Label(defect.at, "on which port?", "key"),),
            help="add `port`, such as `port: internal:8000`, or write a `command`",
        )


RULE = Rule("HEALTH004", "no-port", Severity.ERROR, _check)
