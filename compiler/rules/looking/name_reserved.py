"""A name that already means something else.

`gateway`, `secrets`, `env` and `default` have a meaning of their own in references and in the generated files. Servers
keep names for themselves, too: a PostgreSQL has a database `postgres` already, and making it again would hand the
server's own database to a service. The files `docker-compose.override.yml` and `docker-compose.local.yml` are taken, so
no environment is called `override` or `local`; the port `debug` of a service is its debugger's.

Bad:
```yaml
version: 1
name: shop
services:
  gateway:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
services:
  edge:
    image: nginx:1.27
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import listed, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compiler.model.manifest import Service

_WHY = {
    "gateway": "it is the reverse proxy that `gateway` describes",
    "secrets": "`${secrets.NAME}` refers to a secret",
    "env": "it is kept for the environment file",
    "default": "it is what Compose calls the project's own network",
}
_FILES = {"override": "the file of `dev`", "local": "yours"}
"""Environments whose file is another one's."""
_WRITTEN_DEPTH = 2
"""Steps to a name of ours, such as `services.web`; what a server has in it stands deeper."""


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("name.reserved"):
        name, route = defect.facts["name"], tuple(defect.at)
        is_of_server = len(route) > _WRITTEN_DEPTH
        why = f"`{route[1]}` keeps it for itself" if is_of_server else _WHY[name]
        is_key = route[-1] == name
        yield Finding(
            subject=f"{subject_of(defect.at)}/name",
            message=f"the name `{name}` is reserved: {why}",
            labels=(Label(defect.at, "reserved", "key" if is_key else "value"),),
            help=f"choose another name; reserved here: {listed(defect.facts['accepted'].split(', '))}",
        )
    yield from _debug_ports(context.own_services)
    yield from _environments(context)


def _debug_ports(services: Iterable[Service]) -> Iterator[Finding]:
    for service in services:
        if "debug" in service.ports:
            yield Finding(
                subject=f"{service.name}/ports/debug/name",
                message="the port name `debug` is reserved: it is the debugger's, which only `dev` publishes",
                labels=(Label((*service.at, "ports", "debug"), "reserved", "key"),),
                help="write it as `debug_port` under `develop`, or choose another name",
            )


def _environments(context: Context) -> Iterator[Finding]:
    name = context.plan.environment if context.plan else ""
    if name in _FILES:
        yield Finding(
            subject=f"{name}/name",
            message=f"the name `{name}` is reserved: `docker-compose.{name}.yml` is {_FILES[name]}",
            labels=(Label(("environments", name), "reserved", "key"),),
            help="choose another name for the environment",
        )


RULE = Rule("NAME002", "reserved-name", Severity.ERROR, _check)
