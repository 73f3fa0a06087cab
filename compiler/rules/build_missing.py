"""A build without its Dockerfile.

`build` names a folder, relative to the file it is written in, and in it a `Dockerfile` unless `dockerfile` says
otherwise. Without it `start.sh` stops before anything runs. This is said only of a repository that is there to see: a
manifest that stands alone, its sources still to come or elsewhere, is no mistake.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    build: ./api
  web:
    build: ./wbe
```
```dockerfile api/Dockerfile
FROM nginx:1.27
```
```dockerfile web/Dockerfile
FROM nginx:1.27
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    build: ./api
  web:
    build: ./web
```
```dockerfile api/Dockerfile
FROM nginx:1.27
```
```dockerfile web/Dockerfile
FROM nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("build.missing"):
        unit, folder, dockerfile = (defect.facts[key] for key in ("unit", "context", "dockerfile"))
        others = [other for other in defect.facts["others"].split(", ") if other]
        close = closest(folder, ", ".join(others)) if defect.facts["folder"] else ""
        why = "which is not there" if defect.facts["folder"] else f"where there is no `{dockerfile}`"
        yield Finding(
            subject=f"{unit}/build",
            message=f"`{unit}` is built from `{folder}`, {why}",
            labels=(Label(defect.at, "no Dockerfile here", "key"),),
            help=f"did you mean `{close}`?" if close else "correct the path, or write the Dockerfile before the start",
        )


RULE = Rule("BUILD001", "missing", Severity.WARNING, _check)
