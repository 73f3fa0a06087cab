"""A service that refers to itself.

A reference makes the service wait for what it names, and nothing can wait for itself. Inside its own container a
service reaches itself at `localhost`. Only `public_url`, the address that a browser uses, may be its own.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
    environment:
      BASE_URL: ${web.url}
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
    environment:
      BASE_URL: ${web.public_url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("reference.self"):
        name, reference = defect.facts["name"], defect.facts["reference"]
        yield Finding(
            subject=f"{name}/{reference}",
            message=f"`{name}` refers to itself with `${{{reference}}}`, so it would wait for itself",
            labels=(Label(defect.at, "its own output", within=f"${{{reference}}}"),),
            help=f"write `localhost` and the port, or `${{{name}.public_url}}` for the address that a browser uses",
        )


RULE = Rule("REF003", "self-reference", Severity.ERROR, _check)
