"""A health check that any answer satisfies.

curl ends with 0 as soon as a server answers, be it with 500: the service is healthy while it tells that it is not. With
`-f` it ends with 22 for a status of 400 and more. Nothing is said where the answer is looked at.

Bad:
```yaml
version: 1
name: shop
services:
  search:
    image: opensearchproject/opensearch:2.19.1
    healthcheck:
      command: curl -s http://127.0.0.1:9200/_cluster/health > /dev/null || exit 1
```
Good:
```yaml
version: 1
name: shop
services:
  search:
    image: opensearchproject/opensearch:2.19.1
    healthcheck:
      command: curl -fs http://127.0.0.1:9200/_cluster/health > /dev/null || exit 1
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.any-status"):
        unit = defect.facts["unit"]
        yield Finding(
            subject=f"{unit}/healthcheck",
            message=f"the health check of `{unit}` is content with any answer: curl without `-f` ends with 0 for a 500",
            labels=(Label(first_word(defect.at), "no `-f`"),),
            help="add `-f`: `curl -fsS …`",
        )


RULE = Rule("HEALTH010", "any-status", Severity.WARNING, _check)
