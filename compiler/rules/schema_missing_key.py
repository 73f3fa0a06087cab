"""A key that must be there and is not.

The manifest needs `version` and `name`, infrastructure its `type`, a route its `path` and `service`: none of them
can be guessed.

Bad:
```yaml
name: shop
services:
  web:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.missing-key"):
        key, example = defect.facts["key"], defect.facts["example"]
        owner = f"`{defect.facts['where']}`" if defect.facts["where"] else "the manifest"
        advice = f"add `{key}`, such as `{key}: {example}`" if example else f"add `{key}`"
        meant = defect.facts.get("closest")
        yield Finding(
            subject=f"{defect.facts['subject']}/{key}",
            message=f"{owner} has no `{key}`",
            labels=(Label(defect.at, f"`{key}` is missing"),),
            help=f"did you mean `{meant}`? else {advice}" if meant else advice,
            fix=instead(defect.at, defect.facts["where"].rpartition(".")[2], defect.facts.get("surely", ""), "key"),
        )


RULE = Rule("SCHEMA004", "missing-key", Severity.ERROR, _check)
