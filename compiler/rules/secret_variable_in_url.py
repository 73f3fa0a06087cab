"""A password in a URL that nobody looks at.

A plain variable of `.env` is put into the URL as it stands. With `@`, `:`, `/`, `#`, `?` or `%` in it the URL means
something else, and the program fails to log in, or asks another host. Declared under `secrets`, `start.sh` checks its
characters before anything is started.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      MAIL_URL: smtp://shop:${MAIL_PASSWORD:?ask the mail team}@mail.example:587
```
Good:
```yaml
version: 1
name: shop
secrets:
  MAIL_PASSWORD: generated
services:
  web:
    image: nginx:1.27
    environment:
      MAIL_URL: smtp://shop:${secrets.MAIL_PASSWORD}@mail.example:587
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("secret.variable-in-url"):
        name, unit = defect.facts["name"], defect.facts["unit"]
        yield Finding(
            subject=f"{name}/url",
            message=f"`{name}` is the password in a URL of `{unit}`, which a character such as `@` or `/` breaks",
            labels=(Label(defect.at, "put there as it is"),),
            help=f"declare it under `secrets` and write `${{secrets.{name}}}`: start.sh then checks its characters",
        )


RULE = Rule("SECRET006", "variable-in-url", Severity.WARNING, _check)
