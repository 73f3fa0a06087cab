"""A `${…}` that means nothing, or nothing here.

In a text `${name.output}` is a reference, `${secrets.NAME}` a secret, and `${VARIABLE}`, `${VARIABLE:-default}` and
`${VARIABLE:?message}` are variables of the environment file. Every other `${` is a mistake: it would reach the service
as it stands. A dollar that is meant as one is written twice. Passwords and other settings of infrastructure can be
secrets and variables, but not the output of something else.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      LOG_LEVEL: ${LOG_LEVEL-info}
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    environment:
      LOG_LEVEL: ${LOG_LEVEL:-info}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead, is_misnamed, subject_of, surely
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFERENCE = regex(r"\$\{[a-z][a-z0-9-]*(?:\.[A-Za-z0-9_-]+)+\}", re.ASCII)
_MISSPELT = regex(r"\$\{([A-Za-z][A-Za-z0-9_-]*)((?:\.[A-Za-z0-9_-]+)+)\}", re.ASCII)
_SPACED = regex(r"\$\{[ \t]+([a-z][a-z0-9-]*(?:\.[A-Za-z0-9_-]+)+|[A-Z][A-Z0-9_]*)[ \t]*\}", re.ASCII)
_VARIABLE = regex(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?])([^{}$]*)\}", re.ASCII)
_NESTED = regex(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?-.*\$", re.ASCII | re.DOTALL)
_FLAT = (
    "write the inner variable beside it, with a default of its own: `${HOST:-db}:${PORT:-5432}`; "
    "or let one variable hold the whole text: `${URL:?message}`"
)
_LONGEST = 40
_FORMS = (
    "write `${name.output}`, `${secrets.NAME}`, `${VARIABLE}`, `${VARIABLE:-default}` or `${VARIABLE:?message}`; "
    "a dollar that is meant as one is `$$`"
)


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("text.malformed"):
        text = defect.facts["text"]
        named = _MISSPELT.fullmatch(text)
        if named is not None and is_misnamed(context, named[1]):
            continue
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        message, advice = _words(text, shown)
        meant = _meant(text, context)
        yield Finding(
            subject=f"{subject_of(defect.at)}/text",
            message=message,
            labels=(Label(defect.at, "in this text", within=text),),
            help=f"did you mean `{meant}`?" if meant else advice,
            fix=instead(defect.at, text, meant),
        )


def _meant(text: str, context: Context) -> str:
    """The reference that this is but for the spelling of its name: `${auth_service.url}`; empty for anything else."""
    spaced = _SPACED.fullmatch(text)
    if spaced is not None:
        return f"${{{spaced[1]}}}"
    found = _MISSPELT.fullmatch(text)
    if found is None or context.manifest is None or _REFERENCE.fullmatch(text):
        return ""
    names = ", ".join((*context.manifest.services, *context.manifest.infrastructure))
    output = found[2].lower() if found[2].isupper() else found[2]
    meant = f"${{{surely(found[1], names)}{output}}}"
    return meant if _REFERENCE.fullmatch(meant) else ""


def _words(text: str, shown: str) -> tuple[str, str]:
    if _REFERENCE.fullmatch(text):
        return f"`{shown}` cannot stand in a setting of infrastructure", "write a secret: `${secrets.NAME}`"
    if not text.endswith("}"):
        return f"`{shown}` is never closed", "add `}` where the name ends; a dollar that is meant as one is `$$`"
    if _REFERENCE.fullmatch(text.lower()):
        return f"`{shown}` is no reference: names are lower case", f"did you mean `{text.lower()}`?"
    if _NESTED.match(text):
        return f"`{shown}` has a variable within its default, which is not read", _FLAT
    variable = _VARIABLE.fullmatch(text)
    if variable is not None and not variable[2].startswith(":"):
        right = f"${{{variable[1]}:{variable[2]}{variable[3]}}}"
        return f"`{shown}` is neither a reference nor a variable", f"did you mean `{right}`?"
    return f"`{shown}` is neither a reference nor a variable", _FORMS


RULE = Rule("REF004", "malformed-text", Severity.ERROR, _check)
