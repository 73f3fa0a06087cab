"""A fragment with routes, and no gateway to add them to.

The routes of fragments are added to those of the `gateway` in the manifest that includes them.

Bad:
```yaml
version: 1
name: shop
include:
  - web/fragment.yaml
```
```yaml web/fragment.yaml
services:
  web:
    image: nginx:1.27
    port: internal:80
routes:
  - path: /
    service: web
```
Good:
```yaml
version: 1
name: shop
include:
  - web/fragment.yaml
gateway:
  type: nginx
```
```yaml web/fragment.yaml
services:
  web:
    image: nginx:1.27
    port: internal:80
routes:
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
    for defect in context.of("route.no-gateway"):
        yield Finding(
            subject="gateway/missing",
            message="this fragment has routes, but the manifest that includes it has no `gateway`",
            labels=(Label(defect.at, "added to no gateway"),),
            help="add `gateway` to the manifest, with `type: nginx`",
        )


RULE = Rule("ROUTE006", "no-gateway", Severity.ERROR, _check)
