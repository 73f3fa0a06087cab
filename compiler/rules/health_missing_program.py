"""A health check that asks by a program its image does not have.

The check runs inside the container. Where the program is not there it fails for ever, and the service is never healthy.
This is said only where it is known: of images that are well known, and of those built on one by a Dockerfile that does
not bring the program. Slim and Alpine variants have no curl, Alpine has no bash, distroless images and those made
`FROM scratch` have nothing at all, not even the shell that a check written as text is given to. A `HEALTHCHECK` of the
Dockerfile is looked at, too, where it is what counts.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:8000
    healthcheck:
      liveness: /health
      probe: curl
  broker:
    image: nats:2.10
    healthcheck:
      command: wget -q -O /dev/null http://127.0.0.1:8222/healthz
```
```dockerfile web/Dockerfile
FROM python:3.12-slim
COPY main.py ./
CMD ["python", "main.py"]
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    build: ./web
    port: 8080:8000
    healthcheck: /health
  broker:
    image: nats:2.10-alpine
    command: nats-server -m 8222
    healthcheck:
      command: wget -q -O /dev/null http://127.0.0.1:8222/healthz
```
```dockerfile web/Dockerfile
FROM python:3.12-slim
COPY main.py ./
CMD ["python", "main.py"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator


_AUTO = "leave `probe` out: what the image has is then found in its Dockerfile"


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.missing-program"):
        unit, program, image, base, own = (defect.facts[key] for key in ("unit", "program", "image", "base", "own"))
        where = f"`{image}`" if image else f"the image of `{unit}`, built on `{base}`"
        whose = "the image's own HEALTHCHECK" if own else f"the health check of `{unit}`"
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"`{program}` is not in {where}: {whose} can never succeed",
            labels=(Label(first_word(defect.at), "not in the image"),),
            help=_help(program, image, is_probe=not own and defect.at[-1] == "probe"),
        )


def _help(program: str, image: str, *, is_probe: bool) -> str:
    if program == "sh":
        return "write the command as a list, beginning with a program of the image" + (
            ", or take a variant of it that has a shell" if image else ", or build on a base that has a shell"
        )
    if image:
        return f"ask by {'`probe: none`, or by a tool' if is_probe else 'a program'} that the image has" + (
            "" if is_probe else ", or take a variant of the image that has it"
        )
    return f"install it in the Dockerfile, or {_AUTO if is_probe else 'ask by what the image has'}"


RULE = Rule("HEALTH007", "missing-program", Severity.WARNING, _check)
