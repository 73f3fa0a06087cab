"""The port registry is not there, or is no registry.

`ports.registry` names a JSON file of the repository, relative to the manifest, in which `allocations` maps each host
port to its owner, each port once. Without it Periplus could hand out a port that belongs to another project.

`periplus ports claim` makes a registry that is missing. A registry is shared, so nobody mends one but a person: what
cannot be read is never written over.

Bad:
```yaml
version: 1
name: shop
ports:
  registry: PORT_REGISTRY.json
services:
  web:
    image: nginx:1.27
    port: 80
```
Good:
```yaml
version: 1
name: shop
ports:
  registry: PORT_REGISTRY.json
services:
  web:
    image: nginx:1.27
    port: 80
```
```json PORT_REGISTRY.json
{"allocations": {"8091": "bank/web"}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.finding import Defect

_FORM = '`{"allocations": {}}`'


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("registry.missing"):
        path = defect.facts["path"]
        message = f"the port registry `{path}` is not there"
        advice = "correct the path, relative to the manifest, or let `periplus ports claim` begin the file"
        yield _finding(defect, message, "no such file in the repository", advice)
    for defect in context.of("registry.unreadable"):
        path = defect.facts["path"]
        message = f"the port registry `{path}` is no JSON with `allocations`, each a port number and its owner"
        yield _finding(defect, message, "not a registry", f"an empty registry is {_FORM}")
    for defect in context.of("registry.conflict"):
        message = f"the port registry `{defect.facts['path']}` has the marks of a merge conflict"
        advice = "keep the entries of both sides; where both gave away one port, keep one of the two,\n"
        advice += "and `periplus ports claim` finds another port for the project that lost it"
        yield _finding(defect, message, "two sides", advice)
    for defect in context.of("registry.twice"):
        path, what = defect.facts["path"], defect.facts["what"]
        advice = "keep one of the two; `periplus ports claim` finds another port for the project that loses it"
        yield _finding(defect, f"the port registry `{path}` has `{what}` twice", "said again", advice)
    for defect in context.of("registry.port"):
        path, what = defect.facts["path"], defect.facts["what"]
        message = f"the port registry `{path}` has an entry for `{what}`, which is no port"
        yield _finding(defect, message, "not a port", 'a port is a number from 1 to 65535: `"8091"`')


def _finding(defect: Defect, message: str, label: str, advice: str) -> Finding:
    labels = (Label(defect.at, label), *(Label(at, "said first") for at in defect.related))
    return Finding("ports/registry", message, labels, advice)


RULE = Rule("PORT007", "registry", Severity.ERROR, _check)
