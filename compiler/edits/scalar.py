"""Text as a scalar of the manifest's dialect: quoted where it must be, or where it was."""

from __future__ import annotations

from compiler.edits.edit_error import EditError
from compiler.spell.yaml import yaml_string
from compiler.text.regex import regex

_BARE = regex(r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=\S))(?:[^:\s]|:(?=\S)|\s+(?=[^\s#]))*")
_QUOTES = "'\""
_MERGE = "<<"


def scalar(text: str, written: str = "") -> str:
    """The text on one line: with the quotes of what was `written` before, bare where neither it nor the text has any.

    Raises EditError for what no manifest can say.
    """
    quote = written[:1] if written[:1] in _QUOTES else ""
    if not quote and is_bare(text):
        return text
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if "\0" in text:
        message = "a manifest cannot say a zero character"
        raise EditError(message)
    try:
        return str(yaml_string(text))
    except ValueError as problem:
        raise EditError(str(problem)) from None


def key(text: str) -> str:
    """The text as a key."""
    return scalar(text, '"' if text == _MERGE else "")


def is_bare(text: str) -> bool:
    """Whether a text needs no quotes."""
    return text.isprintable() and _BARE.fullmatch(text) is not None


def literal(text: str, indent: int) -> list[str] | None:
    """A text of several lines as a literal block, its header first; None where only quotes can say it."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if not all(line.isprintable() and line.strip() for line in lines) or lines[0][0] == " ":
        return None
    return [f"|{'' if text.endswith(chr(10)) else '-'}", *(" " * indent + line for line in lines)]
