"""A fragment that includes itself, directly or through others.

Fragments are one whole with the manifest, not copies of each other: what one of them declares, all can use. So no
fragment has to include another that includes it.

Bad:
```yaml
version: 1
name: shop
include:
  - web.yaml
```
```yaml web.yaml
include:
  - common.yaml
services:
  web:
    image: nginx:1.27
```
```yaml common.yaml
include:
  - web.yaml
```
Good:
```yaml
version: 1
name: shop
include:
  - web.yaml
  - common.yaml
```
```yaml web.yaml
services:
  web:
    image: nginx:1.27
```
```yaml common.yaml
secrets:
  SESSION_KEY: generated
services:
  api:
    image: nginx:1.27
    environment:
      SESSION_KEY: ${secrets.SESSION_KEY}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("include.cycle"):
        path, ring = defect.facts["path"], defect.facts["ring"].split(" -> ")
        yield Finding(
            subject=f"include/{path}",
            message=f"`{path}` is included from within itself: {' -> '.join(f'`{step}`' for step in ring)}",
            labels=(Label(defect.at, "closes the ring"),),
            help="remove this line: what is included once can be used everywhere",
        )


RULE = Rule("INCLUDE003", "include-cycle", Severity.ERROR, _check)
