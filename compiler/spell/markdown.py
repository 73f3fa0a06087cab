"""Markdown and Mermaid: text that cannot leave its cell, span or label."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!~&])")


def markdown_text(text: str) -> Encoded:
    """Prose or a table cell: nothing in it is markup, line breaks become spaces."""
    line = " ".join(text.split())
    return Encoded(_SPECIAL.sub(r"\\\1", line))


def markdown_code(text: str) -> Encoded:
    """A code span, its fence longer than any run of backticks in it; in a table cell, too."""
    line = " ".join(text.split()).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return Encoded(f"{fence}{pad}{line}{pad}{fence}")


def mermaid_label(text: str) -> Encoded:
    """A quoted label of a Mermaid node or edge."""
    line = " ".join(text.split())
    line = line.replace("#", "#35;")
    for character, entity in (("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        line = line.replace(character, entity)
    return Encoded(f'"{line}"')


def mermaid_name(text: str) -> Encoded:
    """A node's identifier, made of letters, digits and underscores."""
    return Encoded("n_" + re.sub(r"[^A-Za-z0-9]", "_", text))
