"""Several containers of a service that publishes a host port.

Each replica would publish the same host port, and only the first would get it. Other services reach all replicas at the
service's name; from the host, go through the gateway.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
    replicas: 2
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
    replicas: 2
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("port.replicas"):
        unit, replicas = defect.facts["unit"], defect.facts["replicas"]
        yield Finding(
            subject=f"{unit}/replicas",
            message=f"`{unit}` has {replicas} replicas and publishes a host port, which only one of them can have",
            labels=(
                Label(defect.at, "published", "key"),
                *(Label(at, "more than one") for at in defect.related),
            ),
            help="publish nothing (`port: internal:8000`) and reach it through the gateway, or run one",
        )


RULE = Rule("PORT006", "replicas", Severity.ERROR, _check)
