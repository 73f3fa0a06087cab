"""Shell words: bash 3.2 and dash alike."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded
from compiler.text.regex import regex

_BARE = regex(r"[\w@%+:,./-][\w@%+=:,./-]*", re.ASCII)
"""What no shell reads anything into: zsh does into an `=` in front, and shellcheck takes it for a mistake."""


def shell_word(text: str) -> Encoded:
    """One word of a shell command. Raises ValueError for NUL, which no shell can carry."""
    if "\0" in text:
        message = "a shell word cannot hold NUL"
        raise ValueError(message)
    if _BARE.fullmatch(text):
        return Encoded(text)
    quoted = text.replace("'", "'\"'\"'")
    return Encoded(f"'{quoted}'")


def shell_comment(text: str) -> Encoded:
    """Text for the rest of a comment line: control characters and line breaks become spaces."""
    return Encoded("".join(character if character.isprintable() else " " for character in text))
