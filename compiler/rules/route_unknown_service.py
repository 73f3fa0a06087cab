"""A route to a service that does not exist.

Routes lead to services; infrastructure cannot be reached through the gateway.

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
      service: wbe
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
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead, is_misnamed, meant, surely

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("route.unknown-service"):
        name = defect.facts["name"]
        if is_misnamed(context, name):
            continue
        yield Finding(
            subject=f"gateway/{name}",
            message=f"a route leads to `{name}`, which is no service",
            labels=(Label(defect.at, "no such service"),),
            help=meant(name, defect.facts["accepted"], "add it under `services`"),
            fix=instead(defect.at, name, surely(name, defect.facts["accepted"])),
        )


RULE = Rule("ROUTE002", "unknown-service", Severity.ERROR, _check)
