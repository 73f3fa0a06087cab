"""Two documents that declare the same thing.

A manifest and its fragments make up one whole. A service, a network, a secret or a piece of infrastructure is written
in one of them, and can be used in all.

Bad:
```yaml
version: 1
name: shop
include:
  - web/fragment.yaml
services:
  web:
    image: nginx:1.27
```
```yaml web/fragment.yaml
services:
  web:
    image: nginx:1.26
```
Good:
```yaml
version: 1
name: shop
include:
  - web/fragment.yaml
services:
  api:
    image: nginx:1.27
```
```yaml web/fragment.yaml
services:
  web:
    image: nginx:1.26
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOUNS = {"networks": "network", "secrets": "secret", "infrastructure": "infrastructure", "services": "service"}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("include.clash"):
        name, section = defect.facts["name"], defect.facts["section"]
        yield Finding(
            subject=f"{name}/clash",
            message=f"the {_NOUNS[section]} `{name}` is declared in two documents",
            labels=(Label(defect.at, "declared again"), *(Label(at, "first declared here") for at in defect.related)),
            help="remove one of the two, or rename it",
        )


RULE = Rule("INCLUDE002", "clash", Severity.ERROR, _check)
