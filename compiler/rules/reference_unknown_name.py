"""A reference to a name that nobody has.

`${name.output}` takes a value from a service, from infrastructure or from the gateway. A variable of the environment
file has no dot: `${LOG_LEVEL}`.

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
      REDIS_URL: ${cahce.url}
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
from compiler.rules.misdeclared import uses_of
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, is_misnamed, meant, referring, surely

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SECTIONS = frozenset({"infrastructure", "service", "services"})


def _check(context: Context) -> Iterator[Finding]:
    uses = uses_of(context)
    for defect in context.of("reference.unknown-name"):
        facts = defect.facts
        if is_misnamed(context, facts["name"]):
            continue
        doubt = uses.misdeclared(facts["name"], closest(facts["name"], facts["accepted"]))
        yield Finding(
            subject=f"{facts['source']}/{facts['reference']}",
            message=f"`${{{facts['reference']}}}` refers to `{facts['name']}`, which is {_missing(facts['name'])}",
            labels=(
                Label(defect.at, f"there is no `{facts['name']}`", within=f"${{{facts['reference']}}}"),
                *((doubt[1],) if doubt else ()),
            ),
            help=doubt[0] if doubt else _help(facts),
            fix=None if doubt else _fix(defect),
        )


def _fix(defect: Defect) -> Fix | None:
    name, reference = defect.facts["name"], defect.facts["reference"]
    if name in {"gateway", "secrets"}:
        return None
    close = surely(name, defect.facts["accepted"])
    return referring(defect.at, reference, close and close + reference.removeprefix(name))


def _missing(name: str) -> str:
    return "not written in the manifest" if name == "gateway" else "neither a service nor infrastructure"


def _help(facts: Mapping[str, str]) -> str:
    if facts["name"] == "gateway":
        return "add `gateway` to the manifest, with `type: nginx`"
    if facts["name"] == "secrets":
        return "a secret is `${secrets.NAME}`, without anything further"
    intended = _intended(facts)
    if intended:
        return f"did you mean `${{{intended}}}`?"
    return meant(facts["name"], facts["accepted"], "add it under `services` or `infrastructure`")


def _intended(facts: Mapping[str, str]) -> str:
    """The reference without the section before it: `services.api.url` is `api.url`; empty for any other."""
    section, _, rest = facts["reference"].partition(".")
    if section == "secret" and rest and "." not in rest:
        return f"secrets.{rest}"
    is_known = rest.partition(".")[0] in facts["accepted"].split(", ") and "." in rest
    return rest if section in _SECTIONS and is_known else ""


RULE = Rule("REF001", "unknown-name", Severity.ERROR, _check)
