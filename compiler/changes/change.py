"""One change of a plan, as a reader is told of it."""

from __future__ import annotations

from enum import Enum
from typing import Any

from compiler.text.named import NamedTuple


class Weight(Enum):
    """How much a change matters: the gravest first."""

    BREAKING = "breaking"
    """Somebody or some data breaks unless they act."""
    NOTABLE = "notable"
    """A reviewer should look."""
    QUIET = "quiet"
    """Harmless."""


class Change(NamedTuple):
    """One change. Whatever a person wrote stands between backticks in `told` and `action`, and has none inside."""

    kind: str
    """A stable name, such as `host-port-changed`."""
    weight: Weight
    subject: str
    """What changed: a service, a volume, a route."""
    told: str
    """One sentence."""
    action: str
    """What to do, empty where nothing is to be done."""
    before: Any
    """The value before, None where there was none."""
    after: Any
    environments: tuple[str, ...]
    """Where, if not in the manifest's own plan."""
    place: str
    """The JSON Pointer (RFC 6901) in plan.json, of the first environment concerned."""
