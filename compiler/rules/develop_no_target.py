"""A watched path that goes nowhere.

With `sync` or `sync+restart` a changed file is put into the running container, so Compose must know where. Without a
`target` it refuses the whole file, and nothing starts.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    develop:
      watch:
        - path: ./src
          action: sync
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    develop:
      watch:
        - path: ./src
          action: sync
          target: /app/src
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("develop.no-target"):
        yield Finding(
            subject=subject_of(defect.at),
            message=f"`{defect.facts['action']}` has no `target`: where in the container do the files go?",
            labels=(Label(defect.at, "put where?"),),
            help="add the path in the container, such as `target: /app/src`",
        )


RULE = Rule("DEVELOP001", "no-target", Severity.ERROR, _check)
