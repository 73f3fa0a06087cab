"""A job that nothing waits for.

A job makes a database or topic, or migrates one, and ends. If no service waits for it, the start is a race: a service
may come up before its database is there, and a job that fails is noticed by nobody. That is judged for each profile: a
job that only services of one profile wait for runs in that profile alone, and whoever uses what it makes must be there
with them, or wait itself.

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

    from compiler.model.finding import Defect


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("dependency.unawaited"):
        job, parent = defect.facts["unit"], defect.facts["parent"]
        if defect.facts["user"]:
            yield _in_some_profile(defect, job, parent)
            continue
        yield Finding(
            subject=f"{job}/unawaited",
            message=f"no service waits for the job `{job}`, so a service may start before it is done",
            labels=(Label(defect.at, f"makes the job `{job}`", "key"),),
            help=f"remove `condition: none` for `{parent}` from a service that uses it",
        )


def _in_some_profile(defect: Defect, job: str, parent: str) -> Finding:
    """The job is awaited, but not wherever what it makes is used."""
    user, profile = defect.facts["user"], defect.facts["profile"]
    where = f"in profile `{profile}`" if profile else "without a profile"
    return Finding(
        subject=f"{job}/unawaited/{user}",
        message=f"`{user}` uses what the job `{job}` makes, and {where} nobody waits for it, so it does not run there",
        labels=(Label(defect.at, "does not wait"), Label(defect.related[0], f"makes the job `{job}`", "key")),
        help=f"remove `condition: none` for `{parent}` from `{user}`, or let a service wait that runs {where}, too",
    )


RULE = Rule("DEP004", "unawaited-job", Severity.ERROR, _check)
