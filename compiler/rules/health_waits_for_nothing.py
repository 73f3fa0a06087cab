"""Waiting until something is healthy that has no health check.

It would never be healthy, and the start would fail after its time is up. Without a written `condition`, a service waits
for `healthy` where there is a check and for `started` where there is none.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
  web:
    image: nginx:1.27
    depends_on:
      api:
        condition: healthy
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    healthcheck:
      command: test -f /run/nginx.pid
  web:
    image: nginx:1.27
    depends_on:
      api:
        condition: healthy
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.waits-for-nothing"):
        source, target = defect.facts["source"], defect.facts["target"]
        yield Finding(
            subject=f"{source}/depends_on/{target}",
            message=f"`{source}` waits until `{target}` is healthy, but `{target}` has no health check",
            labels=(
                Label(defect.at, "never comes true"),
                *(Label(at, "has no health check", "key") for at in defect.related),
            ),
            help=f"add a `healthcheck` to `{target}`, or wait with `condition: started`",
        )


RULE = Rule("HEALTH001", "waits-for-nothing", Severity.ERROR, _check)
