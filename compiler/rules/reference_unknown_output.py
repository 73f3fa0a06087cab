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

from compiler.model.finding import Defect, Finding, Fix, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, referring, surely, there_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from compiler.model.manifest import Manifest

_OF_PORTS = frozenset({"url", "port", "address", "public_url"})
_HABITS = {"uri": "url"}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("reference.unknown-output"):
        facts = defect.facts
        output = facts["reference"].removeprefix(f"{facts['name']}.")
        yield Finding(
            subject=f"{facts['source']}/{facts['reference']}",
            message=f"`{facts['name']}` has no `{output}` to refer to",
            labels=(Label(defect.at, "no such output", within=f"${{{facts['reference']}}}"),),
            help=_port_help(facts["name"], output, context.manifest) or _help(facts),
            fix=_fix(defect, context.manifest),
        )


def _port_help(name: str, output: str, manifest: Manifest | None) -> str:
    service = manifest.services.get(name) if manifest else None
    if service is None or service.url or output not in _OF_PORTS:
        return ""
    if not service.ports:
        return f"`{name}` has no port: add `port`, such as `port: 8000`"
    return f"the port of `{name}` is internal: without `internal:` it is published and has a `public_url`"


def _help(facts: Mapping[str, str]) -> str:
    close = _meant(facts, closest)
    if close:
        return f"did you mean `${{{facts['name']}.{close}}}`?"
    return there_is(f"${{{each}}}" for each in facts["accepted"].split(", "))


def _fix(defect: Defect, manifest: Manifest | None) -> Fix | None:
    name, reference = defect.facts["name"], defect.facts["reference"]
    if _port_help(name, reference.removeprefix(f"{name}."), manifest):
        return None
    close = _meant(defect.facts, surely)
    return referring(defect.at, reference, close and f"{name}.{close}")


def _meant(facts: Mapping[str, str], how: Callable[[str, str], str]) -> str:
    """Which of the outputs was meant: what habit writes for it, or what is like it."""
    name = f"{facts['name']}."
    *parts, last = facts["reference"].removeprefix(name).split(".")
    output = ".".join((*parts, _HABITS.get(last, last)))
    known = [each.removeprefix(name) for each in facts["accepted"].split(", ")]
    return output if output in known else how(output, ", ".join(known))


RULE = Rule("REF002", "unknown-output", Severity.ERROR, _check)
