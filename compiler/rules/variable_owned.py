"""An environment variable that belongs to the image.

`PATH` and the variables of the loader decide how every program of the container is found and started, the health
check among them. What an image sets there it needs; a value of one's own takes its place and adds nothing to it. Set
it in the Dockerfile, where the old value is known: `ENV PATH=/app/bin:$PATH`. A `PATH` that names `/usr/bin` and
`/bin` itself is whole.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      PATH: /app/bin
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      PATH: /app/bin:/usr/local/bin:/usr/bin:/bin
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("variable.owned"):
        unit, key, reason = (defect.facts[name] for name in ("unit", "key", "reason"))
        yield Finding(
            subject=f"{unit}/environment/{key}",
            message=f"`{unit}` sets `{key}`: {reason}",
            labels=(Label(defect.at, "belongs to the image", "key"),),
            help=f"set it in the Dockerfile, where the image's own value is known (`ENV {key}=…`), or leave it out",
        )


RULE = Rule("VARIABLE001", "owned-variable", Severity.WARNING, _check)
