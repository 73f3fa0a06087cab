"""A gateway on the host with a setting that only a container has.

With `mode: host` the configuration is for an nginx that runs on the machine already: which port it listens on follows
from `tls` (443, else 80), and its version is not chosen here. `port` and `version` would be read and change nothing.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8091:8000
gateway:
  type: nginx
  mode: host
  host: shop.example.com
  port: 8080
  routes:
    - path: /
      service: web
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8091:8000
gateway:
  type: nginx
  mode: host
  host: shop.example.com
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
    for defect in context.of("route.host-setting"):
        key = defect.facts["key"]
        yield Finding(
            subject=f"gateway/{key}",
            message=f"`gateway.{key}` means nothing for an nginx on the host",
            labels=(Label(defect.at, "would change nothing"),),
            help=f"leave `{key}` out, or let the gateway run here with `mode: container`",
        )


RULE = Rule("ROUTE008", "host-setting", Severity.ERROR, _check)
