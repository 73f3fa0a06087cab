"""Two things with one name.

Services, infrastructure and the jobs made for them share one space of names: each is a service of the Compose file and
a host name on the network. A database `shop` of `postgres` is made by the job `postgres-shop`, the migration of `web`
runs as `web-migrate`: such derived names count as well. Two servers cannot keep their data in one volume either.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  cache:
    image: nginx:1.27
  web:
    image: nginx:1.27
    environment:
      REDIS_HOST: ${cache.host}
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  cache-viewer:
    image: nginx:1.27
  web:
    image: nginx:1.27
    environment:
      REDIS_HOST: ${cache.host}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.source import Place, Route

_WRITTEN_DEPTH = 2
"""Steps to a written name, such as `services.web`; what is derived from it stands deeper."""


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("name.taken"):
        name = defect.facts["name"]
        if defect.facts.get("what") == "volume":
            message = f"two servers would keep their data in the volume `{name}`"
            labels = [Label(at, "keeps its data there", "key") for at in (defect.at, *defect.related)]
            advice = "give one of them another `volume`"
        else:
            message = f"the name `{name}` is given twice"
            labels = [Label(at, _words(at, name), "key") for at in (defect.at, *defect.related)]
            advice = "rename one of them; services, infrastructure and the jobs made for them share their names"
        yield Finding(f"{name}/name", message, tuple(labels), advice)


def _words(at: Route | Place, name: str) -> str:
    written = len(at) <= _WRITTEN_DEPTH
    section = at[0] if written else ""
    nouns = {"services": "a service", "infrastructure": "infrastructure"}
    return f"{nouns.get(str(section), 'something')} of this name" if written else f"makes the job `{name}`"


RULE = Rule("NAME003", "name-taken", Severity.ERROR, _check)
