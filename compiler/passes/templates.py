"""Text with holes: `${name.output}`, `${secrets.X}`, `${VARIABLE}`, `$$`; every other dollar is a dollar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compiler.model.value import Reference, SecretOf, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.value import Template

_HOLE = re.compile(r"\$\$|\$\{([^}]*)\}?")
_REFERENCE = re.compile(r"[a-z][a-z0-9-]*(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\?)([^{}$]*))?", re.ASCII)


class Malformed(NamedTuple):
    """A `${…}` that is neither reference nor variable."""

    text: str


def read_template(text: str) -> tuple[Template, tuple[Malformed, ...]]:
    """The pieces of a text, and what in it has no meaning (kept as literal text)."""
    pieces: list[str | Variable | SecretOf | Reference] = []
    malformed: list[Malformed] = []
    for piece in _pieces(text):
        if isinstance(piece, Malformed):
            malformed.append(piece)
        elif isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        elif piece != "":
            pieces.append(piece)
    return tuple(pieces), tuple(malformed)


def _pieces(text: str) -> Iterator[str | Variable | SecretOf | Reference | Malformed]:
    end = 0
    for match in _HOLE.finditer(text):
        yield text[end : match.start()]
        yield "$" if match.group() == "$$" else _hole(match)
        end = match.end()
    yield text[end:]


def _hole(match: re.Match[str]) -> Variable | SecretOf | Reference | Malformed:
    inside = match.group(1)
    if not match.group().endswith("}"):
        return Malformed(match.group())
    if _REFERENCE.fullmatch(inside):
        name, *output = inside.split(".")
        return SecretOf(output[0]) if name == "secrets" and len(output) == 1 else Reference(name, tuple(output))
    variable = _VARIABLE.fullmatch(inside)
    if variable is None:
        return Malformed(match.group())
    name, operator, rest = variable.groups()
    return Variable(name, rest if operator == ":-" else None, rest if operator == ":?" else None)
