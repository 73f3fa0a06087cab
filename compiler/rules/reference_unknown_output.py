"""A reference to something that the service or infrastructure does not offer.

A service has `host`, and with a port `url`, `port`, `address`, and `public_url` where the port is published; each named
port has the same behind its name: `${web.admin.url}`. What infrastructure offers is declared by its kind, and each
database or topic adds its own: `${postgres.shop.url}`.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.uri}
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    environment:
      REDIS_URL: ${cache.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, there_is

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Manifest

_OF_PORTS = frozenset({"url", "port", "address", "public_url"})
_CLOSE = 0.75
"""The name is right, so much of the text is alike always."""


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("reference.unknown-output"):
        facts = defect.facts
        output = facts["reference"].removeprefix(f"{facts['name']}.")
        yield Finding(
            subject=f"{facts['source']}/{facts['reference']}",
            message=f"`{facts['name']}` has no `{output}` to refer to",
            labels=(Label(defect.at, "no such output"),),
            help=_port_help(facts["name"], output, context.manifest) or _help(facts),
        )


def _port_help(name: str, output: str, manifest: Manifest | None) -> str:
    service = manifest.services.get(name) if manifest else None
    if service is None or service.url or output not in _OF_PORTS:
        return ""
    if not service.ports:
        return f"`{name}` has no port: add `port`, such as `port: 8000`"
    return f"the port of `{name}` is internal: without `internal:` it is published and has a `public_url`"


def _help(facts: Mapping[str, str]) -> str:
    close = closest(facts["reference"], facts["accepted"], _CLOSE)
    if close:
        return f"did you mean `${{{close}}}`?"
    return there_is(f"${{{each}}}" for each in facts["accepted"].split(", "))


RULE = Rule("REF002", "unknown-output", Severity.ERROR, _check)
