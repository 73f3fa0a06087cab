"""A key that the manifest does not have.

No key is accepted and ignored: a misspelt one would silently change nothing. Where a key stands one level too high,
the message says where it belongs; Compose's own service keys stand under `compose`, and those that are not listed
there go into `docker-compose.local.yml`.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    enviroment:
      LOG_LEVEL: debug
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      LOG_LEVEL: debug
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.compose_words import of_key
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.unknown-key"):
        facts = defect.facts
        place = f"`{facts['where']}`" if facts["where"] else "the manifest"
        yield Finding(
            subject=facts["subject"],
            message=f"unknown key `{facts['key']}` in {place}",
            labels=(Label(defect.at, "not a key of the manifest"),),
            help=_help(facts),
            fix=None if _advice(facts) else instead(defect.at, facts["key"], facts["surely"], "key"),
        )


def _help(facts: Mapping[str, str]) -> str:
    if facts["manifest_only"] == "true":
        return f"a fragment has no `{facts['key']}`: write it in the manifest that includes the fragment"
    if _advice(facts):
        return _advice(facts)
    if facts["closest"]:
        return f"did you mean `{facts['closest']}`?"
    if facts["inside"]:
        return f"`{facts['key']}` is a key of {listed(facts['inside'].split(', '))}: write it there"
    accepted = ", ".join(f"`{key}`" for key in facts["accepted"].split(", "))
    return f"accepted here: {accepted}"


def _advice(facts: Mapping[str, str]) -> str:
    return of_key(facts["key"], facts["where"])


RULE = Rule("SCHEMA001", "unknown-key", Severity.ERROR, _check)
