"""The lock was written by an older Periplus.

A newer minor version may write other files for the same manifest. That is a change of its own, to be seen and reviewed
as such, so nothing is written until somebody says so. Ports and image versions stay as they are.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{"format": 1, "periplus": "0.0.9", "ports": {}, "versions": {}}
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
    for defect in context.of("lock.older"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        lock, own = defect.facts["lock"], defect.facts["periplus"]
        yield Finding(
            subject=f"{path}/older",
            message=f"the lock `{path}` is from Periplus {lock}, and this is the newer {own}",
            labels=(Label(defect.at, "older"),),
            help="`periplus compile --upgrade` writes what this version makes, and tells what changes because of it;\n"
            f"or install Periplus {lock}",
        )


RULE = Rule("LOCK004", "older", Severity.ERROR, _check)
