"""A health check on a port that the service does not have.

`port` in a health check is a number, or the name of one of the service's `ports`. A single `port` is called `default`.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    ports:
      site: 8080:80
      admin: internal:8081
    healthcheck:
      liveness: /
      port: admn
      probe: curl
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    ports:
      site: 8080:80
      admin: internal:8081
    healthcheck:
      liveness: /
      port: admin
      probe: curl
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead, meant, surely

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.unknown-port"):
        unit, port = defect.facts["unit"], defect.facts["port"]
        yield Finding(
            subject=f"{unit}/healthcheck/port",
            message=f"the health check of `{unit}` asks the port `{port}`, which `{unit}` does not have",
            labels=(Label(defect.at, "no such port"),),
            help=meant(port, defect.facts["accepted"], f"write a port number, or give `{unit}` a port"),
            fix=instead(defect.at, port, surely(port, defect.facts["accepted"])),
        )


RULE = Rule("HEALTH005", "unknown-port", Severity.ERROR, _check)
