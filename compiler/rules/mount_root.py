"""A mount in place of the whole container.

At `/` stands the image itself: nothing can be mounted there, and the engine refuses it.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - site:/
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - site:/srv/site
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("mount.root"):
        unit = defect.facts["unit"]
        yield Finding(
            subject=f"{unit}/volumes/",
            message=f"`{unit}` mounts something at `/`, where its image is",
            labels=(Label(defect.at, "the whole container"),),
            help="mount it in a folder, such as `/data`",
        )


RULE = Rule("DATA007", "mount-root", Severity.ERROR, _check)
