"""A job that nothing waits for.

A job makes a database or topic, or migrates one, and ends. If no service waits for it, the start is a race: a service
may come up before its database is there, and a job that fails is noticed by nobody.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
    depends_on:
      postgres:
        condition: none
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("dependency.unawaited"):
        job, parent = defect.facts["unit"], defect.facts["parent"]
        yield Finding(
            subject=f"{job}/unawaited",
            message=f"no service waits for the job `{job}`, so a service may start before it is done",
            labels=(Label(defect.at, f"makes the job `{job}`", "key"),),
            help=f"remove `condition: none` for `{parent}` from a service that uses it",
        )


RULE = Rule("DEP004", "unawaited-job", Severity.ERROR, _check)
