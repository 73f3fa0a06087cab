"""A secret that `dev` would need no longer.

`dev` is laid over the system by Compose, which asks for every value of the file below before it lays anything over it.
A secret that must have a value there must have one in `dev`, too: `optional` changes nothing, and what nobody generates
any more stops the start. Any other environment is a file of its own and may say what it likes.

Bad:
```yaml
version: 1
name: shop
secrets:
  MAIL_KEY: required
services:
  web:
    image: nginx:1.27
    environment:
      MAIL_KEY: ${secrets.MAIL_KEY}
environments:
  dev:
    secrets:
      MAIL_KEY: optional
```
Good:
```yaml
version: 1
name: shop
secrets:
  MAIL_KEY: required
services:
  web:
    image: nginx:1.27
    environment:
      MAIL_KEY: ${secrets.MAIL_KEY}
environments:
  dev:
    secrets:
      MAIL_KEY: generated
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEV = "dev"


def _check(context: Context) -> Iterator[Finding]:
    system = next((plan for plan in context.plans if not plan.environment), None)
    if context.manifest is None or context.manifest.environment != _DEV or system is None:
        return
    for name, secret in context.manifest.secrets.items():
        below = system.secrets.get(name)
        if below is not None and below.users and below.how != "optional" and secret.how == "optional":
            yield Finding(
                subject=f"{name}/{_DEV}",
                message=f"`{name}` must have a value in `{_DEV}` as well: it is `{below.how}` in the system below it",
                labels=(Label((*secret.at, "value"), "changes nothing"),),
                help=f"leave it out of `{_DEV}`, or make it `optional` in the system itself",
            )


RULE = Rule("SECRET007", "loosened", Severity.ERROR, _check)
