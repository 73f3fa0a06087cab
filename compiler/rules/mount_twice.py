"""Two mounts at one place of a container.

Only one of them could be seen there, and the engine refuses both.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - uploads:/var/uploads
      - pictures:/var/uploads/
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - uploads:/var/uploads
      - pictures:/var/pictures
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("mount.twice"):
        unit, target = defect.facts["unit"], defect.facts["target"]
        yield Finding(
            subject=f"{unit}/volumes{target}",
            message=f"`{unit}` mounts two things at `{target}`",
            labels=(
                Label(defect.at, "mounted here again"),
                *(Label(at, "already mounted here") for at in defect.related),
            ),
            help="mount one of them elsewhere, or remove it",
        )


RULE = Rule("DATA006", "mount-twice", Severity.ERROR, _check)
