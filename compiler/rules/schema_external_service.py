"""A key that has no meaning beside `url`.

An external service is not started, it is only called: it has an address and a role. It has no ports of ours, no
environment, no health check, and takes no defaults.

Bad:
```yaml
version: 1
name: shop
services:
  bank:
    url: https://sandbox.bank.example
    port: 443
  web:
    image: nginx:1.27
    environment:
      BANK_URL: ${bank.url}
```
Good:
```yaml
version: 1
name: shop
services:
  bank:
    url: https://sandbox.bank.example
    role: The acquiring bank's sandbox
  web:
    image: nginx:1.27
    environment:
      BANK_URL: ${bank.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.external-service"):
        key, where = defect.facts["key"], defect.facts["where"]
        yield Finding(
            subject=defect.facts["subject"],
            message=f"`{key}` of `{where}` has no meaning: a service with `url` is not started",
            labels=(
                Label(defect.at, "has no effect"),
                *(Label(place, "an external service") for place in defect.related),
            ),
            help=f"remove `{key}`; beside `url` there can be only `role`",
        )


RULE = Rule("SCHEMA006", "external-service", Severity.ERROR, _check)
