"""Two routes that differ in nothing but the case of their letters.

Paths are compared letter by letter, so both work, and whoever types one of them in the other case gets the other
service.

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
    - path: /api/
      service: api
    - path: /API/
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
    - path: /api/
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
    for defect in context.of("route.case"):
        path, other = defect.facts["path"], defect.facts["other"]
        yield Finding(
            subject=f"gateway/{path}",
            message=f"the routes `{other}` and `{path}` differ in nothing but case",
            labels=(Label(defect.at, "another route"), *(Label(at, "than this one") for at in defect.related)),
            help="give one of them another path, or remove it",
        )


RULE = Rule("ROUTE010", "routes-differ-in-case", Severity.WARNING, _check)
