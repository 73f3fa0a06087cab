"""An image that means something else tomorrow.

Without a tag it is `latest`, and what that is changes whenever somebody publishes: two people, or the same machine a
week later, run different programs, and nothing in the repository says so. The same goes for tags such as `stable`,
`alpine` or `main`. A tag with a number in it, the name of a release of Debian or Ubuntu, or a digest stays put.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:latest
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("image.floating"):
        unit, image, tag = (defect.facts[key] for key in ("unit", "image", "tag"))
        reason = f"its tag `{tag}` moves" if tag else "without a tag it is `latest`"
        yield Finding(
            subject=f"{unit}/image",
            message=f"`{unit}` runs `{image}`, which means something else tomorrow: {reason}",
            labels=(Label(defect.at, "not always the same image"),),
            help="write the version that is meant, such as `nginx:1.28`",
        )


RULE = Rule("IMAGE002", "floating-image", Severity.WARNING, _check)
