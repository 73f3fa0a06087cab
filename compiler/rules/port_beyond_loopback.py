"""Ports that are published for more than this machine.

`ports.bind` is the address that every host port is published on. With `0.0.0.0`, or an address of the local network,
whoever reaches the machine reaches every service and every database of an environment that is made for tests, past
most firewalls: Docker opens the way itself.

Bad:
```yaml
version: 1
name: shop
ports:
  bind: 0.0.0.0
services:
  web:
    image: nginx:1.27
    port: 8080:80
```
Good:
```yaml
version: 1
name: shop
ports:
  bind: 127.0.0.1
services:
  web:
    image: nginx:1.27
    port: 8080:80
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("port.beyond-loopback"):
        bind, units = defect.facts["bind"], defect.facts["units"].split(", ")
        yield Finding(
            subject="ports/bind",
            message=f"whoever reaches `{bind}` of this machine reaches {listed(units)}",
            labels=(Label(defect.at, "more than this machine"),),
            help="leave `bind` out for `127.0.0.1`, which only this machine reaches",
        )


RULE = Rule("PORT009", "beyond-loopback", Severity.WARNING, _check)
