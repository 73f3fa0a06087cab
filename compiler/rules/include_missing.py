"""A fragment that is not there.

`include` names fragments, relative to the file it is written in; `*` stands for any name. A pattern that matches
nothing is a mistake, too: it was meant to.

Bad:
```yaml
version: 1
name: shop
include:
  - web/fragmnt.yaml
```
```yaml web/fragment.yaml
services:
  web:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
include:
  - web/fragment.yaml
```
```yaml web/fragment.yaml
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.text.unread import is_unread

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("include.missing"):
        pattern = defect.facts["pattern"]
        wild = any(character in pattern for character in "*?[")
        yield Finding(
            subject=f"include/{pattern}",
            message=_message(pattern, is_wild=wild),
            labels=(Label(defect.at, "nothing to include"),),
            help="paths are relative to the file they are written in",
        )


def _message(pattern: str, *, is_wild: bool) -> str:
    if is_unread(pattern):
        return f"`{pattern}` is never read: it is of git, or of secrets"
    return f"`{pattern}` matches no file" if is_wild else f"the fragment `{pattern}` is not there"


RULE = Rule("INCLUDE001", "missing-fragment", Severity.ERROR, _check)
