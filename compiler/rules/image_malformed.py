"""An image that no engine accepts.

A reference is a repository in small letters, perhaps with a registry before it, and a tag or digest after it:
`registry.example:5000/shop/web:1.4`. `docker compose config` takes anything; the engine then refuses to pull it.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: shop//web:1.4
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: shop/web:1.4
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOLD = ("reference.", "text.")


def _check(context: Context) -> Iterator[Finding]:
    told = {defect.at for defect in context.defects if defect.kind.startswith(_TOLD)}
    for defect in context.of("image.malformed"):
        if defect.at in told:
            continue
        unit, image = defect.facts["unit"], defect.facts["image"]
        yield Finding(
            subject=f"{unit}/image",
            message=f"`{image}` is no reference of an image",
            labels=(Label(defect.at, "no engine accepts it"),),
            help="write `repository:tag`, such as `nginx:1.28` or `registry.example/shop/web:3`",
        )


RULE = Rule("IMAGE001", "malformed-image", Severity.ERROR, _check)
