"""The lock has the marks of a merge conflict.

Two branches chose ports or versions. Both sides may be right: keep every line of both, and where both name the same
thing, either one.

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
            message=f"the lock `{path}` has the marks of a merge conflict",
            labels=(Label(defect.at, "not merged"),),
            help="keep the lines of both sides, of two for one name either, then compile",
        )


RULE = Rule("LOCK003", "conflict", Severity.ERROR, _check)
