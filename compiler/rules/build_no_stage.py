"""A Dockerfile that builds nothing.

It has no `FROM`: it is empty, holds nothing but comments, or is another kind of file. The build would fail.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
```
```dockerfile web/Dockerfile
# to be written
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
```
```dockerfile web/Dockerfile
FROM nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("build.no-stage"):
        unit, path = defect.facts["unit"], f"{defect.facts['context']}/{defect.facts['dockerfile']}"
        yield Finding(
            subject=f"{unit}/build",
            message=f"`{path}` has no `FROM`: nothing can be built from it",
            labels=(Label((*defect.at, "context"), "nothing to build"),),
            help="begin it with the image that it builds on, such as `FROM python:3.12-slim`",
        )


RULE = Rule("BUILD003", "no-stage", Severity.WARNING, _check)
