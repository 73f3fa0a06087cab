"""A reference in a setting that is passed through to Compose.

What stands under `compose:` is written into the Compose file as it stands: Compose fills in `${VARIABLE}`, and knows
neither `${name.output}` nor `${secrets.NAME}`. A secret can be named as the variable that it is. Give an output of a
service to the container by `environment`, which is also what makes the two wait for each other.

Bad:
```yaml
version: 1
name: shop
secrets:
  API_KEY: generated
services:
  web:
    image: nginx:1.27
    environment:
      API_KEY: ${secrets.API_KEY}
    compose:
      labels:
        shop.key: ${secrets.API_KEY}
```
Good:
```yaml
version: 1
name: shop
secrets:
  API_KEY: generated
services:
  web:
    image: nginx:1.27
    environment:
      API_KEY: ${secrets.API_KEY}
    compose:
      labels:
        shop.key: ${API_KEY}
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
    for defect in context.of("text.passed-through"):
        text = defect.facts["text"]
        variable = text.removeprefix("${secrets.").removesuffix("}")
        way = f"write `${{{variable}}}`" if text.startswith("${secrets.") else "give it to the service by `environment`"
        yield Finding(
            subject=subject_of(defect.at),
            message=f"`{text}` cannot stand under `compose`, which is passed through as it stands",
            labels=(Label(defect.at, "Compose does not know this", within=text),),
            help=way,
        )


RULE = Rule("REF006", "passed-through", Severity.ERROR, _check)
