"""Git's attribute files: a path as a pattern that matches it and nothing else."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded
from compiler.text.regex import regex

_SPECIAL = regex(r"([*?\[\\])")
_CONTROL = regex(r"[\x00-\x1f\x7f]")


def git_pattern(path: str) -> Encoded:
    """A path of the directory that the file stands in; quoted as C does where a blank would end it.

    Raises ValueError for control characters: a line break would begin another pattern.
    """
    if _CONTROL.search(path):
        message = f"{path!r} cannot be a pattern of git's"
        raise ValueError(message)
    pattern = "/" + _SPECIAL.sub(r"\\\1", path)
    if not re.search(r'[\s"]', pattern):
        return Encoded(pattern)
    quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
    return Encoded(f'"{quoted}"')
