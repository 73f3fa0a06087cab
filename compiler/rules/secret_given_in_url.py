"""A secret that a person gives, in a URL.

Nothing can encode what stands in `.env` while it is put into a URL, so `start.sh` refuses a value with other
characters than letters, digits and `. _ ~ -`. A password that somebody else chose may have them. Give it in a
variable of its own where the program takes that; what is `generated` is always safe.

Bad:
```yaml
version: 1
name: shop
secrets:
  MAIL_PASSWORD: required
services:
  web:
    image: nginx:1.27
    environment:
      MAIL_URL: smtp://shop:${secrets.MAIL_PASSWORD}@mail.example:587
```
Good:
```yaml
version: 1
name: shop
secrets:
  MAIL_PASSWORD: required
services:
  web:
    image: nginx:1.27
    environment:
      MAIL_URL: smtp://mail.example:587
      MAIL_PASSWORD: ${secrets.MAIL_PASSWORD}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("secret.given-in-url"):
        name, users = defect.facts["name"], defect.facts["users"].split(", ")
        yield Finding(
            subject=f"{name}/url",
            message=f"`{name}` stands in a URL of {listed(users)}: letters, digits and `. _ ~ -` alone are safe there",
            labels=(Label(defect.at, "given by a person", "key"),),
            help="where its characters cannot be chosen, give it to the program in a variable of its own",
        )


RULE = Rule("SECRET005", "given-in-url", Severity.NOTE, _check)
