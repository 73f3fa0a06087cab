"""What is emitted, who owns it, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal

from compiler.text.named import NamedTuple


class Owner(Enum):
    """Who a file belongs to once it stands."""

    GENERATED = "generated"
    KEPT = "kept"
    """The person's, with each emission merged into it."""
    BASE = "base"
    """The emission that a kept file was last merged with."""
    ONCE = "once"


class Artifact(NamedTuple):
    """A file to write: signed already where it is generated, merged already where it is kept.

    Its lines end with a line feed, those of a kept file as the person ends them.
    """

    text: str
    executable: bool = False
    owner: Owner = Owner.GENERATED


Tree = Mapping[str, Artifact]
"""Path in the output directory -> file, in a fixed order."""


class Standing(NamedTuple):
    """What stands at a path of the output directory; text is None where it is no readable UTF-8 file.

    `above` is what stands in the way where a folder of the path should be: `.` for the output directory itself.
    """

    kind: Literal["absent", "file", "directory", "symlink", "special"]
    text: str | None = None
    executable: bool = False
    above: str = ""


class Branch(NamedTuple):
    """One side of a merge that git waits for: the texts of the files that it changed in the output directory.

    `unsettled` are the paths that git calls unmerged.
    """

    name: str
    texts: Mapping[str, str]
    unsettled: frozenset[str] = frozenset()


Merging = Literal["none", "clean", "conflict", "marked", "baseless"]
"""How an emission goes into what stands: not at all, for it is no text; cleanly; with an overlap; not while the marks
of one stand; not without its base."""


class OnDisk(NamedTuple):
    """What stands at a path. `signature` is judged from the file alone: valid means unedited since we wrote it.

    `other` means signed by us for another manifest that is still there. `merging` counts for a kept file only.
    `lost` means that a branch that is being merged holds an edit of it, and what stands does not.
    """

    kind: Literal["absent", "file", "directory", "symlink", "special"]
    signature: Literal["none", "valid", "broken", "other"] = "none"
    same: bool = False
    executable: bool = False
    merging: Merging = "none"
    lost: bool = False


class Action(Enum):
    """What is done about a path."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    UNCHANGED = "unchanged"
    REPLACE = "replace"
    """Overwrite at the person's word: the edited text is saved beside it first."""
    MERGE = "merge"
    """Kept: what the manifest changes goes into the person's text."""
    CONFLICT = "conflict"
    """Merged, too, with both sides between marks where they overlap."""
    IGNORE = "ignore"
    EDITED = "edited"
    """Refused: generated, and edited by hand since."""
    FOREIGN = "foreign"
    """Refused: not ours."""
    OTHERS = "others"
    """Refused: generated from another manifest."""
    MARKED = "marked"
    """Refused: kept, and the marks of a conflict stand in it."""
    BASELESS = "baseless"
    """Refused: kept, and its base is missing or damaged."""
    LOST = "lost"
    """Refused: a merge that is not settled would lose what a branch's file holds."""


class Decision(NamedTuple):
    """One path and what is done about it."""

    path: str
    action: Action
