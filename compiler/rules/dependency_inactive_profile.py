"""A service that needs another which its profile leaves out.

A service with `profiles` starts only when one of them is asked for. A service that needs it must then start under the
same profiles only, or the start fails. If it can do without, say `required: false`.

Bad:
```yaml
version: 1
name: shop
services:
  mailer:
    image: nginx:1.27
    profiles:
      - mail
  web:
    image: nginx:1.27
    depends_on:
      mailer:
```
Good:
```yaml
version: 1
name: shop
services:
  mailer:
    image: nginx:1.27
    profiles:
      - mail
  web:
    image: nginx:1.27
    depends_on:
      mailer:
        required: false
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("dependency.inactive-profile"):
        source, target, profile = (defect.facts[key] for key in ("source", "target", "profile"))
        when = f"starts in the profile `{profile}`" if profile else "always starts"
        otherwise = "does not" if profile else "starts only when it is asked for"
        yield Finding(
            subject=f"{source}/depends_on/{target}",
            message=f"`{source}` {when}, but `{target}`, which it needs, {otherwise}",
            labels=(
                Label(defect.at, f"needs `{target}`", "key"),
                *(Label((*at, "profiles"), "its profiles") for at in defect.related),
            ),
            help=f"give both the same `profiles`, or write `required: false` under `depends_on`, `{target}`",
        )


RULE = Rule("DEP005", "inactive-profile", Severity.ERROR, _check)
