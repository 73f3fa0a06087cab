"""A host port that the registry gives to somebody else.

Several projects on one machine share a registry of host ports. What it gives to another project cannot be pinned here.

Bad:
```yaml
version: 1
name: shop
ports:
  registry: PORT_REGISTRY.json
services:
  web:
    image: nginx:1.27
    port: 8091:80
```
```json PORT_REGISTRY.json
{"allocations": {"8091": "bank/web"}}
```
Good:
```yaml
version: 1
name: shop
ports:
  registry: PORT_REGISTRY.json
services:
  web:
    image: nginx:1.27
    port: 80
```
```json PORT_REGISTRY.json
{"allocations": {"8091": "bank/web"}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("port.registered"):
        port, unit, owner, free, span = (defect.facts[key] for key in ("port", "unit", "owner", "free", "range"))
        pin = f"pin another: {free} is the next free port in {span}" if free else f"no other port is free in {span}"
        yield Finding(
            subject=f"{unit}/port",
            message=f"`{unit}` publishes host port {port}, which the registry gives to `{owner}`",
            labels=(
                Label(defect.at, "taken here", "key"),
                *(Label(at, f"belongs to `{owner}`") for at in defect.related),
            ),
            help=f"leave the host port out and one is allocated, or {pin}" if free else f"{pin}: widen `ports.range`",
        )


RULE = Rule("PORT004", "registered", Severity.ERROR, _check)
