"""A command that begins with a word of Compose.

In a Compose file the test of a health check begins with `CMD`, `CMD-SHELL` or `NONE`. Here `command` is the command
itself: a list is run as it stands, a text is given to the image's shell. There is no program of that name.

Bad:
```yaml
version: 1
name: shop
services:
  worker:
    image: python:3.12
    healthcheck:
      command:
        - CMD-SHELL
        - pgrep python || exit 1
```
Good:
```yaml
version: 1
name: shop
services:
  worker:
    image: python:3.12
    healthcheck:
      command: pgrep python || exit 1
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator


_HELP = {
    "CMD": "leave `CMD` out: a list is run as it stands",
    "CMD-SHELL": "leave `CMD-SHELL` out, and write the rest as one text: it is given to the shell",
    "NONE": "write `probe: none` instead of `command`",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.compose-word"):
        unit, word = defect.facts["unit"], defect.facts["word"]
        yield Finding(
            subject=f"{unit}/healthcheck/command",
            message=f"`{word}` is a word of Compose, and no program: the health check of `{unit}` can never succeed",
            labels=(Label(first_word(defect.at), f"begins with `{word}`"),),
            help=_HELP[word],
        )


RULE = Rule("HEALTH014", "compose-word", Severity.ERROR, _check)
