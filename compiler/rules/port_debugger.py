"""A debugger that listens everywhere, not only while developing.

Whoever reaches the port of a debugger runs whatever they like in the container. Under `develop` it stands only in
what a developer starts: `develop.command` runs the program with its debugger, and `debug_port` publishes the port.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: shop/web:1.4
    port: 8080:80
    command: node --inspect=0.0.0.0:9229 server.js
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: shop/web:1.4
    port: 8080:80
    command: node server.js
    develop:
      command: node --inspect=0.0.0.0:9229 server.js
      debug_port: 9229
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("port.debugger"):
        unit, port = defect.facts["unit"], defect.facts.get("port")
        what = f"publishes port {port} of a debugger" if port else "starts with a debugger"
        yield Finding(
            subject=f"{unit}/debugger",
            message=f"`{unit}` {what}, in every environment",
            labels=(Label(defect.at, "not only while developing"),),
            help="write it under `develop`: `command`, `environment` and `debug_port` count for developers alone",
        )


RULE = Rule("PORT010", "debugger", Severity.WARNING, _check)
