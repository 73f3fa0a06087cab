"""A key stands twice in one mapping.

YAML readers disagree about which of the two counts, so neither does. Merge the two entries, or rename one.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
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
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("yaml.duplicate-key"):
        key = defect.facts.get("key", "")
        first = (Label(place, "first written here") for place in defect.related)
        labels = (Label(defect.at, "written again here"), *first)
        yield Finding(f"yaml/{key}", f"the key `{key}` stands twice", labels, "merge the two entries or rename one")


RULE = Rule("YAML002", "duplicate-key", Severity.ERROR, _check)
