"""A value that its key does not take.

Some keys take one of a few words, others a text of a certain form: a port, a duration with its unit, a path that starts
with `/`. A value is its text: `5` is not `5s`, and `yes` is not `true`.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    healthcheck:
      command: test -f /run/nginx.pid
      interval: 5
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    healthcheck:
      command: test -f /run/nginx.pid
      interval: 5s
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.compose_words import of_value
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.bad-value"):
        closest, advice = defect.facts["closest"], of_value(defect.facts["got"], defect.facts["accepted"])
        yield Finding(
            subject=defect.facts["subject"],
            message=f"{_problem(defect.facts)}; it must be {defect.facts['accepted']}",
            labels=(Label(defect.at, "not accepted"),),
            help=advice or (f"did you mean `{closest}`?" if closest else ""),
            fix=None if advice else instead(defect.at, defect.facts["got"], defect.facts["surely"]),
        )


def _problem(facts: Mapping[str, str]) -> str:
    if facts["part"] == "key":
        return f"`{facts['where']}` has the key `{facts['got']}`"
    return f"`{facts['where']}` is `{facts['got']}`" if facts["got"] else f"`{facts['where']}` is empty"


RULE = Rule("SCHEMA003", "bad-value", Severity.ERROR, _check)
