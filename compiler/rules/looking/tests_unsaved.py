"""A test that uses a value which no earlier step saved.

In tests `${name}` is a value that an earlier step of the same flow kept with `save`, and `${unique}` differs each run.
Requests under `tests.api` stand alone and share nothing. Variables and references have no meaning there: a value that
nobody saved would be sent as it is written.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  smoke:
    - name: make an item, then read it back
      steps:
        - request: POST web /items
          expect: 201
          save:
            item: .id
        - request: GET web /items/${itme}
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  smoke:
    - name: make an item, then read it back
      steps:
        - request: POST web /items
          expect: 201
          save:
            item: .id
        - request: GET web /items/${item}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import meant, referring, surely
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Manifest, Request
    from compiler.model.source import Route

_HOLE = regex(r"\$\{([a-z_][a-z0-9_]*)\}", re.ASCII)
_ALWAYS: tuple[str, ...] = ("unique",)


def _check(context: Context) -> Iterator[Finding]:
    for request, saved in _requests(context.manifest) if context.manifest else ():
        for at, text in _texts(request):
            for name in dict.fromkeys(_HOLE.findall(text)):
                if name not in saved:
                    yield Finding(
                        subject=f"{'/'.join(str(step) for step in at)}/{name}",
                        message=f"`${{{name}}}` is not saved by an earlier step of this flow",
                        labels=(Label(at, "sent as it is written"),),
                        help=meant(name, ", ".join(saved), ""),
                        fix=referring(at, name, surely(name, ", ".join(saved))),
                    )


def _requests(manifest: Manifest) -> Iterator[tuple[Request, tuple[str, ...]]]:
    """Every request, with the names it may use."""
    yield from ((request, _ALWAYS) for request in manifest.tests.api)
    for flow in manifest.tests.smoke:
        saved = _ALWAYS
        for step in flow.steps:
            yield step, saved
            saved = (*saved, *step.save)


def _texts(request: Request) -> Iterator[tuple[Route, str]]:
    yield (*request.at, "request"), request.path
    yield (*request.at, "json"), request.body
    yield (*request.at, "contains"), request.contains
    yield from (((*request.at, "headers", name), text) for name, text in request.headers.items())


RULE = Rule("TEST003", "unsaved-value", Severity.ERROR, _check)
