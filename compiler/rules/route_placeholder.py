"""A path with a placeholder that stands for itself.

Frameworks fill `:id` or `*` with whatever stands there. The gateway compares paths as they are, so such a route
answers nobody. A path that ends in `/` takes everything below it.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    port: internal:80
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
    - path: /orders/:id
      service: api
    - path: /
      service: web
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    port: internal:80
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
    - path: /orders/
      service: api
    - path: /
      service: web
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("route.placeholder"):
        path = defect.facts["path"]
        prefix = path[: path.index("/:") + 1]
        yield Finding(
            subject=f"gateway/{path}",
            message=f"`{path}` has a placeholder, which the gateway takes literally",
            labels=(Label(defect.at, "fits nothing else"),),
            help=f"write `{prefix}` for all that lies below it",
        )


RULE = Rule("ROUTE011", "placeholder", Severity.WARNING, _check)
