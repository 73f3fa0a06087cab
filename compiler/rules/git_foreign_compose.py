"""Somebody else's Compose file beside ours.

Of several Compose files in one folder, Compose takes `compose.yaml` or `compose.yml` before `docker-compose.yml`, and
an override file of those names before ours. The generated scripts name their files and go on working; a plain `docker
compose up` without `.env` starts something else.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```yaml integration/compose.yaml
services:
  web:
    image: nginx:1.26
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```yaml integration/docker-compose.local.yml
services:
  web:
    labels:
      team: web
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("git.foreign-compose"):
        path, ours = path_of(defect), defect.facts["ours"]
        is_first = defect.facts["first"] == "yes"
        reads = f"reads `{path}` instead of our `{ours}`" if is_first else f"finds `{path}` and our `{ours}`, and warns"
        yield Finding(
            subject=f"{path}/foreign",
            message=f"a plain `docker compose` {reads}",
            labels=(Label(defect.at, "not generated"),),
            help="move it to another folder, or what it adds into `docker-compose.local.yml`",
        )


RULE = Rule("GIT003", "foreign-compose", Severity.WARNING, _check)
