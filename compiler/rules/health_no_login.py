"""A health check that a server with a password turns away.

`redis-cli ping` without the password is answered NOAUTH, and ends with 0 all the same: a check that is healthy whatever
happens. With `-e`, or where the answer is looked at, it is never healthy. `redis-cli` and `valkey-cli` read the
password from the variable `REDISCLI_AUTH`.

`mysqladmin ping` ends with 0 where access is denied, too. It tells that the server answers, which is what a health
check is for: nothing is said of it.

Bad:
```yaml
version: 1
name: shop
secrets:
  CACHE_PASSWORD: generated
services:
  cache:
    image: redis:7.4
    command: redis-server --requirepass ${secrets.CACHE_PASSWORD}
    healthcheck:
      command: redis-cli ping
```
Good:
```yaml
version: 1
name: shop
secrets:
  CACHE_PASSWORD: generated
services:
  cache:
    image: redis:7.4
    command: redis-server --requirepass ${secrets.CACHE_PASSWORD}
    environment:
      REDISCLI_AUTH: ${secrets.CACHE_PASSWORD}
    healthcheck:
      command: redis-cli ping | grep -qx PONG
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.no-login"):
        unit, program, is_blind = (defect.facts[key] for key in ("unit", "program", "blind"))
        then = "and ends with 0: it is healthy whatever happens" if is_blind else "and is never healthy"
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"`{unit}` has a password, and `{program} ping` does not give it: it is answered NOAUTH {then}",
            labels=(Label(first_word(defect.at), "without the password"),),
            help=f"give the password in the variable `REDISCLI_AUTH`, and look at the answer: "
            f"`{program} ping | grep -qx PONG`",
        )


RULE = Rule("HEALTH009", "no-login", Severity.WARNING, _check)
