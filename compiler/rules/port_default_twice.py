"""One port, written twice.

`port: 8000` is short for a port called `default` under `ports`. With both, one of them would be ignored.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
    ports:
      default: 8081:81
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    ports:
      default: 8080:80
      admin: 8081:81
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
    for defect in context.of("port.default-twice"):
        yield Finding(
            subject=f"{subject_of(defect.at)}",
            message="`port` and `ports.default` are the same port, written twice",
            labels=(
                Label(defect.at, "short for `ports.default`", "key"),
                *(Label(at, "written here", "key") for at in defect.related),
            ),
            help="remove one of them, or give the one under `ports` another name",
        )


RULE = Rule("PORT011", "default-twice", Severity.ERROR, _check)
