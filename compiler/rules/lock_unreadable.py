"""The lock cannot be read.

The lock beside the manifest holds the allocated host ports and the chosen image versions. It is JSON, written by
Periplus and committed. Without it, ports might move.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{"format": 1, "ports": {
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
{"format": 1, "periplus": "0.1.0", "ports": {}, "versions": {}}
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
    for defect in context.of("lock.unreadable"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        yield Finding(
            subject=f"{path}/unreadable",
            message=f"the lock `{path}` is not what Periplus wrote",
            labels=(Label(defect.at, "not a lock"),),
            help=f"restore it with `git checkout -- {path}`, or remove it: then ports and versions are chosen anew",
        )


RULE = Rule("LOCK001", "unreadable", Severity.ERROR, _check)
