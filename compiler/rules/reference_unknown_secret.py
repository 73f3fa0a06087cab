"""A secret that is not declared.

`${secrets.NAME}` names a secret under `secrets`. The passwords that infrastructure gets without one of its own can be
named too: `POSTGRES_PASSWORD` for the superuser of `postgres`, `POSTGRES_SHOP_PASSWORD` for its database `shop`.

Bad:
```yaml
version: 1
name: shop
secrets:
  SESSION_KEY: generated
services:
  web:
    image: nginx:1.27
    environment:
      SESSION_KEY: ${secrets.SESSION_KEY}
      SIGNING_KEY: ${secrets.SIGNING_KEY}
```
Good:
```yaml
version: 1
name: shop
secrets:
  SESSION_KEY: generated
  SIGNING_KEY: generated
services:
  web:
    image: nginx:1.27
    environment:
      SESSION_KEY: ${secrets.SESSION_KEY}
      SIGNING_KEY: ${secrets.SIGNING_KEY}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, is_misnamed, referring, subject_of, surely

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("reference.unknown-secret"):
        name = defect.facts["name"]
        if is_misnamed(context, name):
            continue
        close, sure = closest(name, defect.facts["accepted"]), surely(name, defect.facts["accepted"])
        yield Finding(
            subject=f"{subject_of(defect.at)}/{name}",
            message=f"the secret `{name}` is not declared",
            labels=(Label(defect.at, "no such secret", within=f"${{secrets.{name}}}"),),
            help=f"did you mean `${{secrets.{close}}}`?" if close else _help(name),
            fix=referring(defect.at, f"secrets.{name}", sure and f"secrets.{sure}"),
        )


def _help(name: str) -> str:
    return f"declare it under `secrets`: `{name}: generated` is made by `start.sh`, `required` is given by a person"


RULE = Rule("SECRET002", "unknown-secret", Severity.ERROR, _check)
