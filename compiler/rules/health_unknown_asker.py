"""A health check that nobody is known to be able to ask.

The check runs inside the container, so its image needs a tool that can ask: curl, wget, Python, Node or bash. For a
service that is built here, the Dockerfile tells. Of an image from elsewhere nothing is known, and of a Dockerfile that
is not there or lies outside the repository neither: guessing would make the answer differ between two checkouts.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27-alpine
    port: 8080:80
    healthcheck: /
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27-alpine
    port: 8080:80
    healthcheck:
      liveness: /
      probe: wget
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_PORT = "health.no-port"


def _check(context: Context) -> Iterator[Finding]:
    without_port = {defect.at for defect in context.defects if defect.kind == _NO_PORT}
    for defect in context.of("health.unknown-asker"):
        if defect.at in without_port:
            continue  # who asks is no question before it is known where
        unit, image, context_path = (defect.facts[key] for key in ("unit", "image", "context"))
        tool = f"which tool in {f'the image `{image}`' if image else 'its image'} can ask the health check of `{unit}`"
        dockerfile = defect.facts["dockerfile"]
        file = "Dockerfile" if dockerfile == "Dockerfile" else f"`{dockerfile}`"
        reason = "" if image else f"there is no {file} to read in `{context_path}`, so "
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"{reason}nothing tells {tool}",
            labels=(Label(defect.at, "who asks this?" if image else "no Dockerfile here", "key"),),
            help=f"{'' if image else 'correct `build`, or '}say what the image has: `probe: curl`, `wget`, `python`, "
            "`node` or `bash`; or write a `command`",
        )


RULE = Rule("HEALTH002", "unknown-asker", Severity.ERROR, _check)
