"""A unit with what later passes ask of it, looked up once: environments that share the unit share that, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import Build, Execute, Unit, UnitKind
from compiler.model.value import Reference, SecretOf, Variable
from compiler.passes.health import has_check
from compiler.passes.templates import read_template
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.source import Route
    from compiler.model.value import Text


class Role(NamedTuple):
    """What edges and order have to know of a unit; `checked` says whether something can wait until it is healthy.

    `first_ms` is then the time until it is asked for the first time, else 0.
    """

    kind: UnitKind
    words: str
    checked: bool
    first_ms: int
    at: Route


class Hole(NamedTuple):
    """Something that the environment file fills, and whether that stands in a URL."""

    piece: SecretOf | Variable
    in_url: bool


class Made(NamedTuple):
    """A unit, its part in the order, and the holes of its texts."""

    unit: Unit
    role: Role
    holes: tuple[Hole, ...]


def made(unit: Unit) -> Made:
    """The unit with what is asked of it."""
    health = unit.health
    checked = has_check(health)
    first = health.timing.interval_ms if health is not None and checked else 0
    texts = [text for text in _texts(unit) if len(text) != 1 or not isinstance(text[0], str)]
    holes = tuple(hole for text in texts for hole in _holes(text)) if texts else ()
    return Made(unit, Role(unit.kind, unit.role, checked, first, unit.at), holes)


def _holes(text: Text) -> Iterator[Hole]:
    for piece in text:
        if isinstance(piece, SecretOf):
            yield Hole(piece, any(isinstance(other, str) and "://" in other for other in text))
        elif isinstance(piece, Variable):
            yield Hole(piece, in_url=False)


def _texts(unit: Unit) -> list[Text]:
    """Every text of a unit that may hold a secret or a variable."""
    image, health = unit.image, unit.health
    of_image = image.args.values() if isinstance(image, Build) else (image.text,)
    texts = [*unit.environment.values(), *unit.command, *unit.entrypoint, *of_image]
    if unit.extras:
        texts += _texts_within(unit.extras)
    for question in (health.liveness, health.readiness) if health is not None else ():
        if isinstance(question, Execute):
            texts += question.argv
    return texts


def _texts_within(value: object) -> Iterator[Text]:
    """The texts of pass-through settings, of which Compose reads the variables."""
    if isinstance(value, str):
        pieces, _ = read_template(value)
        yield tuple(piece for piece in pieces if not isinstance(piece, Reference))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_within(inner)
