"""The lock has entries that make no sense.

The lock is written by Periplus and by nobody else: a port is a number up to 65535, a version is one word, and what is
kept is a generated file of the output directory. An entry of any other shape, or under a key that Periplus does not
know, counts for nothing and never leads to a path outside; of an entry that is there twice the last one counts.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{
  "format": 1,
  "periplus": "0.1.0",
  "ports": {
    "web": 80000
  },
  "versions": {},
  "kept": [
    "../secrets.txt"
  ]
}
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
```json integration.lock.json
{"format": 1, "periplus": "0.1.0", "ports": {}, "versions": {}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.source import Place
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


_MOST = 5
_WIDTH = 60


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lock.entry"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        yield Finding(
            subject=f"{path}/senseless",
            message=f"the lock `{path}` has entries that make no sense: {_listed(defect.facts['entries'])}",
            labels=(Label(defect.at, "counts for nothing"),),
            help="`periplus compile` writes the lock without them",
        )
    for defect in context.of("lock.repeated"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        yield Finding(
            subject=f"{path}/repeated",
            message=f"the lock `{path}` has entries more than once: {_listed(defect.facts['entries'])}",
            labels=(Label(defect.at, "only the last one counts"),),
            help="`periplus compile` writes the lock with each of them once",
        )
    for defect in context.of("lock.kept"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        output = defect.facts["output"]
        yield Finding(
            subject=f"{path}/kept",
            message=f"the lock `{path}` lists as kept what is no generated file of `{output}`, or cannot be kept: "
            f"{_listed(defect.facts['entries'])}",
            labels=(Label(defect.at, "counts for nothing"),),
            help="`periplus compile` writes the lock without it",
        )


def _listed(entries: str) -> str:
    names = [f"`{entry[:_WIDTH]}`".replace("``", "`(empty)`") for entry in entries.split("\n")]
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


RULE = Rule("LOCK005", "senseless", Severity.WARNING, _check)
