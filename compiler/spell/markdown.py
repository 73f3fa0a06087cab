"""Markdown and Mermaid: text that cannot leave its cell, span or label."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded
from compiler.text.regex import regex

_SPECIAL = regex(r"[\\`*_{}\[\]<>|#!~&]")
_RUNS = regex(r"`+")
_ENTITIES = {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
_NAMED = regex(r"[#&\"<>`]")
_UNNAMED = regex(r"[^A-Za-z0-9]")


def markdown_text(text: str) -> Encoded:
    """Prose or a table cell: nothing in it is markup, line breaks become spaces."""
    line = _line(text)
    return Encoded(_SPECIAL.sub(_escaped, line))


def markdown_code(text: str) -> Encoded:
    """A code span, its fence longer than any run of backticks in it; in a table cell, too."""
    line = _line(text).replace("|", "\\|")
    if line and "`" not in line:
        return Encoded(f"`{line}`")
    longest = max((len(run) for run in _RUNS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return Encoded(f"{fence}{pad}{line}{pad}{fence}")


def mermaid_label(text: str) -> Encoded:
    """A quoted label of a Mermaid node or edge."""
    return Encoded(f'"{_NAMED.sub(_entity, _line(text))}"')


def mermaid_name(text: str) -> Encoded:
    """A node's identifier, made of letters, digits and underscores."""
    return Encoded("n_" + _UNNAMED.sub("_", text))


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES[found[0]]


def _line(text: str) -> str:
    return " ".join(text.split())
