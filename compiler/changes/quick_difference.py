"""Which values of two plans differ, by plain recursion: what deepdiff says of mappings and scalars, without its import.

The plain function is `compiler.changes.difference.differing_paths`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str, ...]
_Pairs = set[tuple[int, int]]


def differing_paths(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[Path]:
    """The way to every value that differs, as far as keys lead. Both documents are JSON."""
    found: list[Path] = []
    _compare(before, after, (), found, set())
    return set(found)


def _compare(before: Mapping[str, Any], after: Mapping[str, Any], path: Path, found: list[Path], same: _Pairs) -> None:
    """Add what differs to `found`; `same` are mappings that do not: environments share with the plan what they have."""
    if before == after and _is_alike(before, after, same):
        return
    for key, old in before.items():
        if key not in after:
            found.append((*path, key))
            continue
        new = after[key]
        if isinstance(old, dict) and isinstance(new, dict):
            if (id(old), id(new)) not in same:
                _compare(old, new, (*path, key), found, same)
        elif old != new or not _is_alike_at(old, new, same):
            found.append((*path, key))
    found.extend([(*path, key) for key in after if key not in before])


def _is_alike(before: Any, after: Any, same: _Pairs) -> bool:  # noqa: ANN401 - plan.json is JSON
    """Whether two mappings or two lists that Python calls equal are so in JSON, too: 1 is neither true nor 1.0."""
    pair = (id(before), id(after))
    if pair in same:
        return True
    for place, old in before.items() if isinstance(before, dict) else enumerate(before):
        kind = type(old)
        if kind is str or (new := after[place]) is old:
            continue
        is_deep = kind is dict or kind is list or isinstance(old, dict)
        if old and not _is_alike(old, new, same) if is_deep else kind is not type(new):
            return False
    same.add(pair)
    return True


def _is_alike_at(old: Any, new: Any, same: _Pairs) -> bool:  # noqa: ANN401
    if isinstance(old, dict | list):
        return not old or _is_alike(old, new, same)
    return type(old) is type(new)
