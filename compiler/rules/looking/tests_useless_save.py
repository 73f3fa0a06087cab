"""A request that stands alone and saves a value.

Requests under `tests.api` share nothing, so nobody could use the value. Steps of a flow share what they save.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  api:
    - request: POST web /items
      save:
        item: .id
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  smoke:
    - name: make an item, then read it back
      steps:
        - request: POST web /items
          save:
            item: .id
        - request: GET web /items/${item}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for request in context.manifest.tests.api if context.manifest else ():
        if request.save:
            yield Finding(
                subject=f"{subject_of(request.at)}/save",
                message=f"this test saves {listed(request.save)}, but it stands alone: nothing can use it",
                labels=(Label((*request.at, "save"), "used by nobody", "key"),),
                help="make it a step of a flow under `tests.smoke`, or remove `save`",
            )


RULE = Rule("TEST004", "useless-save", Severity.ERROR, _check)
