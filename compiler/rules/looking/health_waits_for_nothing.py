"""Waiting until something is healthy that has no health check.

It would never be healthy, and the start would fail after its time is up. Without a written `condition`, a service waits
for `healthy` where there is a check and for `started` where there is none. For an external service, which is not
started here, nothing can wait at all.

Bad:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
  web:
    image: nginx:1.27
    depends_on:
      api:
        condition: healthy
```
Good:
```yaml
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    healthcheck:
      command: test -f /run/nginx.pid
  web:
    image: nginx:1.27
    depends_on:
      api:
        condition: healthy
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Manifest

_ENDS = regex(r"(?:^|-)(?:migrat\w*|init|seed|setup)(?:-|$)")
"""Names of services that are jobs."""
_WAITS = frozenset({"healthy", "started"})


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.waits-for-nothing"):
        source, target = defect.facts["source"], defect.facts["target"]
        yield Finding(
            subject=f"{source}/depends_on/{target}",
            message=f"`{source}` waits until `{target}` is healthy, but `{target}` has no health check",
            labels=(
                Label(defect.at, "never comes true"),
                *(Label(at, "has no health check", "key") for at in defect.related),
            ),
            help=_help(source, target),
        )
    yield from _waits_for_external(context.manifest)


def _help(source: str, target: str) -> str:
    """What would be right; what ends, as its name says, is never healthy and never done."""
    if _ENDS.search(target):
        return (
            f"if `{target}` ends when its work is done, write its command under `migrate` of `{source}`, which waits "
            f"for that; else add a `healthcheck` to `{target}`"
        )
    return f"add a `healthcheck` to `{target}`, or wait with `condition: started`"


def _waits_for_external(manifest: Manifest | None) -> Iterator[Finding]:
    """A written wait for a service that is not started here."""
    for service in manifest.services.values() if manifest else ():
        for target, dependency in service.depends_on.items():
            other = manifest.services.get(target) if manifest else None
            if other is not None and other.url and dependency.condition in _WAITS:
                yield Finding(
                    subject=f"{service.name}/depends_on/{target}",
                    message=f"`{service.name}` waits for `{target}`, which is external: nothing is started",
                    labels=(
                        Label((*dependency.at, "condition"), "never comes true"),
                        Label((*other.at, "url"), "an external service", "key"),
                    ),
                    help="remove `condition`",
                )


RULE = Rule("HEALTH001", "waits-for-nothing", Severity.ERROR, _check)
