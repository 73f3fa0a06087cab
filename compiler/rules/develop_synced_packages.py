"""Watching that puts the host's packages over the image's.

`node_modules` and `.venv` hold what was built for one machine. The image has its own; when the folder of the host is
synced into the container, programs of another system take their place, and thousands of files are copied at each
install. `ignore` leaves them out, and so does the `.dockerignore` of the build's folder.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:3000
    develop:
      watch:
        - path: ./web
          action: sync
          target: /app
```
```dockerfile web/Dockerfile
FROM node:22-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
EXPOSE 3000
CMD ["node", "server.js"]
```
```json web/package.json
{}
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:3000
    develop:
      watch:
        - path: ./web
          action: sync
          target: /app
          ignore:
            - node_modules/
```
```dockerfile web/Dockerfile
FROM node:22-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
EXPOSE 3000
CMD ["node", "server.js"]
```
```json web/package.json
{}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("develop.synced-packages"):
        path, target, folder = (defect.facts[key] for key in ("path", "target", "folder"))
        is_inside = defect.facts["inside"]
        holds = "is" if is_inside else "holds"
        yield Finding(
            subject=f"{subject_of(defect.at)}/packages",
            message=f"`{path}`, synced to `{target}`, {holds} the host's `{folder}`, which is put over the image's own",
            labels=(Label((*defect.at, "path"), "synced with its packages"),),
            help="watch the sources instead, and let a change of the lock file `rebuild`"
            if is_inside
            else f"add `ignore` with `{folder}/`, or watch the folder of the sources only",
        )


RULE = Rule("DEVELOP002", "synced-packages", Severity.WARNING, _check)
