"""Git's attribute files: a path as a pattern that matches it and nothing else."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded
from compiler.text.regex import regex

_SPECIAL = regex(r"([*?\[\\])")


def git_pattern(path: str) -> Encoded:
    """A path of the directory that the file stands in; quoted as C does where a blank would end it."""
    pattern = "/" + _SPECIAL.sub(r"\\\1", path)
    if not re.search(r'[\s"]', pattern):
        return Encoded(pattern)
    quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
    return Encoded(f'"{quoted}"')
