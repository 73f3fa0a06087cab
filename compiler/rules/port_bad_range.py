"""A range of ports that holds none.

The first port of `ports.range` is at least 1, the last at most 65535 and not below the first.

Bad:
```yaml
version: 1
name: shop
ports:
  range: 8199-8090
services:
  web:
    image: nginx:1.27
    port: 80
```
Good:
```yaml
version: 1
name: shop
ports:
  range: 8090-8199
services:
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
    for defect in context.of("port.bad-range"):
        span = defect.facts["range"]
        low, _, high = span.partition("-")
        yield Finding(
            subject="ports/range",
            message=f"`{span}` is no range of ports; it goes up, from 1 at least to 65535 at most",
            labels=(Label(defect.at, "not a range"),),
            help=f"did you mean `{high}-{low}`?" if int(low) > int(high) > 0 else "",
        )


RULE = Rule("PORT005", "bad-range", Severity.ERROR, _check)
