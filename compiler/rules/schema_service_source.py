"""A service that does not say where it comes from, or says it twice.

Exactly one of three keys says it: `build`, a folder with a Dockerfile; `image`, an image that exists; `url`, an
external service that is only called.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    role: Web shop
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    role: Web shop
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.one-of"):
        where, found = defect.facts["where"], defect.facts["found"]
        if found:
            written = " and ".join(f"`{key}`" for key in found.split(", "))
            message = f"`{where}` has {written}; only one of them can say where the service comes from"
            labels = tuple(
                Label(place, "also here" if number else "said here") for number, place in enumerate(defect.related)
            )
            advice = "remove all of them but one"
        else:
            message = f"`{where}` does not say where the service comes from"
            labels = (Label(defect.at, "no `build`, `image` or `url`"),)
            advice = (
                "add `build` (a folder with a Dockerfile), `image` (one that exists) or `url` (an external service)"
            )
        meant = defect.facts.get("closest")
        advice = f"did you mean `{meant}`? else {advice}" if meant else advice
        fix = instead(defect.at, where.rpartition(".")[2], defect.facts.get("surely", ""), "key")
        yield Finding(subject=defect.facts["subject"], message=message, labels=labels, help=advice, fix=fix)


RULE = Rule("SCHEMA005", "service-source", Severity.ERROR, _check)
