"""What is emitted, who owns it, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal, NamedTuple


class Owner(Enum):
    """Who a file belongs to once it stands."""

    GENERATED = "generated"
    ONCE = "once"


class Artifact(NamedTuple):
    """A file to write, its lines ended by a line feed; signed already where it is generated."""

    text: str
    executable: bool = False
    owner: Owner = Owner.GENERATED


Tree = Mapping[str, Artifact]
"""Path in the output directory -> file, in a fixed order."""


class Standing(NamedTuple):
    """What stands at a path of the output directory; text is None where it is no readable UTF-8 file."""

    kind: Literal["absent", "file", "directory", "symlink", "special"]
    text: str | None = None
    executable: bool = False


class OnDisk(NamedTuple):
    """What stands at a path. `signature` is judged from the file alone: valid means unedited since we wrote it."""

    kind: Literal["absent", "file", "directory", "symlink", "special"]
    signature: Literal["none", "valid", "broken"] = "none"
    same: bool = False
    executable: bool = False


class Action(Enum):
    """What is done about a path."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    UNCHANGED = "unchanged"
    REPLACE = "replace"
    """Overwrite at the person's word: the edited text is saved beside it first."""
    IGNORE = "ignore"
    EDITED = "edited"
    """Refused: generated, and edited by hand since."""
    FOREIGN = "foreign"
    """Refused: not ours."""


class Decision(NamedTuple):
    """One path and what is done about it."""

    path: str
    action: Action
