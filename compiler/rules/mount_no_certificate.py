"""A certificate or key that is not there.

The gateway does not start without it: Docker would mount an empty folder in its place. A private key is best not
committed, so that it is absent in a fresh checkout can be just right: then whoever starts the system makes one first.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  tls:
    certificate: ./tls/shop.pem
    key: ./tls/shop.key
  routes:
    - path: /
      service: web
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  tls:
    certificate: ./tls/shop.pem
    key: ./tls/shop.key
  routes:
    - path: /
      service: web
```
```text tls/shop.pem
made for the test
```
```text tls/shop.key
made for the test
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("mount.no-certificate"):
        path, what = defect.facts["path"], defect.facts["what"]
        yield Finding(
            subject=f"gateway/tls/{what}",
            message=f"`{path}` is not there: the gateway starts once somebody has made it",
            labels=(Label(defect.at, "no such file"),),
            help="correct the path, or make it before the start, with mkcert or openssl",
        )


RULE = Rule("DATA008", "no-certificate", Severity.NOTE, _check)
