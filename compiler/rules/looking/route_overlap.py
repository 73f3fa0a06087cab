"""Two routes for the same requests.

A path that ends in `/` is a prefix and takes the path without it as well: `/api` behaves as `/api/`. Two routes of the
same path, or of `/api` and `/api/`, would answer the same request, and only one of them could. A longer prefix below a
shorter one is fine: the longer one wins.

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
    - path: /api
      service: web
    - path: /api/
      service: api
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
    - path: /
      service: web
    - path: /api/
      service: api
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.spell.nginx import is_route_path, route_location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import RouteWish


def _check(context: Context) -> Iterator[Finding]:
    gateway = context.manifest.gateway if context.manifest else None
    seen: dict[str, RouteWish] = {}
    for route in gateway.routes if gateway else ():
        if not is_route_path(route.path):
            continue
        other = seen.setdefault(route_location(route.path).removesuffix("/"), route)
        if other is route:
            continue
        same = f"two routes have the path `{route.path}`"
        alike = f"the routes `{other.path}` and `{route.path}` answer the same requests"
        yield Finding(
            subject=f"gateway/{route.path}",
            message=same if other.path == route.path else alike,
            labels=(Label((*route.at, "path"), "again here"), Label((*other.at, "path"), "first here")),
            help="remove one of them, or give it a longer path",
        )


RULE = Rule("ROUTE001", "overlapping-routes", Severity.ERROR, _check)
