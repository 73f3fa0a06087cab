"""A file of somebody else where a generated one belongs.

It carries no signature, so Periplus did not write it and will not replace it. Nothing at all is written until that is
settled. A file that says it was generated, but has no signature, was kept once (`periplus keep`), and neither the lock
nor a base below `.periplus/base/` says so any more: it holds a person's edits. What stands where a folder should be is
told once, whatever was to be generated there.

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
from compiler.model.source import Place
from compiler.rules.rule import Context, Rule
from compiler.rules.words import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.finding import Defect

_WORDS = {
    "directory": "is a directory",
    "symlink": "is a symbolic link",
    "special": "is no regular file",
    "unreadable": "is no text",
}


def _check(context: Context) -> Iterator[Finding]:
    in_the_way: dict[str, Defect] = {}
    for defect in context.of("own.foreign"):
        path, kind = path_of(defect), defect.facts["kind"]
        if defect.facts["above"]:
            in_the_way.setdefault(path_of(defect, "above"), defect)
            continue
        if kind == "file" and defect.facts["manifest"]:
            yield _forgotten(defect, path)
            continue
        overwrite = (
            f";\n`periplus compile --overwrite {path}` saves what it holds beside it first"
            if kind in {"file", "unreadable"}
            else ""
        )
        yield Finding(
            subject=f"{path}/foreign",
            message=f"`{path}` is to be generated, but what stands there {_WORDS.get(kind, 'is not from Periplus')}",
            labels=(Label(defect.at, "in the way"),),
            help=f"move it away, or generate elsewhere with `output`{overwrite}",
        )
    yield from (_above(path, defect) for path, defect in in_the_way.items())


def _above(path: str, defect: Defect) -> Finding:
    """What stands where a folder should be, told once."""
    what = "a symbolic link" if defect.facts["kind"] == "symlink" else "no folder"
    path = posixpath.normpath(path)
    return Finding(
        subject=f"{path}/foreign",
        message=f"`{path}` is to be a folder of generated files, but what stands there is {what}",
        labels=(Label(Place(path, line=1), "in the way"),),
        help="move it away, or generate elsewhere with `output`",
    )


def _forgotten(defect: Defect, path: str) -> Finding:
    """A kept file that nothing tells to be one any more."""
    base = path_of(defect, "base")
    return Finding(
        subject=f"{path}/foreign",
        message=f"`{path}` says that it is generated from `{defect.facts['manifest']}`, but has no signature: it looks "
        "like a kept file, and neither the lock nor a base says that it is one",
        labels=(Label(defect.at, "kept once"),),
        help=f"restore its base from git, so that it is kept again: `git checkout -- {base}`;\n"
        f"or `periplus compile --overwrite {path}` saves your text beside it and generates the file:\n"
        f"then `periplus keep {path}`, and bring your lines back",
    )


RULE = Rule("OWN002", "foreign", Severity.ERROR, _check)
