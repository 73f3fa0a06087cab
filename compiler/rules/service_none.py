"""A manifest of which nothing would be started.

It has neither a service that is built or taken from an image, nor infrastructure. Compose refuses to start a project
without services.

Bad:
```yaml
version: 1
name: shop
services:
  bank:
    url: https://sandbox.bank.example
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("service.none"):
        yield Finding(
            subject="services/none",
            message=f"nothing of `{defect.facts['name']}` would be started: it has no service",
            labels=(Label(defect.at, "no service"),),
            help="add one under `services`, with `build` or `image`",
        )


RULE = Rule("SERVICE001", "no-services", Severity.WARNING, _check)
