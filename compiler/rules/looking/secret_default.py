"""A secret that everybody knows unless somebody says otherwise.

`${DB_PASSWORD:-postgres}` runs everywhere, with the password that stands in the repository: whoever forgets to set the
variable, in production, too, is never told. Declare it under `secrets`: a `generated` one is made by `start.sh`, and
nobody has to set anything; a `required` one stops the start until a person has given it.

Defaults of words are meant here, in environments, URLs and commands. One that nobody would make up is an error
(SECRET001). Empty defaults, paths, names of files, `yes` and `no` are no secrets. Where the value may be known to
everybody, in a demo or for a tool of development, say that under `lint`.

Bad:
```yaml
version: 1
name: shop
services:
  db:
    image: postgres:17.6
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD:-postgres}
```
Good:
```yaml
version: 1
name: shop
secrets:
  DB_PASSWORD: generated
services:
  db:
    image: postgres:17.6
    environment:
      POSTGRES_PASSWORD: ${secrets.DB_PASSWORD}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import spelled, subject_of
from compiler.rules.written import places_of, public_default, secret_in, written_texts

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    for written in written_texts(context):
        variable = public_default(written)
        if variable is None or secret_in(written):
            continue  # SECRET001 says that
        yield Finding(
            subject=f"{subject_of(written.at)}/default",
            message=f"`{spelled(written.at)}` is a secret that everybody knows where `{variable.name}` is not set: its "
            "default is committed",
            labels=tuple(
                Label(at, "known to whoever reads this", secret=True) for at in places_of(written, public_default)
            ),
            help=f"declare `{variable.name}` under `secrets` and write `${{secrets.{variable.name}}}` here; or say "
            "under `lint` why everybody may know it",
        )


RULE = Rule("SECRET010", "secret-by-default", Severity.WARNING, _check)
