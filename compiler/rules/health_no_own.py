"""A check that is left to an image that has none.

`probe: image` lets the image's own HEALTHCHECK answer. Where neither the Dockerfile nor the image that it builds on has
one, the service is never healthy, nor unhealthy: Compose refuses to wait for it ("has no healthcheck configured"), and
the start fails. Docker's official images have none, as a rule.

Bad:
```yaml
version: 1
name: shop
services:
  cache:
    image: redis:7.4
    healthcheck:
      probe: image
```
Good:
```yaml
version: 1
name: shop
services:
  cache:
    image: redis:7.4
    healthcheck:
      command: redis-cli ping
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.no-own"):
        unit, image, path = (defect.facts[key] for key in ("unit", "image", "path"))
        who = f"neither `{path}` nor `{image}` has one" if path and image else f"`{image or path}` has none"
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"`{unit}` is asked by the HEALTHCHECK of its image, and {who}",
            labels=(Label(defect.at, "nobody asks"),),
            help="write a `command` or `liveness`, or a HEALTHCHECK in a Dockerfile; `probe: none` says that there is "
            "none",
        )


RULE = Rule("HEALTH015", "no-own", Severity.WARNING, _check)
