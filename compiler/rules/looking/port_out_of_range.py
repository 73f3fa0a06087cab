"""A port number that does not exist.

Ports are numbers from 1 to 65535, on the host and in the container.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 80800:80
```
Good:
```yaml
version: 1
name: shop
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
    from collections.abc import Iterable, Iterator

    from compiler.model.manifest import Service
    from compiler.model.source import Place, Route

_HIGHEST = 65_535


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("port.out-of-range"):
        yield _finding(defect.facts["unit"], defect.facts["port"], defect.at)
    for unit, port, at in _asked(context.own_services):
        yield _finding(unit, port, at)


def _asked(services: Iterable[Service]) -> Iterator[tuple[str, str, Route]]:
    """Ports that a health check names by number."""
    for service in services:
        wish = service.health
        if wish is not None and wish.port.isdigit() and not 0 < int(wish.port) <= _HIGHEST:
            yield service.name, wish.port, (*wish.at, "port")


def _finding(unit: str, port: str, at: Route | Place) -> Finding:
    return Finding(
        subject=f"{unit}/port",
        message=f"`{unit}` has the port {port}; a port is a number from 1 to {_HIGHEST}",
        labels=(Label(at, "no such port"),),
    )


RULE = Rule("PORT003", "out-of-range", Severity.ERROR, _check)
