"""A mounted file or folder that is not there.

Docker does not complain: it makes an empty folder of that name, owned by root, and mounts that, even where the
program expects a file. git keeps no empty folder, so one with nothing in it is not there for anybody else. Told of is
what the program is to read: mounted read-only, called like a file, or below `/etc` and the like. A folder for data
that the program writes itself may begin empty; a named volume, such as `uploads:/var/uploads`, is better for it.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - ./site.conf:/etc/nginx/conf.d/default.conf:ro
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - ./site.conf:/etc/nginx/conf.d/default.conf:ro
```
```nginx site.conf
server { listen 80; }
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("mount.missing"):
        unit, path, target = (defect.facts[key] for key in ("unit", "path", "target"))
        yield Finding(
            subject=f"{unit}/volumes{target}",
            message=f"`{unit}` mounts `{path}`, which is not there: Docker would make an empty folder of it",
            labels=(Label(defect.at, "no such file or folder"),),
            help="correct the path, add the file, or name a volume (`name:/target`) for what the program writes itself",
        )


RULE = Rule("DATA005", "missing-mount", Severity.WARNING, _check)
