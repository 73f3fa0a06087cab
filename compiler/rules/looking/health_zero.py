"""A health check without time, or without a single try.

Docker reads a zero for `interval`, `timeout` and `retries` as "not written" and takes its own value, 30 s, 30 s and 3:
the check would not do what the manifest says.

Bad:
```yaml
version: 1
name: shop
services:
  worker:
    image: python:3.12
    healthcheck:
      command: pgrep python
      interval: 0s
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
      interval: 1s
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for service in context.own_services:
        wish = service.health
        if wish is None:
            continue
        given = {"interval": wish.interval_ms, "timeout": wish.timeout_ms, "retries": wish.retries}
        for key in (key for key, value in given.items() if not value):
            yield Finding(
                subject=f"{service.name}/healthcheck/{key}",
                message=f"`{key}` in the health check of `{service.name}` is zero; it must be more",
                labels=(Label((*wish.at, key), "zero means Docker's own value"),),
                help=f"write {'`retries: 1`' if key == 'retries' else f'`{key}: 1s`'} or more",
            )


RULE = Rule("HEALTH006", "zero", Severity.ERROR, _check)
