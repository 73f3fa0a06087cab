"""A dependency on a name that nobody has.

`depends_on` names services and infrastructure. What a reference names need not be repeated here: it is a dependency
already.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
  web:
    image: nginx:1.27
    depends_on:
      apii:
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
  web:
    image: nginx:1.27
    depends_on:
      api:
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.misdeclared import uses_of
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, instead, is_misnamed, meant, surely

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    uses = uses_of(context)
    for defect in context.of("dependency.unknown"):
        name, source = defect.facts["name"], defect.facts["source"]
        if is_misnamed(context, name):
            continue
        accepted = defect.facts["accepted"]
        doubt = uses.misdeclared(name, closest(name, accepted, but=source))
        sure = "" if doubt else surely(name, accepted, but=source)
        advice = meant(name, accepted, "there is nothing else it could depend on", but=source)
        yield Finding(
            subject=f"{source}/depends_on/{name}",
            message=f"`{source}` depends on `{name}`, which is neither a service nor infrastructure",
            labels=(Label(defect.at, f"there is no `{name}`", "key"), *((doubt[1],) if doubt else ())),
            help=doubt[0] if doubt else advice,
            fix=instead(defect.at, name, sure, "key"),
        )


RULE = Rule("DEP001", "unknown-dependency", Severity.ERROR, _check)
