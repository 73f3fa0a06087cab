"""A route whose service may not be silent at all.

`timeout` is how long the service may take for the next part of its answer. With none, nginx would give up every request
at once.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
    - path: /
      service: web
      timeout: 0s
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
    - path: /
      service: web
      timeout: 5m
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    gateway = context.manifest.gateway if context.manifest else None
    for route in gateway.routes if gateway else ():
        if not route.timeout_ms:
            yield Finding(
                subject=f"gateway/{route.path}/timeout",
                message=f"the route `{route.path}` has no time for an answer; its `timeout` must be more than zero",
                labels=(Label((*route.at, "timeout"), "gives up at once"),),
                help="leave `timeout` out for 60s",
            )


RULE = Rule("ROUTE007", "zero-timeout", Severity.ERROR, _check)
