"""An address that no port can be published on.

`ports.bind` is the IP address of the host that ports are published on: `127.0.0.1` for this machine only, `0.0.0.0` for
everybody who can reach it.

Bad:
```yaml
version: 1
name: shop
ports:
  bind: 127.0.1
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

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    if context.manifest is None or _is_address(context.manifest.ports.bind):
        return
    yield Finding(
        subject="ports/bind",
        message=f"`{context.manifest.ports.bind}` is no IP address",
        labels=(Label((*context.manifest.ports.at, "bind"), "not an address"),),
        help="leave `bind` out for `127.0.0.1`, which only this machine reaches",
    )


def _is_address(text: str) -> bool:
    import ipaddress  # noqa: PLC0415

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


RULE = Rule("PORT008", "bad-address", Severity.ERROR, _check)
