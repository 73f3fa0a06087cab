"""A path that leaves the repository.

What is generated must be the same for everybody who has the repository, so it cannot depend on a file outside it: no
absolute path, no home directory, no `..` beyond the folder with `.git`. The output lies below the manifest's own
folder.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - /etc/shop:/etc/shop:ro
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    volumes:
      - ./config:/etc/shop:ro
```
```text config/shop.conf
colour = blue
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
    for defect in context.of("path.outside"):
        path = defect.facts["path"]
        if defect.at == ("output",):
            message = f"`output` is `{path}`; it must be a folder of its own below the manifest's"
            advice = "leave `output` out for `integration`"
        else:
            message = f"`{path}` {_reason(path)}"
            advice = "write a path inside the repository, relative to the file it is written in"
        yield Finding(subject_of(defect.at), message, (Label(defect.at, "outside the repository"),), advice)


def _reason(path: str) -> str:
    if path.startswith("~"):
        return "is below a home directory, which differs from person to person"
    if path.startswith("/"):
        return "is an absolute path, which differs from machine to machine"
    return "leads out of the repository"


RULE = Rule("PATH001", "outside", Severity.ERROR, _check)
