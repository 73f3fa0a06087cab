"""A path, host or file that the gateway cannot take as it is written.

nginx compares paths after it has decoded and cleaned them, so a route with an empty segment (`//`), with `.` or `..`,
or with characters encoded that need not be, would never match. Encode what cannot be written plainly as `%` and two
capital hexadecimal digits. Below `/__gateway/` the gateway answers itself. nginx has no escape for `$` and a few other
characters, so they cannot stand in file names of certificates either.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
    - path: /api//v1/
      service: api
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
    - path: /api/v1/
      service: api
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.spell.nginx import RESERVED_PATH, is_route_path, nginx_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Gateway


def _check(context: Context) -> Iterator[Finding]:
    gateway = context.manifest.gateway if context.manifest else None
    if gateway is None:
        return
    for route in gateway.routes:
        if not is_route_path(route.path):
            yield Finding(
                subject=f"gateway/{route.path}",
                message=f"`{route.path}` cannot be the path of a route: {_reason(route.path)}",
                labels=(Label((*route.at, "path"), "never matches"),),
                help=_help(route.path),
            )
    for keys, text in _texts(gateway).items():
        if not _is_literal(text):
            yield Finding(
                subject=f"gateway/{'/'.join(keys)}",
                message=f"nginx cannot take `{text}` literally",
                labels=(Label((*gateway.at, *keys), "not literal"),),
                help="use a name without `$`, backslash, `;`, `{`, `}` and `#`",
            )


def _reason(path: str) -> str:
    if f"{path}/".startswith(RESERVED_PATH):
        return f"what is below `{RESERVED_PATH}` the gateway answers itself"
    if "//" in path:
        return "it has an empty segment"
    if ".." in path or "." in path.split("/"):
        return "nginx resolves `.` and `..` before it compares"
    if "%" in path:
        return "`%` stands before two capital hexadecimal digits of a character that cannot be written plainly"
    return "it has a character that nginx does not take there"


def _help(path: str) -> str:
    plain = re.sub(r"/{2,}", "/", path)
    return f"write `{plain}`" if plain != path and is_route_path(plain) else ""


def _texts(gateway: Gateway) -> dict[tuple[str, ...], str]:
    texts: dict[tuple[str, ...], str] = {("host",): gateway.host}
    if gateway.mode == "host":
        texts |= {("tls", "certificate"): gateway.certificate, ("tls", "key"): gateway.key}
    return texts


def _is_literal(text: str) -> bool:
    try:
        nginx_literal(text)
    except ValueError:
        return False
    return True


RULE = Rule("ROUTE003", "bad-path", Severity.ERROR, _check)
