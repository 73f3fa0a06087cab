"""Plan values in Compose's words: texts, durations, paths."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.value import SecretOf, Variable
from compiler.spell.compose import compose_literal, compose_required, compose_variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.plan import Plan, SecretPlan
    from compiler.model.value import Text


def compose_text(text: Text, secrets: Mapping[str, SecretPlan]) -> str:
    """A text as Compose interpolates it."""
    return "".join(_piece(piece, secrets) for piece in text)


def _piece(piece: str | Variable | SecretOf, secrets: Mapping[str, SecretPlan]) -> str:
    if isinstance(piece, str):
        return compose_literal(piece)
    if isinstance(piece, Variable):
        return compose_variable(piece.name, piece.default, piece.message)
    secret = secrets.get(piece.name)
    optional = secret is not None and secret.how == "optional"
    return compose_variable(piece.name, "") if optional else compose_required(piece.name)


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
