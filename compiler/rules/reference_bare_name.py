"""A variable, or plain text, that looks like a reference.

A reference has a dot and stands in braces: `${stock.url}`. `${stock}` and `${stock_url}` are variables of the
environment file, which somebody would have to give by hand, and `$stock.url` reaches the program as it stands. A
variable that is meant is written in capitals, or with a default.

Bad:
```yaml
version: 1
name: shop
services:
  stock:
    image: shop/stock:1.4
    port: internal:8000
  web:
    image: nginx:1.27
    environment:
      STOCK_URL: ${stock_url}
```
Good:
```yaml
version: 1
name: shop
services:
  stock:
    image: shop/stock:1.4
    port: internal:8000
  web:
    image: nginx:1.27
    environment:
      STOCK_URL: ${stock.url}
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
    for defect in context.of("reference.bare-name"):
        text, name, output = (defect.facts[key] for key in ("text", "name", "output"))
        is_variable = text.startswith("${")
        what = "is a variable" if is_variable else "is plain text"
        yield Finding(
            subject=f"{subject_of(defect.at)}/text",
            message=f"`{text}` {what}, and does not refer to `{name}`",
            labels=(Label(defect.at, "no reference", within=text),),
            help=f"did you mean `${{{name}.{output}}}`?"
            + (" else write the variable in capitals" if is_variable else ""),
        )


RULE = Rule("REF008", "bare-name", Severity.WARNING, _check)
