"""A health check that nothing in the image can ask.

The check runs inside the container. This image has, as far as its Dockerfile tells, neither curl nor wget, Python, Node
or bash: the service would be reported as unhealthy for ever.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:80
    healthcheck: /health
```
```dockerfile web/Dockerfile
FROM scratch
COPY web /usr/bin/web
CMD ["/usr/bin/web"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:80
    healthcheck: /health
```
```dockerfile web/Dockerfile
FROM debian:bookworm-slim
COPY web /usr/bin/web
CMD ["/usr/bin/web"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.no-asker"):
        unit, base = defect.facts["unit"], defect.facts["base"]
        on = f", built on `{base}`," if base else ""
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"nothing in the image of `{unit}`{on} is known to be able to ask its health check",
            labels=(Label(defect.at, "who asks this?", "key"),),
            help="install curl in its Dockerfile, write a `command` that the image has, or say `probe: wget` "
            "(or another) where it is there after all",
        )


RULE = Rule("HEALTH003", "no-asker", Severity.ERROR, _check)
