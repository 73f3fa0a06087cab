"""A file of somebody else where a generated one belongs.

It carries no signature, so Periplus did not write it and will not replace it. Nothing at all is written until that is
settled.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```text integration/README.md
# How we start the shop
```
Good:
```yaml
version: 1
name: shop
output: deployment
services:
  web:
    image: nginx:1.27
```
```text integration/README.md
# How we start the shop
```
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {
    "directory": "is a directory",
    "symlink": "is a symbolic link",
    "special": "is no regular file",
    "unreadable": "is no text",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("own.foreign"):
        path, kind = posixpath.join(defect.facts["output"], defect.facts["path"]), defect.facts["kind"]
        overwrite = (
            f";\n`periplus compile --overwrite {path}` saves its text beside it first"
            if kind in {"file", "unreadable"}
            else ""
        )
        yield Finding(
            subject=f"{path}/foreign",
            message=f"`{path}` is to be generated, but what stands there {_WORDS.get(kind, 'is not from Periplus')}",
            labels=(Label(defect.at, "in the way"),),
            help=f"move it away, or generate elsewhere with `output`{overwrite}",
        )


RULE = Rule("OWN002", "foreign", Severity.ERROR, _check)
