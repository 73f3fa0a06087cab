"""The structural difference of two plans, by deepdiff: only what differs is ever given to it.

Which values differ a fast twin finds out, too (quick_difference.py); deepdiff is the authority.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Any

from compiler.text.named import NamedTuple
from compiler.text.same import is_same
from compiler.text.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deepdiff import DeepDiff

Path = tuple[str, ...]
_OURS = ("generated", "periplus-signature", "files")
"""What a document says of itself, not of the system."""


class Absent(Enum):
    """What stands where nothing is."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Difference(NamedTuple):
    """A value that differs; a list counts as one value. ABSENT on a side where there is no such key."""

    path: Path
    before: Any
    after: Any

    @property
    def sign(self) -> str:
        """`+` for a key that was added, `-` for one that was removed, empty for another value."""
        if self.before is ABSENT:
            return "+"
        return "-" if self.after is ABSENT else ""


def find_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every difference of two plan.json documents, sorted by path; what a file says of itself is left out."""
    old, new = decided(before), decided(after)
    quick = twin("compiler.changes.quick_difference")
    paths = quick.differing_paths(old, new) if quick else differing_paths(old, new)
    return tuple(Difference(path, value_at(old, path), value_at(new, path)) for path in sorted(paths))


def differing_paths(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[Path]:
    """The way to every value that differs, as far as keys lead."""
    return {_as_far_as_keys(level.path(output_format="list")) for level in _levels(_compared(before, after))}


def raw_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What deepdiff says, as JSON with sorted keys."""
    found = _compared(decided(before), decided(after), view="text")
    return json.dumps(json.loads(found.to_json()), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def value_at(document: Any, path: Path) -> Any:  # noqa: ANN401 - plan.json is JSON
    """The value at a path, ABSENT where there is none."""
    for key in path:
        if not isinstance(document, dict) or key not in document:
            return ABSENT
        document = document[key]
    return document


def decided(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what it says of itself."""
    return {key: value for key, value in document.items() if key not in _OURS}


def _compared(before: Any, after: Any, view: str = "tree") -> DeepDiff:  # noqa: ANN401
    from deepdiff import DeepDiff  # noqa: PLC0415 - 80 ms that the fast twin does without

    old, new = (json.loads(json.dumps(side)) for side in _apart(before, after))
    return DeepDiff(
        old,
        new,
        view=view,
        verbose_level=2,
        ignore_private_variables=False,  # or a variable called `__X` would change in silence
        threshold_to_diff_deeper=0,  # or two mappings without a common key would count as one value
        zip_ordered_iterables=True,
    )


def _levels(found: DeepDiff) -> Iterator[Any]:
    for levels in found.values():
        yield from levels


def _as_far_as_keys(path: list[Any]) -> Path:
    """The path up to the first list: its items are not compared one by one."""
    end = next((index for index, key in enumerate(path) if not isinstance(key, str)), len(path))
    return tuple(path[:end])


def _apart(before: Any, after: Any, depth: int = 4) -> tuple[Any, Any]:  # noqa: ANN401
    """Both values without the entries that are the same in both: `environments`, `test`, `units`, each unit."""
    if depth == 0 or not isinstance(before, dict) or not isinstance(after, dict):
        return before, after
    old, new = dict(before), dict(after)
    for key in before.keys() & after.keys():
        if is_same(before[key], after[key]):
            del old[key], new[key]
        else:
            old[key], new[key] = _apart(before[key], after[key], depth - 1)
    return old, new
