"""The manifest uses a part of YAML that manifests leave out.

Manifests are written in the StrictYAML dialect: block style only. Flow style (`{}` and `[]`), anchors (`&`), aliases
(`*`), merge keys (`<<`) and tags (`!`) are refused, since each makes a value stand somewhere else than where it is
read, or mean something else than its text. Write collections one entry a line; put what services share under
`defaults`; put a text that begins with one of these characters in quotes.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    profiles: [debug]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    profiles:
      - debug
```
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

_WORDS = {
    "yaml.flow-style": (
        "flow style",
        "write one entry a line; leave an empty mapping or list out; put a text that begins so in quotes",
    ),
    "yaml.anchor": (
        "anchors, aliases and merge keys",
        "write the value out, or put what services share under `defaults`; put a text that begins so in quotes",
    ),
    "yaml.tag": ("tags", "leave the tag out: a scalar is its text; put a text that begins so in quotes"),
}


def _check(context: Context) -> Iterator[Finding]:
    for kind, (name, advice) in _WORDS.items():
        for defect in context.of(kind):
            found = defect.facts.get("found", "")
            message = f"`{found}`: {name} cannot be used in a manifest"
            yield Finding("yaml/dialect", message, (Label(defect.at, "not in this dialect"),), advice)


RULE = Rule("YAML003", "dialect", Severity.ERROR, _check)
