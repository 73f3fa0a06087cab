"""The texts of a manifest in which a secret may stand, each with the name that it stands under."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeGuard

from compiler.model.value import Variable, literal
from compiler.text.named import NamedTuple
from compiler.text.secrets import HOLE, form_of, is_given, is_hinted, is_made_up, is_secret, is_suspicious, phrase_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from compiler.model.manifest import Instance, Manifest, Service
    from compiler.model.source import Route
    from compiler.model.value import Reference, SecretOf, Template
    from compiler.rules.rule import Context

    Piece = str | Variable | SecretOf | Reference


class Written(NamedTuple):
    """A text of the manifest; `name` is empty where only its form can give a secret away."""

    name: str
    text: Template
    at: Route
    is_password: bool = False
    is_variable: bool = False
    """Whether the name is one that a secret could have."""
    is_data: bool = False
    """Whether a program reads it; else it is prose."""
    words: tuple[Template, ...] = ()
    """Of a command, of which `text` is all."""


_NONE: Mapping[str, Template] = {}
_MOST_WORDS = 8
"""Of a command that are one secret."""
_MOST_DEFAULTS = 20
"""Of one text that are looked at one by one: the time would grow with the square."""


def written_texts(context: Context) -> tuple[Written, ...]:
    """Every text that may be a secret; services that surely have none are left out."""
    return _written_texts(_Same(context))


class _Same:
    """A context that is the same as none but itself: it is gone through once, not for each rule."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.context is self.context

    def __hash__(self) -> int:
        return id(self.context)


@lru_cache(maxsize=1)
def _written_texts(of: _Same) -> tuple[Written, ...]:
    return tuple(_each(of.context))


def _each(context: Context) -> Iterator[Written]:
    manifest = context.manifest
    if manifest is None:
        return
    for instance in manifest.infrastructure.values():
        yield from _of_instance(instance)
    for service in context.own_services:
        if _is_suspicious(service):
            yield from _of_service(service)
    for secret in manifest.secrets.values():
        yield Written("", (secret.description,), (*secret.at, "description"))
    yield from _of_tests(manifest)


def joined(text: Template) -> str:
    """The literal text, defaults of variables included, with a mark in place of every other hole."""
    if len(text) == 1 and isinstance(text[0], str):
        return text[0]
    pieces = (piece.default if isinstance(piece, Variable) and piece.default else piece for piece in text)
    return "".join(piece if isinstance(piece, str) else HOLE for piece in pieces)


def secret_in(written: Written) -> str:
    """What sort of secret a text gives away, or nothing; words by default are not meant (`public_default`)."""
    plain = joined(tuple(_without_words(piece) for piece in written.text))
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
    found = any(_is_default(piece, written.name) and not _is_words(piece) for piece in written.text)
    return "a secret" if found else ""


def public_default(written: Written) -> Variable | None:
    """The variable of a text whose default is made of words and stands where a secret belongs."""
    wordy = [piece for piece in written.text if _is_words(piece)]
    named = next((piece for piece in wordy if _is_default(piece, written.name)), None)
    if named is not None or not wordy:
        return named
    for piece in wordy[:_MOST_DEFAULTS]:
        others = tuple(_without_words(one) if one is not piece else one for one in written.text)
        if form_of(joined(others)) or (written.is_data and is_given(joined(others))):
            return piece
    return None


def places_of(written: Written, has_secret: Callable[[Written], object]) -> tuple[Route, ...]:
    """Where in a text the secrets stand: of a command, at each word that is one or completes one."""
    found: list[Route] = []
    start = 0
    for end in range(1, len(written.words) + 1):
        start = max(start, end - _MOST_WORDS)
        if has_secret(written._replace(text=_together(written.words[start:end]))):
            found.append((*written.at, end - 1))
            start = end
    return tuple(found) or (written.at,)


def named_texts(service: Service) -> Iterator[Written]:
    """The texts of a service that have a name of their own."""
    yield from _named(service.environment, (*service.at, "environment"))
    if service.build is not None:
        yield from _named(service.build.args, (*service.build.at, "args"))
    if service.develop is not None:
        yield from _named(service.develop.environment, (*service.develop.at, "environment"))


def _without_words(piece: Piece) -> Piece:
    """The piece; of a variable with words as its default, what is no literal text."""
    return "${}" if _is_words(piece) else piece


def _is_words(piece: Piece) -> TypeGuard[Variable]:
    """Whether a piece is a variable with words as its default that everybody may know."""
    if not isinstance(piece, Variable) or not piece.default:
        return False
    return is_made_up(piece.default) and not form_of(piece.default)


def _is_default(piece: Piece, name: str) -> TypeGuard[Variable]:
    """Whether a piece is a variable with a default where a secret belongs, by its own name or that of the text."""
    if not isinstance(piece, Variable) or not piece.default:
        return False
    return is_secret(piece.name, piece.default) or (bool(name) and is_secret(name, piece.default))


def _of_instance(instance: Instance) -> Iterator[Written]:
    name = f"{instance.name.replace('-', '_').upper()}_PASSWORD"
    if instance.password:
        yield Written(name, instance.password, (*instance.at, "password"), is_password=True, is_variable=True)
    for part in instance.parts:
        if "password" in part.options:
            own = f"{instance.name}_{part.name}_PASSWORD".replace("-", "_").upper()
            at = (*part.at, "password")
            yield Written(own, part.options["password"], at, is_password=True, is_variable=True)
    yield Written("", (instance.role,), (*instance.at, "role"))
    yield from _named(instance.environment, (*instance.at, "environment"))
    yield from _named(instance.config, (*instance.at, "config"))


def _of_tests(manifest: Manifest) -> Iterator[Written]:
    for request in (*manifest.tests.api, *(step for flow in manifest.tests.smoke for step in flow.steps)):
        yield Written("", (request.body,), (*request.at, "json"))
        yield Written("", (request.contains,), (*request.at, "contains"))
        yield Written("", (request.path,), request.at)
        yield from (Written("", (text,), (*request.at, "headers", name)) for name, text in request.headers.items())


def _is_suspicious(service: Service) -> bool:
    """Whether a name or a text of a service has what every secret has, by its name or by its form."""
    if service.compose:
        return True
    args = service.build.args if service.build else _NONE
    develop = service.develop.environment if service.develop else _NONE
    named = (service.environment, args, develop)
    if any(phrase_in(name) for texts in named for name in texts):
        return True
    texts = [text for each in named for text in each.values()]
    for words in _commands(service).values():
        texts += words
    every = "\n".join([service.url, service.role, *map(_spelled, texts)])
    return is_suspicious(every) or is_hinted(every)


def _spelled(text: Template) -> str:
    """A text with the names of its variables."""
    if len(text) == 1 and isinstance(text[0], str):
        return text[0]
    names = (piece.name for piece in text if isinstance(piece, Variable) and piece.default)
    return "\n".join([joined(text), *names])


def _commands(service: Service) -> dict[Route, tuple[Template, ...]]:
    develop, migrate, health = service.develop, service.migrate, service.health
    found: dict[Route, tuple[Template, ...]] = {(*service.at, "command"): service.command}
    if develop is not None:
        found[*develop.at, "command"] = develop.command
    if migrate is not None:
        found[*migrate.at, "command"] = migrate.command
    if health is not None:
        found[*health.at, "command"] = health.command
    return found


def _of_service(service: Service) -> Iterator[Written]:
    yield Written("", (service.url,), (*service.at, "url"))
    yield Written("", (service.role,), (*service.at, "role"))
    yield from named_texts(service)
    for at, words in _commands(service).items():
        yield from _words(words, at)
    yield from _settings("", service.compose, (*service.at, "compose"))


def _named(texts: Mapping[str, Template], at: Route) -> Iterator[Written]:
    return (Written(name, text, (*at, name), is_variable=True, is_data=True) for name, text in texts.items())


def _words(texts: tuple[Template, ...], at: Route) -> Iterator[Written]:
    """A command, whose words belong together."""
    if texts:
        yield Written("", _together(texts), at, is_data=True, words=texts)


def _together(texts: tuple[Template, ...]) -> Template:
    pieces: list[Piece] = []
    for text in texts:
        pieces += [" ", *text] if pieces else [*text]
    return tuple(pieces)


def _settings(name: str, value: object, at: Route) -> Iterator[Written]:
    """What Compose alone reads, by the nearest key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _settings(str(key), inner, (*at, key))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _settings("", inner, (*at, index))
    elif isinstance(value, str):
        yield Written(name.rpartition(".")[2], (value,), at, is_data=True)
