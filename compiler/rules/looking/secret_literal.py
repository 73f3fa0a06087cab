"""A secret written as text.

The manifest and everything generated from it are committed: whoever reads the repository reads the secret, now and in
its history. Declare it under `secrets` and write `${secrets.NAME}`: a `generated` one is made by `start.sh`, a
`required` one is given by a person in `.env`. Passwords of infrastructure can be left out, they are generated then.

What counts as a secret: passwords of infrastructure; values under names that end in `PASSWORD`, `SECRET`, `TOKEN`,
`API_KEY`, `PRIVATE_KEY` and the like, in environments, build arguments, settings, labels and commands; the well-known
forms of access keys, tokens, webhooks and private keys wherever they stand; passwords in URLs. Of a default that is
made of words, `${DEMO_TOKEN:-public}`, only SECRET010 warns.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      SMTP_PASSWORD: correct-horse-battery
```
Good:
```yaml
version: 1
name: shop
secrets:
  SMTP_PASSWORD: required
services:
  web:
    image: nginx:1.27
    environment:
      SMTP_PASSWORD: ${secrets.SMTP_PASSWORD}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import spelled, subject_of
from compiler.rules.written import places_of, secret_in, written_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.source import Route


def _check(context: Context) -> Iterator[Finding]:
    for written in written_texts(context):
        kind = secret_in(written)
        if kind:
            name = written.name if written.is_variable else _proposed(written.at)
            yield Finding(
                subject=f"{subject_of(written.at)}/secret",
                message=f"`{spelled(written.at)}` is {kind} written as text, and the manifest is committed",
                labels=tuple(
                    Label(at, "known to whoever reads this", secret=True) for at in places_of(written, secret_in)
                ),
                help=f"declare `{name}` under `secrets` and write `${{secrets.{name}}}` here;\n"
                "if it was committed already, change the secret itself, too",
            )


def _proposed(at: Route) -> str:
    name = re.sub(r"[^A-Z0-9]+", "_", str(at[1]).upper()) if len(at) > 1 else ""
    return "TEST_TOKEN" if at[0] == "tests" else f"{name}_SECRET"


RULE = Rule("SECRET001", "literal-secret", Severity.ERROR, _check, is_judgement=True)
