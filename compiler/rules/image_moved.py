"""An image that is no longer where it was.

Some images that many examples name have been deleted, have moved, or no longer start without an account. A machine
that pulled one long ago still runs it; everybody else's start fails.

Bad:
```yaml
version: 1
name: shop
services:
  cache:
    image: bitnami/redis:7.2
```
Good:
```yaml
version: 1
name: shop
services:
  cache:
    image: redis:7.2
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("image.moved"):
        unit, image, happened, remedy = (defect.facts[key] for key in ("unit", "image", "happened", "remedy"))
        yield Finding(
            subject=f"{unit}/image",
            message=f"`{unit}` runs `{image}`: {happened}",
            labels=(Label(defect.at, "not there as it was"),),
            help=remedy,
        )


RULE = Rule("IMAGE003", "moved-image", Severity.WARNING, _check)
