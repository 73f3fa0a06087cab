"""The manifest has the marks of a merge conflict.

Two branches changed the same lines, and git left both sides for a person to choose from: nothing can be compiled until
that is done. Write what the manifest is to say and remove the three marked lines; then one `periplus compile` makes
every generated file right, and the lock, too.

Bad:
```yaml
version: 1
name: shop
services:
  web:
<<<<<<< HEAD
    image: nginx:1.27
=======
    image: nginx:1.28
>>>>>>> upgrade
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.28
```
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for number, defect in enumerate(context.of("yaml.conflict")):
        ends = [Label(place, "and end here") for place in defect.related if place != defect.at]
        yield Finding(
            subject=f"yaml/conflict/{number}",
            message="the marks of a merge conflict",
            labels=(Label(defect.at, "two sides begin here" if ends else "left over"), *ends),
            help="write what the manifest is to say, remove the marked lines, then compile:\n"
            "that makes the generated files and the lock right, too",
        )


RULE = Rule("YAML007", "conflict", Severity.ERROR, _check)
