"""A secret written as text.

The manifest and everything generated from it are committed: whoever reads the repository reads the secret, now and in
its history. Declare it under `secrets` and write `${secrets.NAME}`: a `generated` one is made by `start.sh`, a
`required` one is given by a person in `.env`. Passwords of infrastructure can be left out, they are generated then.

What counts as a secret: passwords of infrastructure; values under names that end in `PASSWORD`, `SECRET`, `TOKEN`,
`API_KEY`, `PRIVATE_KEY` and the like, in environments, build arguments, settings, labels and commands; the well-known
forms of access keys, tokens, webhooks and private keys wherever they stand; passwords in URLs. A value that may be
known to everybody can be the default of a variable, if it is made of words: `${DEMO_TOKEN:-public}`.

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
from compiler.model.value import Variable, literal
from compiler.rules.rule import Context, Rule
from compiler.rules.words import spelled, subject_of
from compiler.rules.written import joined, written_texts
from compiler.text.secrets import form_of, is_given, is_made_up, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.source import Route
    from compiler.rules.written import Written


def _check(context: Context) -> Iterator[Finding]:
    for written in written_texts(context):
        kind = _kind(written)
        if kind:
            name = written.name if written.is_variable else _proposed(written.at)
            yield Finding(
                subject=f"{subject_of(written.at)}/secret",
                message=f"`{spelled(written.at)}` is {kind} written as text, and the manifest is committed",
                labels=(Label(written.at, "known to whoever reads this", secret=True),),
                help=f"declare `{name}` under `secrets` and write `${{secrets.{name}}}` here;\n"
                "if it was committed already, change the secret itself, too",
            )


def _kind(written: Written) -> str:
    """What sort of secret it is, or nothing."""
    plain = joined(written.text)
    form = form_of(plain)
    if form:
        return form
    value = literal(written.text)
    if value and written.is_password:
        return "a password"
    if value and written.name and is_secret(written.name, value):
        return "a secret"
    if written.is_data and is_given(plain):
        return "a text with a secret"
    return "a secret" if any(_is_default(piece, written.name) for piece in written.text) else ""


def _is_default(piece: object, name: str) -> bool:
    """Whether a piece is a variable with a secret as its default: one that is no word."""
    if not isinstance(piece, Variable) or not piece.default or is_made_up(piece.default):
        return False
    return is_secret(piece.name, piece.default) or (bool(name) and is_secret(name, piece.default))


def _proposed(at: Route) -> str:
    name = re.sub(r"[^A-Z0-9]+", "_", str(at[1]).upper()) if len(at) > 1 else ""
    return "TEST_TOKEN" if at[0] == "tests" else f"{name}_SECRET"


RULE = Rule("SECRET001", "literal-secret", Severity.ERROR, _check, is_judgement=True)
