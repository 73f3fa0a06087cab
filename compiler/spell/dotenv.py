"""The environment file as Compose, python-dotenv and a shell read it alike."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded
from compiler.text.regex import regex

_BARE = regex(r"[A-Za-z0-9_./:@%+,-]*", re.ASCII)
_KEY = regex(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def dotenv_line(key: str, value: str) -> Encoded:
    """`KEY=value`: bare where every reader agrees, else in single quotes.

    Raises ValueError for a bad key, or a value with a quote, a backslash or anything unprintable, on which the readers
    differ.
    """
    if not _KEY.fullmatch(key):
        message = f"not a variable name: {key!r}"
        raise ValueError(message)
    if _BARE.fullmatch(value):
        return Encoded(f"{key}={value}")
    if not value.isprintable() or "'" in value or "\\" in value:
        message = f"the value of {key} cannot be written so that every reader agrees"
        raise ValueError(message)
    return Encoded(f"{key}='{value}'")


def dotenv_comment(text: str) -> Encoded:
    """Text for a comment line."""
    return Encoded("".join(character if character.isprintable() else " " for character in text))
