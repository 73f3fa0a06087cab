"""A reference to a name that nobody has.

`${name.output}` takes a value from a service, from infrastructure or from the gateway. A variable of the environment
file has no dot: `${LOG_LEVEL}`.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cahce.url}
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect, Finding, Fix, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import is_misnamed, meant, referring, surely

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("reference.unknown-name"):
        facts = defect.facts
        if is_misnamed(context, facts["name"]):
            continue
        yield Finding(
            subject=f"{facts['source']}/{facts['reference']}",
            message=f"`${{{facts['reference']}}}` refers to `{facts['name']}`, which is {_missing(facts['name'])}",
            labels=(Label(defect.at, f"there is no `{facts['name']}`", within=f"${{{facts['reference']}}}"),),
            help=_help(facts),
            fix=_fix(defect),
        )


def _fix(defect: Defect) -> Fix | None:
    name, reference = defect.facts["name"], defect.facts["reference"]
    if name in {"gateway", "secrets"}:
        return None
    close = surely(name, defect.facts["accepted"])
    return referring(defect.at, reference, close and close + reference.removeprefix(name))


def _missing(name: str) -> str:
    return "not written in the manifest" if name == "gateway" else "neither a service nor infrastructure"


def _help(facts: Mapping[str, str]) -> str:
    if facts["name"] == "gateway":
        return "add `gateway` to the manifest, with `type: nginx`"
    if facts["name"] == "secrets":
        return "a secret is `${secrets.NAME}`, without anything further"
    return meant(facts["name"], facts["accepted"], "add it under `services` or `infrastructure`")


RULE = Rule("REF001", "unknown-name", Severity.ERROR, _check)
