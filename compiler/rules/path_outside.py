"""A path that leaves the repository.

What is generated must be the same for everybody who has the repository, so it cannot depend on a file outside it: no
absolute path, no home directory, no `..` beyond the folder with `.git`. The output lies below the manifest's own
folder, and not where CI, editors and package managers look for what they run: not in `node_modules`, nor in a folder
whose name begins with a dot. What is of git, or of secrets (`.env`, `.env.local`; not `.env.example`), is never read.

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
from compiler.model.source import Place
from compiler.rules.rule import Context, Rule
from compiler.rules.words import subject_of
from compiler.text.unread import is_searched, is_unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.finding import Defect
    from compiler.model.source import Route

_INSIDE = "write a path inside the repository, relative to the file it is written in"
_LOCAL = "what must come from this machine goes in `docker-compose.local.yml`"


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("path.outside"):
        path = defect.facts["path"]
        if defect.at == ("output",):
            message = f"`output` is `{path}`; it must be a folder of its own below the manifest's"
            if is_searched(path):
                message = f"`output` is `{path}`, where programs look for what they run: nothing is generated there"
            advice = "leave `output` out for `integration`"
        else:
            message = (
                f"`{path}` {'is never read: it is of git, or of secrets' if _is_unread(defect) else _reason(path)}"
            )
            advice = f"{_INSIDE}; {_LOCAL}" if _is_mounted(defect.at, path) else _INSIDE
        yield Finding(subject_of(defect.at), message, (Label(defect.at, _label(defect)),), advice)


def _is_mounted(at: Route | Place, path: str) -> bool:
    """Whether it is a path of the machine that a container would see."""
    route = at.route if isinstance(at, Place) else at
    return path.startswith(("/", "~")) and "volumes" in route


def _label(defect: Defect) -> str:
    path = defect.facts["path"]
    if defect.at == ("output",) and is_searched(path):
        return "not a folder for this"
    return "never read" if _is_unread(defect) else "outside the repository"


def _is_unread(defect: Defect) -> bool:
    """Whether it is the registry that is never read; any other path here leads out, whatever it is called."""
    return defect.at == ("ports", "registry") and is_unread(defect.facts["path"])


def _reason(path: str) -> str:
    if path.startswith("~"):
        return "is below a home directory, which differs from person to person"
    if path.startswith("/"):
        return "is an absolute path, which differs from machine to machine"
    return "leads out of the repository"


RULE = Rule("PATH001", "outside", Severity.ERROR, _check)
