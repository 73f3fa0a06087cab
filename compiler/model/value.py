"""Texts with holes: what a value is made of before and after its references are resolved."""

from __future__ import annotations

from compiler.text.named import NamedTuple


class Variable(NamedTuple):
    """A value from the environment file: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`."""

    name: str
    default: str | None = None
    message: str | None = None


class SecretOf(NamedTuple):
    """The value of a declared secret."""

    name: str


class Reference(NamedTuple):
    """`${name.output.more}` as written: an output of a service, an instance or the gateway."""

    name: str
    output: tuple[str, ...]


Text = tuple[str | Variable | SecretOf, ...]
"""Resolved: no reference, no `$` escape; each target spells it in its own language."""

Template = tuple[str | Variable | SecretOf | Reference, ...]
"""As written in the manifest, `$$` already one dollar."""


def literal(text: Template) -> str | None:
    """The text as a plain string, or None where it has a hole."""
    plain = [piece for piece in text if isinstance(piece, str)]
    return "".join(plain) if len(plain) == len(text) else None
