"""A kind of infrastructure that is not in the catalogue.

`type` names a kind that Periplus brings, or a folder under `kinds/` beside the manifest. What has no kind can be a
service with an `image`.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  db:
    type: postgress
services:
  web:
    image: nginx:1.27
    environment:
      DB_HOST: ${db.host}
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  db:
    type: postgres
services:
  web:
    image: nginx:1.27
    environment:
      DB_HOST: ${db.host}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.source import Place
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, instead, surely, there_is

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    broken = {
        defect.at.document.split("/")[-2] for defect in context.of("kind.invalid") if isinstance(defect.at, Place)
    }
    for defect in context.of("kind.unknown"):
        name, unit = defect.facts["type"], defect.facts["unit"]
        if name in broken:
            continue
        close = closest(name, defect.facts["accepted"])
        known = there_is(defect.facts["accepted"].split(", "))
        yield Finding(
            subject=f"{unit}/type",
            message=f"there is no kind of infrastructure `{name}`",
            labels=(Label(defect.at, "not in the catalogue"),),
            help=f"did you mean `{close}`?" if close else f"{known}; others go under `kinds/{name}/`",
            fix=instead(defect.at, name, surely(name, defect.facts["accepted"])),
        )


RULE = Rule("KIND001", "unknown-kind", Severity.ERROR, _check)
