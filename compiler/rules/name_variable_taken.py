"""Two things that would read one variable of the environment file.

Secrets and host ports are variables of `.env`: the secret under its own name, the port of `web` as `WEB_PORT`, a named
port as `WEB_ADMIN_PORT`. Dashes become underscores, so `a-b` and a port `b` of `a` can meet. Compose itself reads
`COMPOSE_FILE`, `COMPOSE_PATH_SEPARATOR` and `COMPOSE_PROJECT_NAME` there.

Bad:
```yaml
version: 1
name: shop
secrets:
  WEB_PORT: required
services:
  web:
    image: nginx:1.27
    port: 8080:80
    environment:
      SERIAL: ${secrets.WEB_PORT}
```
Good:
```yaml
version: 1
name: shop
secrets:
  WEB_SERIAL: required
services:
  web:
    image: nginx:1.27
    port: 8080:80
    environment:
      SERIAL: ${secrets.WEB_SERIAL}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("name.variable-taken"):
        name, owner = defect.facts["name"], defect.facts.get("by", "")
        said = f"is read by {owner} itself" if owner else "would be set for two things"
        yield Finding(
            subject=f"{name}/variable",
            message=f"the variable `{name}` of the environment file {said}",
            labels=(
                Label(defect.at, f"reads `{name}`", "key"),
                *(Label(other, f"reads `{name}` too", "key") for other in defect.related),
            ),
            help="give the secret, the service or the port another name",
        )


RULE = Rule("NAME004", "variable-taken", Severity.ERROR, _check)
