"""A name that already means something else.

`gateway`, `secrets`, `env` and `default` have a meaning of their own in references and in the generated files. Servers
keep names for themselves, too: a PostgreSQL has a database `postgres` already, and making it again would hand the
server's own database to a service.

Bad:
```yaml
version: 1
name: shop
services:
  gateway:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
services:
  edge:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHY = {
    "gateway": "it is the reverse proxy that `gateway` describes",
    "secrets": "`${secrets.NAME}` refers to a secret",
    "env": "it is kept for the environment file",
    "default": "it is what Compose calls the project's own network",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("name.reserved"):
        name, server = defect.facts["name"], defect.facts.get("server", "")
        why = f"{server} keeps it for itself" if server else _WHY.get(name, "it has a meaning already")
        part = "value" if defect.facts.get("part") == "value" else "key"
        yield Finding(
            subject=f"{subject_of(defect.at)}/name",
            message=f"the name `{name}` is reserved: {why}",
            labels=(Label(defect.at, "reserved", "value" if part == "value" else "key"),),
            help=f"choose another name; reserved here: {listed(defect.facts['accepted'].split(', '))}",
        )


RULE = Rule("NAME002", "reserved-name", Severity.ERROR, _check)
