"""A database or topic that no service refers to.

A part of infrastructure is made by a job that the services which use it wait for. Nothing uses this one, so it is not
made at all.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
      stock:
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
      stock:
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
      STOCK_URL: ${postgres.stock.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.plan import UnitKind
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPEAKING = ("reference.", "text.", "kind.", "name.")


def _check(context: Context) -> Iterator[Finding]:
    if any(defect.kind.startswith(_SPEAKING) for defect in context.defects):
        return  # What is misspelt elsewhere may be meant to use it, and of two jobs of one name one is lost.
    units = [unit for plan in context.plans for unit in plan.units.values()]
    made = {unit.at for unit in units if unit.kind is UnitKind.JOB}
    called = {edge.target for plan in context.plans for edge in plan.edges if edge.calls}
    for instance in context.manifest.infrastructure.values() if context.manifest else ():
        for part in instance.parts if instance.name in called else ():
            if part.at not in made:
                yield Finding(
                    subject=f"{instance.name}/{part.family}/{part.name}",
                    message=f"nothing refers to `{part.name}` of `{instance.name}`, so it is not made",
                    labels=(Label(part.at, "declared here", "key"),),
                    help=f"write `${{{instance.name}.{part.name}.…}}` where it is needed, or remove it",
                )


RULE = Rule("DATA001", "unused-part", Severity.WARNING, _check)
