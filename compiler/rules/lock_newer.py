"""The lock was written by a newer Periplus.

An older Periplus would undo what the newer one generated. Everybody who compiles a project uses the same minor version:
0.1.0 and 0.1.3 make the same files and may be mixed, and a lock that differs in nothing but that is left as it is.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{"format": 1, "periplus": "999.0.0", "ports": {}, "versions": {}}
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


_FORMAT_HELP = "install the Periplus that wrote it; where none of yours did, restore it with `git checkout -- {path}`"


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lock.newer"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        lock, own, number = defect.facts["lock"], defect.facts["periplus"], defect.facts["format"]
        what = (
            f"is of format {number}, and this Periplus {own} reads format {defect.facts['reads']} only"
            if number
            else f"is from Periplus {lock}, and this is the older {own}"
        )
        yield Finding(
            subject=f"{path}/newer",
            message=f"the lock `{path}` {what}",
            labels=(Label(defect.at, "newer"),),
            help=f"install Periplus {lock}" if not number else _FORMAT_HELP.format(path=path),
        )


RULE = Rule("LOCK002", "newer", Severity.ERROR, _check)
