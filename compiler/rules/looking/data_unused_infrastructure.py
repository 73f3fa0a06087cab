"""Infrastructure that no service uses.

It would be started, and nobody would ask it. A reference such as `${postgres.shop.url}` uses it, and so does a line
under `depends_on`. A host that a text names by hand does not: nothing waits for it, and what it is called stands in two
places. Kinds that serve the person rather than a service, such as mail viewers, need no user.

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
from compiler.rules.words import listed, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Manifest
    from compiler.model.plan import Unit

_SPEAKING = ("name.bad", "reference.", "text.", "dependency.unknown")


def _check(context: Context) -> Iterator[Finding]:
    if any(defect.kind.startswith(_SPEAKING) for defect in context.defects):
        return  # What is misspelt elsewhere may be meant to use it.
    called = {edge.target for plan in context.plans for edge in plan.edges}
    for unit in context.plan.units.values() if context.plan else ():
        if unit.kind is UnitKind.INSTANCE and unit.name not in called and "viewer" not in unit.settings:
            yield _finding(unit, _namers(unit.name, context.manifest))


def _namers(name: str, manifest: Manifest | None) -> list[str]:
    """The services that name an instance by hand."""
    return [service.name for service in manifest.services.values() if name in words_of(service)] if manifest else []


def _finding(unit: Unit, namers: list[str]) -> Finding:
    subject, reference = f"{unit.name}/unused", f"`${{{unit.name}.host}}`"
    if namers:
        return Finding(
            subject=subject,
            message=f"{listed(namers)} {'name' if len(namers) > 1 else 'names'} `{unit.name}` as text, "
            "which waits for nothing",
            labels=(Label(unit.at, "nothing refers to it", "key"),),
            help=f"refer to it there ({reference}), or name it under `depends_on`",
        )
    return Finding(
        subject=subject,
        message=f"no service uses `{unit.name}`",
        labels=(Label(unit.at, "started for nobody", "key"),),
        help=f"refer to it ({reference}), name it under `depends_on`, or remove it",
    )


RULE = Rule("DATA002", "unused-infrastructure", Severity.WARNING, _check)
