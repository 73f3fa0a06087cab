"""A route to a service that has no port.

The gateway passes requests to the first port of the service. It needs not be published: `internal:8000` is enough for a
gateway in a container. An external service is not behind the gateway: it has its own address.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
gateway:
  routes:
    - path: /
      service: web
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

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("route.no-port"):
        name, external = defect.facts["name"], defect.facts["external"]
        reason = f"is external, at `{external}`" if external else "has no port"
        yield Finding(
            subject=f"gateway/{name}",
            message=f"a route leads to `{name}`, which {reason}",
            labels=(Label(defect.at, "cannot be reached"),),
            help="remove the route" if external else f"give `{name}` a port, such as `port: internal:8000`",
        )


RULE = Rule("ROUTE004", "no-port", Severity.ERROR, _check)
