"""A file of environment variables that is not there.

Compose refuses the whole project, every service of it, while a file under `env_file` is missing. For one that not
everybody has, write `required: false`.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    compose:
      env_file: ./web.env
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    compose:
      env_file:
        - path: ./web.env
          required: false
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("mount.no-environment-file"):
        unit, path = defect.facts["unit"], defect.facts["path"]
        yield Finding(
            subject=f"{unit}/env_file",
            message=f"`{path}` is not there, and without it Compose starts nothing at all",
            labels=(Label(defect.at, "no such file"),),
            help="correct the path, add the file, or write it as `path:` with `required: false`",
        )


RULE = Rule("DATA009", "no-environment-file", Severity.WARNING, _check)
