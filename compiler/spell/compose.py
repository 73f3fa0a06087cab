"""Compose's interpolation: a dollar is doubled, a hole becomes `${NAME…}`."""

from __future__ import annotations

import re

from compiler.text.regex import regex

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def compose_literal(text: str) -> str:
    """Text that Compose reads back as it stands."""
    return text.replace("$", "$$")


def compose_variable(name: str, default: str | None = None, message: str | None = None) -> str:
    """`${NAME}`, `${NAME:-default}` or `${NAME:?message}`.

    Raises ValueError for a bad name, or a brace, dollar or line break in default or message, for which Compose has no
    escape there.
    """
    if not _NAME.fullmatch(name):
        problem = f"not a variable name: {name!r}"
        raise ValueError(problem)
    if any(character in (default or "") + (message or "") for character in "{}$\n"):
        problem = f"a default or message of a variable cannot hold braces, dollars or line breaks: {name}"
        raise ValueError(problem)
    if message is not None:
        return f"${{{name}:?{message}}}"
    return f"${{{name}}}" if default is None else f"${{{name}:-{default}}}"


def compose_required(name: str) -> str:
    """A secret that must be set."""
    return compose_variable(name, message=f"set {name} in .env, see .env.example")
