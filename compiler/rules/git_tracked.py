"""A file of secrets that git tracks.

`.env` holds what nobody else may see, and what git tracks everybody sees who has the repository, for ever. Take it
out of the index, and change every secret that was ever committed. `periplus lint` asks git; `compile` never does.
Below, `:integration/.env` is the file in git's index.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```text :integration/.env
SESSION_KEY=
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```text :integration/.env.example
SESSION_KEY=
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("git.tracked"):
        path = path_of(defect)
        yield Finding(
            subject=f"{path}/tracked",
            message=f"git tracks `{path}`, which holds secrets",
            labels=(Label(defect.at, "tracked"),),
            help=f"`git rm --cached {path}`, and change every secret that stands in its history",
        )


RULE = Rule("GIT001", "tracked-secrets", Severity.WARNING, _check)
