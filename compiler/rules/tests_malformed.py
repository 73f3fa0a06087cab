r"""A test that is no request.

A test is `METHOD target /path`, with the expected status if it is not 200, in plain spaces. In a path, blanks and other
characters that URLs do not have are written with `%`: `%20`.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  api:
    - "GET web /health\_page"
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  api:
    - GET web /health%20page
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
    for defect in context.of("test.malformed"):
        text = defect.facts["text"]
        odd = next((f"U+{ord(character):04X}" for character in text if character.isspace() and character != " "), "")
        yield Finding(
            subject=subject_of(defect.at),
            message=f"this test is no request{f': it has the blank character {odd}' if odd else ''}",
            labels=(Label(defect.at, "cannot be read"),),
            help="write `METHOD target /path`, and the status if it is not 200: `POST web /items 201`",
        )


RULE = Rule("TEST002", "malformed-test", Severity.ERROR, _check)
