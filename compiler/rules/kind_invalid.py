"""A kind of the project's own that cannot be used.

A folder under `kinds/` beside the manifest adds a kind of infrastructure. Its `kind.yaml` has a fixed structure; the
documentation of kinds tells it.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  queue:
    type: nats
services:
  web:
    image: nginx:1.27
    environment:
      NATS_HOST: ${queue.host}
```
```yaml kinds/nats/kind.yaml
title: NATS
image:
  name: nats
  tag: "{version}-alpine"
default_version: 2.10.22
verified_on: ""
password: never
ports:
  default:
    container: 4222
    scheme: nats
health:
  shell: wget -qO- http://127.0.0.1:8222/healthz
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  queue:
    type: nats
services:
  web:
    image: nginx:1.27
    environment:
      NATS_HOST: ${queue.host}
```
```yaml kinds/nats/kind.yaml
title: NATS
image:
  name: nats
  tag: "{version}-alpine"
default_version: 2.10.22
verified_on: ""
password: never
ports:
  default:
    container: 4222
    scheme: nats
health:
  shell: wget -qO- http://127.0.0.1:8222/healthz
  interval: 2s
  timeout: 5s
  retries: 15
  start_period: 10s
command:
  - --http_port
  - "8222"
outputs:
  host: "{name}"
  port: "{port}"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.source import Place
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("kind.invalid"):
        path = defect.at.document if isinstance(defect.at, Place) else ""
        yield Finding(
            subject=f"{path}/kind",
            message=f"this kind cannot be used: {defect.facts['reason']}",
            labels=(Label(defect.at, "in this file"),),
            help="`docs/kinds.md` of Periplus tells how to write one",
        )


RULE = Rule("KIND003", "invalid-kind", Severity.ERROR, _check)
