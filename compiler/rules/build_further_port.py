"""A further port that the Dockerfile does not expose.

The Dockerfile exposes the other ports of the service, so its list is either not complete, or nothing listens on this
one. `EXPOSE` binds nobody: whether the port is right, only the program knows. This is said as long as the manifest does
not tell the program its port by a command or a variable.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    ports:
      site: 8080:8000
      metrics: internal:9100
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
    ports:
      site: 8080:8000
      metrics: internal:9100
```
```dockerfile web/Dockerfile
FROM node:22-alpine
COPY server.js ./
EXPOSE 8000 9100
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
    for defect in context.of("build.further-port"):
        unit, port, path = (defect.facts[key] for key in ("unit", "port", "path"))
        exposed = defect.facts["exposed"].split(", ")
        yield Finding(
            subject=f"{unit}/{subject_of(defect.at).rpartition('/')[2]}/exposed",
            message=f"`{unit}` has the port {port}, too, and `{path}` exposes {listed(exposed)} only",
            labels=(Label(defect.at, "does anything listen here?"),),
            help=f"add {port} to `EXPOSE`, or correct the port",
        )


RULE = Rule("BUILD005", "further-port", Severity.NOTE, _check)
