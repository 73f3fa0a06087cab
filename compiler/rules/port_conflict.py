"""Two things on one host port.

A host port can be published once. Docker Compose does not notice, and the second container fails at the start. Leave
the host port out and one is allocated, kept in the lock and never moved: `port: 8000`.

Bad:
```yaml
version: 1
name: shop
ports:
  range: 8090-8199
services:
  auth-service:
    image: nginx:1.27
    port: 8091:8000
  user-service:
    image: nginx:1.27
    port: 8091:8000
```
Good:
```yaml
version: 1
name: shop
ports:
  range: 8090-8199
services:
  auth-service:
    image: nginx:1.27
    port: 8091:8000
  user-service:
    image: nginx:1.27
    port: 8000
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("port.conflict"):
        port, unit, other, free, span = (defect.facts[key] for key in ("port", "unit", "other", "free", "range"))
        both = f"`{unit}` publishes" if unit == other else f"`{unit}` and `{other}` both publish"
        yield Finding(
            subject=f"{unit}/port",
            message=f"{both} host port {port}{' twice' if unit == other else ''}",
            labels=(
                Label(defect.at, "taken here", "key"),
                *(Label(at, "already taken", "key") for at in defect.related),
            ),
            help=f"{free} is the next free port in {span}"
            if free
            else f"no port is free in {span}: widen `ports.range`",
        )


RULE = Rule("PORT001", "conflict", Severity.ERROR, _check)
