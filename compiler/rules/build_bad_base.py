"""A Dockerfile that is built on an image that moves, or is gone.

Without a tag, or with one such as `latest`, the base is another one whenever somebody publishes: the same sources make
another program on another machine or day, and nothing in the repository says so. An image that has been deleted or
moved builds only where it was pulled long ago. The same is said of the manifest's own images: IMAGE002, IMAGE003.

Every `FROM` counts that names a published image. Stages, `scratch`, and what a variable without a default leaves open
are not meant.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
```
```dockerfile web/Dockerfile
FROM node
COPY server.js ./
CMD ["node", "server.js"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
```
```dockerfile web/Dockerfile
FROM node:22-alpine
COPY server.js ./
CMD ["node", "server.js"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for defect in context.of("build.bad-base"):
        image, path, line = (defect.facts[key] for key in ("image", "path", "line"))
        if (path, line) in seen:
            continue  # Several services are built of one Dockerfile.
        seen.add((path, line))
        tag, happened = defect.facts.get("tag", ""), defect.facts.get("happened", "")
        reason = f"its tag `{tag}` moves" if tag else "without a tag it is `latest`"
        yield Finding(
            subject=f"{path}/from/{line}",
            message=f"`{path}` builds on `{image}`"
            + (f": {happened}" if happened else f", which means something else tomorrow: {reason}"),
            labels=(Label(defect.at, "not there as it was" if happened else "not always the same image"),),
            help=defect.facts.get("remedy") or "write the version that is meant, such as `node:22-alpine`",
        )


RULE = Rule("BUILD006", "bad-base", Severity.WARNING, _check)
