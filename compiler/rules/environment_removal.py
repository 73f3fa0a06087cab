"""The environment `dev` would take something away.

`dev` becomes `docker-compose.override.yml`, which Compose lays over the system. Such a file can add and replace;
nothing in it makes a part of the system disappear. Any other environment is a file of its own and may differ in
everything.

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
environments:
  dev:
    services:
      web:
        environment:
          REDIS_URL: redis://elsewhere
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
environments:
  dev:
    services:
      web:
        environment:
          LOG_LEVEL: debug
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHERWISE = "keep it in `dev` as well, or use another environment: each of them is a whole system of its own"
_REFERENCE = (
    "a reference that `dev` replaces by plain text takes its dependency with it:\n"
    "keep the reference, or use another environment: each of them is a whole system of its own"
)


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("environment.removal"):
        what = defect.facts["what"]
        yield Finding(
            subject=f"dev/{what}",
            message=f"`dev` would take `{what}` away, but it can only add and replace",
            labels=(Label(defect.at, "leaves it out", "key"),),
            help=_REFERENCE if ".depends_on" in what else _OTHERWISE,
        )


RULE = Rule("ENV001", "removal", Severity.ERROR, _check)
