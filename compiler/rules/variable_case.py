"""Two environment variables that differ in nothing but case.

A program reads one of them, and they say different things. Those of proxies (`http_proxy`) are read in both ways.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      LOG_LEVEL: info
      Log_Level: debug
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      LOG_LEVEL: debug
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("variable.case"):
        unit, key, other = (defect.facts[name] for name in ("unit", "key", "other"))
        yield Finding(
            subject=f"{unit}/environment/{key}",
            message=f"`{key}` and `{other}` of `{unit}` differ in case, and in value",
            labels=(
                Label(defect.at, "another variable", "key"),
                *(Label(at, "than this one", "key") for at in defect.related),
            ),
            help="remove the one that the program does not read",
        )


RULE = Rule("VARIABLE002", "variables-differ-in-case", Severity.WARNING, _check)
