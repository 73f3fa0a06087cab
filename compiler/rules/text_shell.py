"""A command for a shell, where no shell runs.

A command that is one text is split into words as a POSIX shell splits them, and run as it is: `&&`, `|`, `;` and `>`
would be handed to the program as words. Where a shell is needed, say so: a list of `sh`, `-c` and the script.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    command: cd /app && run
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    command:
      - sh
      - -c
      - cd /app && run
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
    for defect in context.of("text.shell"):
        yield Finding(
            subject=subject_of(defect.at),
            message=f"`{defect.facts['operator']}` means nothing here: no shell runs this command",
            labels=(Label(defect.at, "split into words, and run as it is"),),
            help="write a list: `sh`, `-c`, and the whole text as one word",
        )


RULE = Rule("REF007", "shell", Severity.ERROR, _check)
