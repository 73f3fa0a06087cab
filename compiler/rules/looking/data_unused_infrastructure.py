"""Infrastructure that no service uses.

It would be started, and nobody would ask it. A reference such as `${postgres.shop.url}` uses it, and so does a line
under `depends_on`. Kinds that serve the person rather than a service, such as mail viewers, need no user.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.plan import UnitKind
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPEAKING = ("reference.", "text.", "dependency.unknown")


def _check(context: Context) -> Iterator[Finding]:
    if any(defect.kind.startswith(_SPEAKING) for defect in context.defects):
        return  # What is misspelt elsewhere may be meant to use it.
    called = {edge.target for plan in context.plans for edge in plan.edges}
    for unit in context.plan.units.values() if context.plan else ():
        if unit.kind is UnitKind.INSTANCE and unit.name not in called and "viewer" not in unit.settings:
            yield Finding(
                subject=f"{unit.name}/unused",
                message=f"no service uses `{unit.name}`",
                labels=(Label(unit.at, "started for nobody", "key"),),
                help=f"refer to it (`${{{unit.name}.host}}`), name it under `depends_on`, or remove it",
            )


RULE = Rule("DATA002", "unused-infrastructure", Severity.WARNING, _check)
