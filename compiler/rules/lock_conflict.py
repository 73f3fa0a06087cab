"""The lock has the marks of a merge conflict.

Two branches chose ports or versions. Both sides count: every choice of either branch is kept, and of two that were
given one port the smaller name keeps it. The next compile writes the lock whole again.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{
  "format": 1,
  "periplus": "0.1.0",
  "ports": {
<<<<<<< HEAD
    "web": 8000
=======
    "api": 8000
>>>>>>> api
  },
  "versions": {}
}
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{
  "format": 1,
  "periplus": "0.1.0",
  "ports": {
    "web": 8000
  },
  "versions": {}
}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.source import Place
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lock.conflict"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        yield Finding(
            subject=f"{path}/conflict",
            message=f"the lock `{path}` has the marks of a merge conflict: the choices of both sides are kept",
            labels=(Label(defect.at, "two sides"),),
            help="`periplus compile` writes it whole again; commit what comes of it",
        )


RULE = Rule("LOCK003", "conflict", Severity.NOTE, _check)
