"""A health check that takes the place of the image's own.

The Dockerfile has a `HEALTHCHECK`, and the manifest says how to ask, too. Only one of them can count, and it is the
manifest's: what the Dockerfile says is never asked here. Leave the check out of the manifest to use the image's, or out
of the Dockerfile so that there is one truth. Where the image is used elsewhere as well, both may be right.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:8000
    healthcheck: /health
```
```dockerfile web/Dockerfile
FROM python:3.12-slim
COPY main.py ./
HEALTHCHECK --interval=10s CMD ["python", "-c", "import main; main.check()"]
CMD ["python", "main.py"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:8000
    healthcheck:
      readiness: /health/ready
      probe: image
```
```dockerfile web/Dockerfile
FROM python:3.12-slim
COPY main.py ./
HEALTHCHECK --interval=10s CMD ["python", "-c", "import main; main.check()"]
CMD ["python", "main.py"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.replaces-own"):
        unit, path = defect.facts["unit"], defect.facts["path"]
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"the health check of `{unit}` replaces the HEALTHCHECK of its Dockerfile",
            labels=(
                Label(defect.at, "this one counts", "key"),
                *(Label(at, "never asked here") for at in defect.related),
            ),
            help=f"write `probe: image` without `liveness` to use the image's own, or remove it from `{path}`",
        )


RULE = Rule("HEALTH012", "replaces-own", Severity.NOTE, _check)
