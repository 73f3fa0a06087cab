"""Markdown and Mermaid: text that cannot leave its cell, span or label."""

from __future__ import annotations

import re

from compiler.spell.encoded import Encoded
from compiler.text.regex import regex

_SPECIAL = regex(r"[\\`*_{}\[\]<>|#!~&$]|(?<=www)\.|(?<=http):|(?<=https):|(?<=ftp):", re.IGNORECASE)
"""Markup of CommonMark and of GitHub, which makes links of bare URLs, too, and formulas between dollars."""
_START = regex(r"[-+=]|[0-9]{1,9}(?=[.)])")
"""What is markup at the start of a line only."""
_ADDRESS = regex(r"(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]++(?:@[A-Za-z0-9._-]*+(?:\+[A-Za-z0-9.+_-]*+(?=@))?)+", re.ASCII)
"""What GitHub makes a link of, whatever in it is escaped."""
_CONTROLS = regex("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What steers a terminal, or the direction of the text that follows."""
_RUNS = regex(r"`+")
_LABEL = regex(r"[#&\"<>`\\$%\ufb02]|:(?=\S)|\u00b6(?=\u00df)")
"""What Mermaid reads something into: the end of a label, entities, line breaks, formulas, directives, and the letters
that it spells entities with while it works. A colon behind `style` takes the end off an entity."""
_ENTITIES = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "\ufb02": "fl", "\u00b6": "\u00b6 "}
_UNNAMED = regex(r"[^A-Za-z0-9]")


def markdown_text(text: str) -> Encoded:
    """Prose or a table cell: nothing in it is markup, line breaks become spaces. A mail address is a code span."""
    line = _line(text)
    written, end = "", 0
    for address in _ADDRESS.finditer(line) if "@" in line else ():
        written += f"{_SPECIAL.sub(_escaped, line[end : address.start()])}`{address[0]}`"
        end = address.end()
    written += _SPECIAL.sub(_escaped, line[end:])
    return Encoded(_START.sub(_kept_from_starting, written, count=1) if _START.match(written) else written)


def markdown_code(text: str) -> Encoded:
    """A code span, its fence longer than any run of backticks in it; in a table cell, too.

    Plain text where it holds a backslash before a pipe: renderers do not agree on where such a cell ends.
    """
    line = _line(text)
    if "\\|" in line:
        return markdown_text(line)
    line = line.replace("|", "\\|")
    if line and "`" not in line:
        return Encoded(f"`{line}`")
    longest = max((len(run) for run in _RUNS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return Encoded(f"{fence}{pad}{line}{pad}{fence}")


def mermaid_label(text: str) -> Encoded:
    """A quoted label of a Mermaid node or edge; a blank for an empty text, for which Mermaid has no label."""
    return Encoded(f'"{_LABEL.sub(_entity, _line(text)) or " "}"')


def mermaid_name(text: str) -> Encoded:
    """A node's identifier, made of letters, digits and underscores."""
    return Encoded("n_" + _UNNAMED.sub("_", text))


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _kept_from_starting(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"#{ord(found[0])};"


def _line(text: str) -> str:
    return _CONTROLS.sub("\ufffd", " ".join(text.split()))
