"""The file is empty, or no mapping.

A manifest is a mapping of `version`, `name`, `services` and more; a fragment is one too, without `name`.

Bad:
```yaml
- version: 1
- name: shop
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

_ADVICE = "begin with `version: 1`"


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("yaml.empty"):
        yield Finding("yaml/empty", "the file is empty", (Label(defect.at),), _ADVICE)
    for defect in context.of("yaml.not-a-mapping"):
        message = f"the file holds {defect.facts.get('found', 'something else')}, a manifest is a mapping"
        yield Finding("yaml/shape", message, (Label(defect.at, "a key was expected here"),), _ADVICE)


RULE = Rule("YAML006", "shape", Severity.ERROR, _check)
