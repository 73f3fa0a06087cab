"""A secret written as text.

The manifest and everything generated from it are committed: whoever reads the repository reads the secret, now and in
its history. Declare it under `secrets` and write `${secrets.NAME}`: a `generated` one is made by `start.sh`, a
`required` one is given by a person in `.env`. Passwords of infrastructure can be left out, they are generated then.

What counts as a secret: passwords of infrastructure; values under names that end in `PASSWORD`, `SECRET`, `TOKEN`,
`API_KEY`, `PRIVATE_KEY` and the like; the well-known forms of access keys and private keys; passwords in URLs. A value
that may be known to everybody can be the default of a variable: `${DEMO_TOKEN:-public}`.

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
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.model.value import Variable, literal
from compiler.rules.rule import Context, Rule
from compiler.rules.words import spelled, subject_of
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.manifest import Service
    from compiler.model.source import Route
    from compiler.model.value import Template


class _Written(NamedTuple):
    """A text of the manifest; `name` is empty where only its form can give a secret away."""

    name: str
    text: Template
    at: Route
    is_password: bool = False


_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRETS = (
    *(("PASSWORD",), ("PASSWD",), ("PASSPHRASE",), ("PASS",), ("PWD",), ("SECRET",), ("TOKEN",), ("APIKEY",)),
    *(("CREDENTIAL",), ("CREDENTIALS",), ("API", "KEY"), ("ACCESS", "KEY"), ("PRIVATE", "KEY"), ("SECRET", "KEY")),
    *(("ENCRYPTION", "KEY"), ("SIGNING", "KEY"), ("MASTER", "KEY"), ("SESSION", "KEY"), ("JWT", "KEY")),
)
_HINT = regex("pass|pwd|secret|token|key|credential", re.IGNORECASE)
"""What is in every name of a secret."""
_AFTER = frozenset({"KEY", "ACCESS", "BASE", "VALUE", "DEV", "TEST", "STAGING", "PROD", "PRODUCTION", "OLD", "NEW"})
"""Words that may follow without making it another thing: `TOKEN_URL` and `PASSWORD_FILE` hold no secret."""
_NUMBERED = frozenset({"PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD"})
"""Under these even a number is a secret; a `TOKEN` that is one is a count."""
_HARMLESS = regex(r"(?i:true|false|yes|no|on|off|null|none)?|\.{0,2}/[\w./-]*|[a-z][a-z0-9+.-]*://.*", re.DOTALL)
_NUMBER = regex(r"[0-9.]+(ms|s|m|h|d)?")
_FORMS = {
    "an AWS access key": regex(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a GitHub token": regex(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})"),
    "a GitLab token": regex(r"\bglpat-[\w-]{20,}"),
    "a Stripe key": regex(r"\b[sr]k_live_[A-Za-z0-9]{10,}"),
    "a Slack token": regex(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    "a Google API key": regex(r"\bAIza[\w-]{35}"),
    "a private key": regex(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
}
_SIGN = regex("AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|[sr]k_live_|xox|AIza|PRIVATE KEY|@")
"""What is in every text that a form or a URL gives away."""
_NONE: Mapping[str, Template] = {}
_HOLE = "\0"
"""What is no literal text: a manifest cannot hold this character."""
_IN_URL = regex(rf"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@:{_HOLE}]*:(?P<password>(?!\$\{{)[^\s/?#@]+)@")


def _check(context: Context) -> Iterator[Finding]:
    for written in _texts(context):
        kind = _kind(written)
        if kind:
            name = written.name or _proposed(written.at)
            yield Finding(
                subject=f"{subject_of(written.at)}/secret",
                message=f"`{spelled(written.at)}` is {kind} written as text, and the manifest is committed",
                labels=(Label(written.at, "known to whoever reads this", secret=True),),
                help=f"declare `{name}` under `secrets` and write `${{secrets.{name}}}` here;\n"
                "if it was committed already, change the secret itself, too",
            )


def _texts(context: Context) -> Iterator[_Written]:
    """Every text that may be a secret; services that surely have none are left out."""
    manifest = context.manifest
    if manifest is None:
        return
    for instance in manifest.infrastructure.values():
        name = f"{instance.name.replace('-', '_').upper()}_PASSWORD"
        if instance.password:
            yield _Written(name, instance.password, (*instance.at, "password"), is_password=True)
        for part in instance.parts:
            if "password" in part.options:
                own = f"{instance.name}_{part.name}_PASSWORD".replace("-", "_").upper()
                yield _Written(own, part.options["password"], (*part.at, "password"), is_password=True)
        yield from _named(instance.environment, (*instance.at, "environment"))
        yield from _named(instance.config, (*instance.at, "config"))
    for service in context.own_services:
        if _is_suspicious(service):
            yield from _of_service(service)
    for request in (*manifest.tests.api, *(step for flow in manifest.tests.smoke for step in flow.steps)):
        yield _Written("", (request.body,), (*request.at, "json"))
        yield from (_Written("", (text,), (*request.at, "headers", name)) for name, text in request.headers.items())


def _is_suspicious(service: Service) -> bool:
    """Whether a name or a text of a service has what every secret has, by its name or by its form."""
    args = service.build.args if service.build else _NONE
    develop, migrate, health = service.develop, service.migrate, service.health
    while_developing = develop.environment if develop else _NONE
    named = (service.environment, args, while_developing)
    if any(_phrase_of(name) for texts in named for name in texts):
        return True
    texts = [text for each in named for text in each.values()]
    for words in (
        develop.command if develop else (),
        migrate.command if migrate else (),
        health.command if health else (),
        service.command,
    ):
        texts += words
    return _SIGN.search("\n".join([service.url, *map(_joined, texts)])) is not None


def _of_service(service: Service) -> Iterator[_Written]:
    yield _Written("", (service.url,), (*service.at, "url"))
    yield from _named(service.environment, (*service.at, "environment"))
    if service.build is not None:
        yield from _named(service.build.args, (*service.build.at, "args"))
    if service.develop is not None:
        yield from _named(service.develop.environment, (*service.develop.at, "environment"))
        yield from _words(service.develop.command, (*service.develop.at, "command"))
    if service.migrate is not None:
        yield from _words(service.migrate.command, (*service.migrate.at, "command"))
    if service.health is not None:
        yield from _words(service.health.command, (*service.health.at, "command"))
    yield from _words(service.command, (*service.at, "command"))


def _named(texts: Mapping[str, Template], at: Route) -> Iterator[_Written]:
    return (_Written(name, text, (*at, name)) for name, text in texts.items())


def _words(texts: Iterable[Template], at: Route) -> Iterator[_Written]:
    return (_Written("", text, at) for text in texts)


def _kind(written: _Written) -> str:
    """What sort of secret it is, or nothing."""
    plain = _joined(written.text)
    form = next((name for name, pattern in _FORMS.items() if pattern.search(plain)), "")
    if form:
        return form
    if any(_HOLE not in match["password"] for match in _IN_URL.finditer(plain)):
        return "a URL with a password"
    value = literal(written.text)
    if value is None or not value:
        return ""
    if written.is_password:
        return "a password"
    return "a secret" if _is_secret(written.name, value) else ""


def _joined(text: Template) -> str:
    """The literal text, defaults of variables included, with a mark in place of every other hole."""
    if len(text) == 1 and isinstance(text[0], str):
        return text[0]
    pieces = (piece.default if isinstance(piece, Variable) and piece.default else piece for piece in text)
    return "".join(piece if isinstance(piece, str) else _HOLE for piece in pieces)


def _is_secret(name: str, value: str) -> bool:
    phrase = _phrase_of(name)
    if not phrase or _HARMLESS.fullmatch(value):
        return False
    return phrase[-1] in _NUMBERED or not _NUMBER.fullmatch(value)


@lru_cache(maxsize=1024)
def _phrase_of(name: str) -> tuple[str, ...]:
    """What in a name says that its value is a secret; nothing for any other name."""
    if not _HINT.search(name):
        return ()
    words = [word.upper() for word in _WORD.findall(name)]
    return next((phrase for phrase in _SECRETS if _names(words, phrase)), ())


def _names(words: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words say it, and nothing after it says that it is something about a secret."""
    size = len(phrase)
    return any(
        tuple(words[start : start + size]) == phrase
        and words != ["PWD"]
        and all(word in _AFTER or word.isdigit() for word in words[start + size :])
        for start in range(len(words) - size + 1)
    )


def _proposed(at: Route) -> str:
    name = re.sub(r"[^A-Z0-9]+", "_", str(at[1]).upper()) if len(at) > 1 else ""
    return "TEST_TOKEN" if at[0] == "tests" else f"{name}_SECRET"


RULE = Rule("SECRET001", "literal-secret", Severity.ERROR, _check)
