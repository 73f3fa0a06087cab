"""A finding that the manifest cannot change.

Warnings and notes can be suppressed or weighed anew under `lint`, and so can those errors that are a judgement: the
page of a code says which. Every other error leaves nothing to compile, and what is said of generated files, of the
lock or of `lint` itself is mended there.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.url}
lint:
  suppressions:
    - code: REF001
      reason: used by hand while developing
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lint.fixed"):
        facts = defect.facts
        yield Finding(
            subject=f"lint/{facts['code']}",
            message=f"`{facts['code']}` {_cannot(facts)}",
            labels=(Label(defect.at, "stays what it is", "key"),),
            help=f"take this away, and mend what `{facts['code']}` says where it is found",
        )


def _cannot(facts: Mapping[str, str]) -> str:
    if facts["what"] == "suppression":
        return "cannot be suppressed"
    return f"is always {'an' if facts['severity'] == 'error' else 'a'} {facts['severity']}"


RULE = Rule("LINT002", "fixed-finding", Severity.ERROR, _check)
