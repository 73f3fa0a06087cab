"""A proxy that looks a service up once.

nginx and HAProxy look up a name that stands as it is in their configuration when they start, and never again: they do
not start while the service is absent, and after it was made anew they go on asking its old address. The gateway that
`gateway` describes does neither. In a configuration of your own, nginx asks anew for a name in a variable, with
`resolver 127.0.0.11 valid=2s;`, and HAProxy with `resolvers` and `init-addr none`.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    image: shop/api:1.4
    port: internal:8000
  edge:
    image: nginx:1.27
    port: 8080:80
    volumes:
      - ./edge.conf:/etc/nginx/conf.d/default.conf:ro
    depends_on:
      api:
```
```nginx edge.conf
server {
    listen 80;
    location / {
        proxy_pass http://api:8000;
    }
}
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    image: shop/api:1.4
    port: internal:8000
  edge:
    image: nginx:1.27
    port: 8080:80
    volumes:
      - ./edge.conf:/etc/nginx/conf.d/default.conf:ro
    depends_on:
      api:
```
```nginx edge.conf
server {
    listen 80;
    resolver 127.0.0.11 valid=2s;
    location / {
        set $api api:8000;
        proxy_pass http://$api;
    }
}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("route.stale-upstream"):
        unit, path = defect.facts["unit"], defect.facts["path"]
        upstreams = listed(defect.facts["upstreams"].split(", "))
        here, *more = defect.related
        yield Finding(
            subject=f"{unit}/{path}",
            message=f"`{unit}` looks {upstreams} up once, when it starts, and asks the same address for ever",
            labels=(
                Label(defect.at, "looked up once"),
                *(Label(at, "as well") for at in more),
                Label(here, "brought from here"),
            ),
            help="let the `gateway` of the manifest route to it, or write the name into a variable, with a `resolver`",
        )


RULE = Rule("ROUTE009", "stale-upstream", Severity.WARNING, _check)
