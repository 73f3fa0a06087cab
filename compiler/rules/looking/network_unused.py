"""A network that no service joins.

A service joins every declared network, unless it lists its own. Where all of them do and none names this one, it is
never made.

Bad:
```yaml
version: 1
name: shop
networks:
  backend: bridge
  frontend: bridge
services:
  web:
    image: nginx:1.27
    networks:
      - frontend
```
Good:
```yaml
version: 1
name: shop
networks:
  backend: bridge
  frontend: bridge
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    if context.manifest is None or any(defect.kind == "network.unknown" for defect in context.defects):
        return  # What is misspelt elsewhere may be meant to join it.
    idle = set(context.manifest.networks)
    for unit in (unit for plan in context.plans for unit in plan.units.values()):
        if not idle:
            return
        idle.difference_update(unit.networks)
    is_anybody = any(not service.url for service in context.manifest.services.values())
    for name, network in context.manifest.networks.items() if is_anybody else ():
        if name in idle:
            yield Finding(
                subject=f"{name}/unused",
                message=f"no service joins the network `{name}`",
                labels=(Label(network.at, "never made", "key"),),
                help="name it under the `networks` of a service, or remove it",
            )


RULE = Rule("NETWORK002", "unused-network", Severity.WARNING, _check)
