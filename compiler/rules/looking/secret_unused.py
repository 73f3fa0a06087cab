"""A secret that nobody uses.

It would be asked for, or generated, and reach no service.

Bad:
```yaml
version: 1
name: shop
secrets:
  SESSION_KEY: generated
services:
  web:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
secrets:
  SESSION_KEY: generated
services:
  web:
    image: nginx:1.27
    environment:
      SESSION_KEY: ${secrets.SESSION_KEY}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    if any(defect.kind.startswith(("reference.", "text.", "kind.")) for defect in context.defects):
        return  # What is misspelt elsewhere may be meant to use it.
    used = {name for plan in context.plans for name, secret in plan.secrets.items() if secret.users}
    for name, secret in context.plan.secrets.items() if context.plan else ():
        if name not in used:
            yield Finding(
                subject=f"{name}/unused",
                message=f"nothing uses the secret `{name}`",
                labels=(Label(secret.at, "declared here", "key"),),
                help=f"write `${{secrets.{name}}}` where it is needed, or remove it",
            )


RULE = Rule("SECRET003", "unused-secret", Severity.WARNING, _check)
