"""A long random text.

Nobody makes up forty mixed characters: such a value was made by a machine, and as a rule that is a key or a token. The
manifest and everything generated from it are committed. Declare it under `secrets` and write `${secrets.NAME}`.

Identifiers and digests are random, too, and no secrets: UUIDs, `sha256:…`, and values under names that say so
(`COMMIT`, `CHECKSUM`, `DIGEST`, `VERSION`, `…_ID` and the like). Where it is none for another reason, say that under
`lint`.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      MAP_SERVICE: Zk3vQ9xT1mWb7RsY5uLc8NdP2hJf6GaE
```
Good:
```yaml
version: 1
name: shop
secrets:
  MAP_SERVICE: required
services:
  web:
    image: nginx:1.27
    environment:
      MAP_SERVICE: ${secrets.MAP_SERVICE}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.value import literal
from compiler.rules.rule import Context, Rule
from compiler.rules.words import spelled, subject_of
from compiler.rules.written import named_texts
from compiler.text.secrets import form_of, is_secret, looks_random

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Service

_SHORTEST = 20


def _check(context: Context) -> Iterator[Finding]:
    for service in context.own_services:
        for written in named_texts(service) if _has_long_text(service) else ():
            value = literal(written.text) or ""
            if len(value) < _SHORTEST or not looks_random(written.name, value):
                continue
            if is_secret(written.name, value) or form_of(value):
                continue  # SECRET001 says that
            yield Finding(
                subject=f"{subject_of(written.at)}/random",
                message=f"`{spelled(written.at)}` is a long random text, as keys and tokens are, and the manifest is "
                "committed",
                labels=(Label(written.at, "known to whoever reads this", secret=True),),
                help=f"declare `{written.name}` under `secrets` and write `${{secrets.{written.name}}}` here; or say "
                "under `lint` why everybody may know it",
            )


def _has_long_text(service: Service) -> bool:
    """Whether a text could be one at all: few services have such."""
    args = service.build.args if service.build else {}
    develop = service.develop.environment if service.develop else {}
    return any(
        len(text) == 1 and isinstance(text[0], str) and len(text[0]) >= _SHORTEST
        for texts in (service.environment, args, develop)
        for text in texts.values()
    )


RULE = Rule("SECRET009", "random-text", Severity.ERROR, _check, is_judgement=True)
