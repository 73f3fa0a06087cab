"""A service that joins a network which is not declared.

Networks are declared under `networks`. The project's own, `default`, is always there, and every service is on it.

Bad:
```yaml
version: 1
name: shop
networks:
  backend: bridge
services:
  web:
    image: nginx:1.27
    networks:
      - bakcend
```
Good:
```yaml
version: 1
name: shop
networks:
  backend: bridge
services:
  web:
    image: nginx:1.27
    networks:
      - backend
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead, is_misnamed, meant, subject_of, surely

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("network.unknown"):
        name = defect.facts["name"]
        if is_misnamed(context, name):
            continue
        yield Finding(
            subject=subject_of(defect.at),
            message=f"the network `{name}` is not declared",
            labels=(Label(defect.at, "no such network"),),
            help=meant(name, defect.facts["accepted"], f"declare it: `{name}: bridge` under `networks`"),
            fix=instead(defect.at, name, surely(name, defect.facts["accepted"])),
        )


RULE = Rule("NETWORK001", "unknown-network", Severity.ERROR, _check)
