"""The port registry is not there, or is no registry.

`ports.registry` names a JSON file, relative to the manifest, in which `allocations` maps each host port to its owner.
Without it Periplus could hand out a port that belongs to another project.

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

_FORM = '`{"allocations": {}}`'


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("registry.missing"):
        path = defect.facts["path"]
        message = f"the port registry `{path}` is not there"
        advice = f"correct the path, relative to the manifest, or begin the file with {_FORM}"
        yield Finding("ports/registry", message, (Label(defect.at, "no such file"),), advice)
    for defect in context.of("registry.unreadable"):
        path = defect.facts["path"]
        message = f"the port registry `{path}` is no JSON with `allocations`, each a port number and its owner"
        advice = f"an empty registry is {_FORM}"
        yield Finding("ports/registry", message, (Label(defect.at, "not a registry"),), advice)


RULE = Rule("PORT007", "registry", Severity.ERROR, _check)
