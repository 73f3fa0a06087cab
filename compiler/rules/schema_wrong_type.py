"""A list, a mapping or a text where the manifest has another of the three.

Environment variables are the usual case: Compose takes a list of `NAME=value` too, a manifest takes only the mapping,
so that a default and an environment can replace one variable by its name.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      - LOG_LEVEL=debug
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      LOG_LEVEL: debug
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HELP = {
    "a mapping": "write `key: value` lines, indented under the key",
    "a list": "write each entry on its own line, indented, after `- `",
}
_SHAPES = {
    "depends_on": "write each on a line of its own, indented, ending in a colon: `{name}:`",
    "databases": "write each on a line of its own, indented, ending in a colon: `shop:`",
    "topics": "write each on a line of its own, indented, ending in a colon: `orders:`",
    "environment": "write each variable on a line of its own, indented: `LOG_LEVEL: info`",
    "ports": "give each port a name, `http: 8080:80`; or write the only one as `port: 8080:80`",
    "secrets": "write each secret on a line of its own, indented: `SESSION_KEY: generated`",
    "services": "write the name of each service on a line of its own, indented, ending in a colon: `web:`",
}
_DEPENDENCY = (
    "end the line in a colon, `{name}:`; what more there is to say stands below it, such as `condition: started`"
)


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("schema.wrong-type"):
        expected, got = defect.facts["expected"], defect.facts["got"]
        name = f"`{defect.facts['where']}`" if defect.facts["where"] else "the manifest"
        yield Finding(
            subject=defect.facts["subject"],
            message=f"{name} is {'empty' if got == 'nothing' else got}; it must be {expected}",
            labels=(Label(defect.at, f"{got} here"),),
            help=_help(defect.facts),
        )


def _help(facts: Mapping[str, str]) -> str:
    """An example says more than the form; the ports of the manifest are no ports of a service."""
    *above, last = facts["where"].split(".")
    if facts["expected"] != "a mapping":
        return _HELP.get(facts["expected"], "")
    if above[-1:] == ["depends_on"]:
        return _DEPENDENCY.format(name=last)
    if last == "ports" and "services" not in above:
        return "write `range: 8000-8999`, indented under the key"
    return _SHAPES.get(last, _HELP["a mapping"]).format(name=facts.get("name", "api"))


RULE = Rule("SCHEMA002", "wrong-type", Severity.ERROR, _check)
