"""A port that the Dockerfile does not expose, while it exposes another.

`EXPOSE` tells on which port the program listens. It binds nobody, so the other port may be right; mostly it is a slip,
and everything that calls the service is refused. This is said where the Dockerfile exposes a port that the service does
not name, on a base that exposes none itself, and the manifest does not tell the program its port by a command or a
variable.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:3000
```
```dockerfile web/Dockerfile
FROM node:22-alpine
COPY server.js ./
EXPOSE 8000
CMD ["node", "server.js"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:8000
```
```dockerfile web/Dockerfile
FROM node:22-alpine
COPY server.js ./
EXPOSE 8000
CMD ["node", "server.js"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("build.unexposed-port"):
        unit, port, path = (defect.facts[key] for key in ("unit", "port", "path"))
        exposed = defect.facts["exposed"].split(", ")
        yield Finding(
            subject=f"{unit}/{subject_of(defect.at).rpartition('/')[2]}/exposed",
            message=f"`{unit}` has the port {port}, but `{path}` exposes {listed(exposed)}",
            labels=(Label(defect.at, "not exposed"),),
            help=f"write the container port {exposed[0]}, or tell the program to listen on {port}"
            if len(exposed) == 1
            else f"write one of these, or tell the program to listen on {port}",
        )


RULE = Rule("BUILD004", "unexposed-port", Severity.WARNING, _check)
