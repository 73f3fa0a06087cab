"""A folder of the repository mounted over the packages of the image.

The image has installed its packages into a folder beside the sources. Whoever mounts the sources there hides it: in a
fresh checkout the program finds no package at all, and later those of the host, built for another system. A volume of
its own at that folder keeps the image's packages in sight.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:3000
    volumes:
      - ./web:/app
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
    volumes:
      - ./web:/app
      - web-packages:/app/node_modules
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
    for defect in context.of("develop.hidden-packages"):
        unit, path, target, folder = (defect.facts[key] for key in ("unit", "path", "target", "folder"))
        yield Finding(
            subject=f"{subject_of(defect.at)}/packages",
            message=f"`{path}`, mounted at `{target}`, hides `{folder}`, where the image of `{unit}` has its packages",
            labels=(Label(defect.at, "hides them"),),
            help=f"add a volume for them, `{unit}-packages:{folder}`, or let `develop.watch` sync the sources instead",
        )


RULE = Rule("DEVELOP003", "hidden-packages", Severity.WARNING, _check)
