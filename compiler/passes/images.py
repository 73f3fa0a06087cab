"""Images that no engine accepts, that mean something else tomorrow, or that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Image
from compiler.model.value import Reference, Variable
from compiler.passes.moved_images import moved_image
from compiler.passes.templates import read_template
from compiler.text.image import image_reference
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Instance, Service
    from compiler.model.plan import Unit
    from compiler.model.source import Route
    from compiler.text.image import ImageReference

_HOLE = "0"
"""Stands for a variable without a default: it fits everywhere in a reference."""
_WORD = regex(r"[a-z]+")
_MOVING = frozenset({"latest", "edge", "nightly", "canary", "rolling", "snapshot", "unstable"})
"""Words of a tag that say so, whatever stands beside them."""
_RELEASES = frozenset({
    *("wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke"),
    *("trusty", "xenial", "bionic", "focal", "jammy", "noble", "oracular", "plucky", "questing", "resolute"),
})  # fmt: skip
"""Releases of Debian and Ubuntu that are called by a name: as good as a number."""


def service_image_defects(service: Service) -> Iterator[Defect]:
    """What is wrong with the image of a service."""
    if service.image:
        yield from _defects(service.name, service.image, (*service.at, "image"), service.environment)


def server_image_defects(instance: Instance, unit: Unit) -> Iterator[Defect]:
    """What is wrong with the image of an instance: its own, or the one of its kind."""
    if instance.image:
        yield from _defects(instance.name, instance.image, (*instance.at, "image"), unit.environment)
    elif isinstance(unit.image, Image):
        image = f"{unit.image.name}:{unit.image.version}"
        yield from _defects(instance.name, image, (*instance.at, "type"), unit.environment)


def is_floating(reference: ImageReference) -> bool:
    """Whether the same words mean another image tomorrow: neither a digest, nor a number or a release in the tag."""
    words = frozenset(_WORD.findall(reference.tag.lower()))
    if reference.digest or not words.isdisjoint(_RELEASES):
        return False
    return not words.isdisjoint(_MOVING) or not any(character.isdigit() for character in reference.tag)


def _defects(unit: str, text: str, at: Route, environment: Mapping[str, object]) -> Iterator[Defect]:
    spelled, is_open = _filled(text)
    reference = image_reference(spelled)
    facts = {"unit": unit, "image": text}
    if reference is None:
        yield Defect("image.malformed", at, facts)
        return
    moved = moved_image(reference, environment)
    if moved is not None:
        yield Defect("image.moved", at, {**facts, "happened": moved.happened, "remedy": moved.remedy})
    elif not is_open and is_floating(reference):
        yield Defect("image.floating", at, {**facts, "tag": reference.tag})


def _filled(text: str) -> tuple[str, bool]:
    """The reference with the defaults of its variables, and whether a variable without one decides about its tag."""
    if "$" not in text:
        return text, False
    pieces, _ = read_template(text)
    spelled, is_open = "", False
    for piece in pieces:
        if isinstance(piece, str):
            spelled += piece
            is_open &= {"/", ":"}.isdisjoint(piece)
        elif isinstance(piece, Variable) and piece.default is not None:
            spelled += piece.default
        elif isinstance(piece, Reference):
            spelled += "${"  # no output is part of one: there is a scheme or a host's own name in it
        else:
            spelled += _HOLE
            is_open = True
    return spelled, is_open
