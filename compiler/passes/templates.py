"""Text with holes: `${name.output}`, `${secrets.X}`, `${VARIABLE}`, `$$`; every other dollar is a dollar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.value import Reference, SecretOf, Variable
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.model.value import Template

_HOLE = regex(r"\$\$|\$\{([^}]*)\}?")
_REFERENCE = regex(r"[a-z][a-z0-9-]*(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_VARIABLE = regex(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\?)([^{}$\n]*))?", re.ASCII)


class Malformed(NamedTuple):
    """A `${…}` that is neither reference nor variable."""

    text: str


def read_template(text: str) -> tuple[Template, tuple[Malformed, ...]]:
    """The pieces of a text, and what in it has no meaning (kept as literal text)."""
    if "$" not in text:
        return (text,) if text else (), ()
    pieces: list[str | Variable | SecretOf | Reference] = []
    malformed: list[Malformed] = []
    plain, end = "", 0
    for match in _HOLE.finditer(text):
        plain += text[end : match.start()]
        end = match.end()
        piece = "$" if match.group() == "$$" else _hole(match)
        if isinstance(piece, Malformed):
            malformed.append(piece)
        elif isinstance(piece, str):
            plain += piece
        else:
            pieces += (plain, piece) if plain else (piece,)
            plain = ""
    plain += text[end:]
    return (*pieces, plain) if plain else tuple(pieces), tuple(malformed)


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
