"""A command whose quotes do not match.

A command that is one text is split into words as a POSIX shell does it, but no shell runs it: no variables, no pipes,
no `&&`. For those, write a list: `sh`, `-c`, and the script.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    command: nginx -g 'daemon off;
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    command: nginx -g 'daemon off;'
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import spelled, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_REASONS = {
    "no closing quotation": "a quote is never closed",
    "no escaped character": "it ends with a backslash that escapes nothing",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("text.unbalanced"):
        reason = defect.facts["reason"]
        yield Finding(
            subject=subject_of(defect.at),
            message=f"`{spelled(defect.at)}` cannot be split into words: {_REASONS.get(reason, reason)}",
            labels=(Label(defect.at, "not balanced"),),
            help="close it, or write the command as a list, one word a line",
        )


RULE = Rule("REF005", "unbalanced-text", Severity.ERROR, _check)
