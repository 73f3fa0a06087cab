"""A setting that this kind of infrastructure does not have.

Kinds differ: a message broker has topics, a database server databases; some take no password, keep nothing, or have no
settings of their own. What a kind would ignore is refused.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
    databases:
      sessions:
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.url}
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

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.finding import Defect

_INSTANCE_DEPTH = 3
"""Steps to a setting of an instance, such as `infrastructure.cache.databases`; those of a part stand deeper."""
_WHY = {
    "config": "takes no `config`; its settings go into `environment`",
    "password": "has no password",
    "volume": "keeps nothing",
    "publish": "has no port to publish",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("kind.unsupported"):
        yield Finding(
            subject=subject_of(defect.at),
            message=_message(defect),
            labels=(Label(defect.at, f"not for `{defect.facts['type']}`", "key"),),
            help=_help(defect),
        )


def _message(defect: Defect) -> str:
    unit, kind, key = (defect.facts[name] for name in ("unit", "type", "key"))
    if len(defect.at) > _INSTANCE_DEPTH:
        return f"`{unit}` is a `{kind}`, whose {defect.at[2]} take no `{key}`"
    return f"`{unit}` is a `{kind}`, which {_WHY.get(key, f'has no `{key}`')}"


def _help(defect: Defect) -> str:
    accepted = defect.facts.get("accepted", "")
    return f"accepted here: {listed(accepted.split(', '))}" if accepted else f"remove `{defect.facts['key']}`"


RULE = Rule("KIND002", "unsupported", Severity.ERROR, _check)
