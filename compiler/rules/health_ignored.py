"""A setting of a health check that changes nothing.

Without `liveness`, `readiness` or `command` there is no check, whatever else is written. With `probe: none` nothing is
asked, and the image's own `HEALTHCHECK` brings its own times. A `command` is not asked on a port. What `defaults` say
counts where there is a check, and is no mistake where there is none.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
    healthcheck:
      interval: 2s
      retries: 30
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
    healthcheck:
      liveness: /
      probe: curl
      interval: 2s
      retries: 30
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator


_WHY = {
    "nothing": ("there is no health check", "say what is asked: `liveness` with a path, or a `command`"),
    "none": ("`probe: none` asks nothing", "leave them out, or `probe: none`"),
    "image": (
        "the image's own HEALTHCHECK counts, with its own times",
        "remove it, or say what is asked instead: `liveness` with a path, or a `command`",
    ),
    "command": ("a `command` is not asked on a port", "remove it, or write `liveness` instead of `command`"),
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.ignored"):
        unit, keys = defect.facts["unit"], defect.facts["keys"].split(", ")
        why, remedy = _WHY[defect.facts["reason"]]
        yield Finding(
            subject=f"{unit}/healthcheck/{keys[0]}",
            message=f"{listed(keys)} {'changes' if len(keys) == 1 else 'change'} nothing for `{unit}`: {why}",
            labels=tuple(Label(at, "ignored", "key") for at in (defect.at, *defect.related)),
            help=remedy,
        )


RULE = Rule("HEALTH013", "ignored", Severity.WARNING, _check)
