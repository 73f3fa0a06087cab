"""Plan values in Compose's words: texts, durations, paths."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.model.value import Variable
from compiler.spell.compose import compose_literal, compose_required, compose_variable

if TYPE_CHECKING:
    from collections.abc import Container

    from compiler.model.plan import Plan
    from compiler.model.value import SecretOf, Text


def compose_text(text: Text, optional: Container[str]) -> str:
    """A text as Compose interpolates it; `optional` are the secrets that may be empty."""
    return "".join([compose_literal(piece) if isinstance(piece, str) else _hole(piece, optional) for piece in text])


def _hole(piece: Variable | SecretOf, optional: Container[str]) -> str:
    if isinstance(piece, Variable):
        return compose_variable(piece.name, piece.default, piece.message)
    return compose_variable(piece.name, "") if piece.name in optional else compose_required(piece.name)


@lru_cache(maxsize=256)
def duration(milliseconds: int) -> str:
    """`500ms`, `5s`, `1m30s`, as Compose reads them."""
    seconds, rest = divmod(milliseconds, 1000)
    if rest or not seconds:
        return f"{milliseconds}ms"
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes}m{seconds}s" if minutes and seconds else f"{minutes}m" if minutes else f"{seconds}s"


def from_output(path: str, output: str) -> str:
    """A path relative to the manifest's folder, seen from the output directory; always starts with a dot."""
    if path.startswith("/"):
        return path
    seen = posixpath.relpath(path, output)
    return seen if seen.startswith("..") or seen == "." else f"./{seen}"


def project_name(plan: Plan) -> str:
    """The Compose project of an environment; dev is the system itself."""
    return plan.project if plan.environment in {"", "dev"} else f"{plan.project}-{plan.environment}"
