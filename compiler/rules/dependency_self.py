"""A service that depends on itself.

It would wait for itself and never start.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    depends_on:
      web:
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("dependency.self"):
        name = defect.facts["name"]
        yield Finding(
            subject=f"{name}/depends_on/{name}",
            message=f"`{name}` depends on itself, so it would never start",
            labels=(Label(defect.at, "itself", "key"),),
            help=f"remove `{name}` from its own `depends_on`",
        )


RULE = Rule("DEP002", "self-dependency", Severity.ERROR, _check)
