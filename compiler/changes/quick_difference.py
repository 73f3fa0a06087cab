"""Which values of two plans differ, by plain recursion: what deepdiff says of mappings and scalars, without its import.

The plain function is `compiler.changes.difference.differing_paths`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str, ...]
_Pair = tuple[int, int]


def differing_paths(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[Path]:
    """The way to every value that differs, as far as keys lead. Both documents are JSON."""
    found: list[Path] = []
    _compare(before, after, (), found, set())
    return set(found)


def _compare(
    before: Mapping[str, Any], after: Mapping[str, Any], path: Path, found: list[Path], same: set[_Pair]
) -> None:
    """Add to `found`, and to `same` where nothing differs: environments share with the plan what they have of it."""
    pair = (id(before), id(after))
    if pair in same:
        return
    if before == after and repr(before) == repr(after):  # both at the speed of C, and only the second tells true from 1
        same.add(pair)
        return
    so_far = len(found)
    for key, old in before.items():
        if key not in after:
            found.append((*path, key))
            continue
        new = after[key]
        if isinstance(old, dict) and isinstance(new, dict):
            _compare(old, new, (*path, key), found, same)
        elif _is_other(old, new):
            found.append((*path, key))
    if before.keys() != after.keys():
        found.extend((*path, key) for key in after if key not in before)
    if len(found) == so_far:
        same.add(pair)


def _is_other(old: Any, new: Any) -> bool:  # noqa: ANN401 - plan.json is JSON
    """Whether two values differ, true and 1 told apart; lists item by item, as deepdiff zips them."""
    if type(old) is str or old is None:
        return bool(old != new)
    if isinstance(old, dict) and isinstance(new, dict):
        return bool(differing_paths(old, new))
    if type(old) is not type(new):
        return True
    if isinstance(old, list):
        return len(old) != len(new) or any(map(_is_other, old, new))
    return bool(old != new)
