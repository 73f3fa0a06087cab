"""Services that wait for each other in a ring.

Each would wait for the next to be healthy, so none of them could start. Calling each other is fine, waiting for each
other is not: one of them has to start while the other is not there yet, and cope with that. Say which with
`condition: none`: it calls, but does not wait. The one that is named costs the least: without it, everything starts.

Bad:
```yaml
version: 1
name: shop
services:
  orders:
    image: nginx:1.27
    port: 8001:80
    environment:
      STOCK_URL: ${stock.url}
  stock:
    image: nginx:1.27
    port: 8002:80
    environment:
      ORDERS_URL: ${orders.url}
```
Good:
```yaml
version: 1
name: shop
services:
  orders:
    image: nginx:1.27
    port: 8001:80
    environment:
      STOCK_URL: ${stock.url}
    depends_on:
      stock:
        condition: none
  stock:
    image: nginx:1.27
    port: 8002:80
    environment:
      ORDERS_URL: ${orders.url}
```
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.plan import UnitKind
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.plan import Plan


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("dependency.cycle"):
        ring = defect.facts["ring"].split(" -> ")
        edges = list(pairwise(ring))
        places = (defect.at, *defect.related)
        labels = [
            Label(at, f"`{source}` waits for `{target}`", "key")
            for at, (source, target) in zip(places, edges, strict=True)
        ]
        source, target = _cheapest(edges, context.plan)
        yield Finding(
            subject=f"{'/'.join(sorted(set(ring)))}/cycle",
            message=f"{listed(ring[:-1])} wait for each other: {' -> '.join(f'`{name}`' for name in ring)}",
            labels=tuple(labels),
            help=f"if `{source}` can start before `{target}`, write under `{source}`:\n"
            f"depends_on:\n  {target}:\n    condition: none",
        )


def _cheapest(edges: list[tuple[str, str]], plan: Plan | None) -> tuple[str, str]:
    """The first edge that a person can demote: the defect names the ring from its cheapest edge on."""
    jobs = {name for name, unit in plan.units.items() if unit.kind is UnitKind.JOB} if plan else set()
    return next((edge for edge in edges if jobs.isdisjoint(edge)), edges[0])


RULE = Rule("DEP003", "cycle", Severity.ERROR, _check)
