"""Findings made up for what prints them."""

from __future__ import annotations

from compiler.model.finding import Diagnostic, Mark, Severity


def diagnostic(*marks: Mark, message: str = "wrong", code: str = "X001", **more: object) -> Diagnostic:
    """An error called X001 that says `wrong`, but for what is given."""
    values: dict[str, object] = {"name": "x", "severity": Severity.ERROR, "subject": "s", "help": "", **more}
    return Diagnostic(code=code, message=message, marks=marks, **values)  # type: ignore[arg-type]
