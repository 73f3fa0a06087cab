"""A list, a mapping or a text where the manifest has another of the three.

Environment variables are the usual case: Compose takes a list of `NAME=value` too, a manifest takes only the mapping,
so that a default and an environment can replace one variable by its name.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      - LOG_LEVEL=debug
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

_HELP = {
    "a mapping": "write `key: value` lines, indented under the key",
    "a list": "write each entry on its own line, indented, after `- `",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.wrong-type"):
        expected, got = defect.facts["expected"], defect.facts["got"]
        name = f"`{defect.facts['where']}`" if defect.facts["where"] else "the manifest"
        yield Finding(
            subject=defect.facts["subject"],
            message=f"{name} is {'empty' if got == 'nothing' else got}; it must be {expected}",
            labels=(Label(defect.at, f"{got} here"),),
            help=_HELP.get(expected, ""),
        )


RULE = Rule("SCHEMA002", "wrong-type", Severity.ERROR, _check)
