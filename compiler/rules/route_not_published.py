"""A gateway on the host, and a service that publishes no port.

With `mode: host` nginx runs on the host and reaches services at their host ports only. A gateway in a container is on
their network and reaches every port.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  mode: host
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
    port: 8080:80
gateway:
  mode: host
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
    for defect in context.of("route.not-published"):
        name = defect.facts["name"]
        yield Finding(
            subject=f"gateway/{name}",
            message=f"the gateway on the host cannot reach `{name}`: its port is internal",
            labels=(Label(defect.at, "not published"),),
            help=f"publish the port of `{name}` (`port: 8000`), or let the gateway run in a container",
        )


RULE = Rule("ROUTE005", "not-published", Severity.ERROR, _check)
