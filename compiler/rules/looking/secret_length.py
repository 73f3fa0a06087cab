"""A generated secret that is too short, or longer than any program takes.

`length` is the number of characters that `start.sh` generates, from 8 to 256. They are letters and digits, so 22 of
them hold as much as 128 random bits.

Bad:
```yaml
version: 1
name: shop
secrets:
  SESSION_KEY:
    value: generated
    length: 4
services:
  web:
    image: nginx:1.27
    environment:
      SESSION_KEY: ${secrets.SESSION_KEY}
```
Good:
```yaml
version: 1
name: shop
secrets:
  SESSION_KEY:
    value: generated
    length: 48
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

_LEAST, _MOST = 8, 256


def _check(context: Context) -> Iterator[Finding]:
    for secret in context.manifest.secrets.values() if context.manifest else ():
        if not _LEAST <= secret.length <= _MOST:
            yield Finding(
                subject=f"{secret.name}/length",
                message=f"the secret `{secret.name}` has a length of {secret.length}; it takes {_LEAST} to {_MOST}",
                labels=(Label((*secret.at, "length"), "characters"),),
                help="leave `length` out for 32",
            )


RULE = Rule("SECRET004", "secret-length", Severity.ERROR, _check)
