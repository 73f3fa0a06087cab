"""What is said to the person: defects that the passes leave, findings that the rules word."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal

from compiler.model.source import Place, Route, Span
from compiler.text.named import NamedTuple


class Severity(Enum):
    """How much a finding weighs: an error stops the compilation, a warning fails `lint --strict`."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Defect(NamedTuple):
    """What a pass could not decide, in no words: the rule that owns `kind` says it."""

    kind: str
    at: Route | Place
    facts: Mapping[str, str] = {}
    related: tuple[Route | Place, ...] = ()


class Label(NamedTuple):
    """A place to point at; `part` counts for a Route only, a Place says its own.

    What stands at the place of a `secret` label is never shown: not here, nor in the lines that other findings quote.
    """

    at: Route | Place
    text: str = ""
    part: Literal["key", "value"] = "value"
    secret: bool = False
    within: str = ""
    """What of the text that stands there is meant; all of it where that is empty, or written otherwise."""


class Fix(NamedTuple):
    """The one safe answer: `new` for `old` in the key or text at a place; where that is None the entry goes.

    `part` counts for a Route only, a Place says its own.
    """

    at: Route | Place
    old: str
    new: str | None
    part: Literal["key", "value"] = "value"


class Finding(NamedTuple):
    """One mistake, worded. The first label is where; the rest are why and may stand in other documents."""

    subject: str
    """Stable words for suppression and fingerprints: `auth-service/port`."""
    message: str
    labels: tuple[Label, ...]
    help: str = ""
    fix: Fix | None = None


class Mark(NamedTuple):
    """A label that has found its place; span is None where the document is absent or has no such line."""

    path: str
    span: Span | None
    text: str
    secret: bool = False


class Diagnostic(NamedTuple):
    """A finding with code, severity and places: ready to print in any format."""

    code: str
    name: str
    severity: Severity
    subject: str
    message: str
    marks: tuple[Mark, ...]
    help: str
    fix: Fix | None = None
    """With its Place."""
    reason: str = ""
    """Why the manifest suppresses it; empty where it does not."""
