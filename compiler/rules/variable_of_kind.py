"""An environment variable that the kind of infrastructure sets itself.

It carries a login or a name that references, health check and jobs count on. Another value takes its place in the
server alone, so nothing else finds its way in. What can be chosen has a key of its own, such as `password` and
`databases`.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
    environment:
      POSTGRES_USER: admin
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
    environment:
      TZ: Europe/Berlin
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("variable.of-kind"):
        unit, key, kind = (defect.facts[name] for name in ("unit", "key", "type"))
        yield Finding(
            subject=f"{unit}/environment/{key}",
            message=f"`{key}` of `{unit}` is set by the kind `{kind}` itself, and everything else counts on its value",
            labels=(Label(defect.at, "takes the place of the kind's", "key"),),
            help="leave it out",
        )


RULE = Rule("VARIABLE003", "variable-of-kind", Severity.WARNING, _check)
