"""The range of host ports is used up.

A port without a host port gets the lowest free one of `ports.range` that the registry gives to nobody else. None is
left.

Bad:
```yaml
version: 1
name: shop
ports:
  range: 8090-8090
services:
  api:
    image: nginx:1.27
    port: 80
  web:
    image: nginx:1.27
    port: 80
```
Good:
```yaml
version: 1
name: shop
ports:
  range: 8090-8099
services:
  api:
    image: nginx:1.27
    port: 80
  web:
    image: nginx:1.27
    port: 80
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    if any(context.of("port.bad-range")):
        return
    for defect in context.of("port.exhausted"):
        unit, span = defect.facts["unit"], defect.facts["range"]
        yield Finding(
            subject=f"{unit}/port",
            message=f"no host port is left for `{unit}` in {span}",
            labels=(Label(defect.at, "needs a host port", "key"),),
            help="widen `ports.range`, pin a host port (`8091:8000`), or publish nothing (`internal:8000`)",
        )


RULE = Rule("PORT002", "exhausted", Severity.ERROR, _check)
