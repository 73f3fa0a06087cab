"""Shell words: bash 3.2 and dash alike."""

from __future__ import annotations

import shlex

from compiler.spell.encoded import Encoded


def shell_word(text: str) -> Encoded:
    """One word of a shell command. Raises ValueError for NUL, which no shell can carry."""
    if "\0" in text:
        message = "a shell word cannot hold NUL"
        raise ValueError(message)
    return Encoded(shlex.quote(text))


def shell_comment(text: str) -> Encoded:
    """Text for the rest of a comment line: control characters and line breaks become spaces."""
    return Encoded("".join(character if character.isprintable() else " " for character in text))
