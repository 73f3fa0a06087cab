"""When two values of JSON are the same."""

from __future__ import annotations


def is_same(before: object, after: object) -> bool:
    """Whether two values of JSON are equal, and not only because Python takes true for 1 and 1 for 1.0."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(is_same(before[key], value) for key, value in after.items())
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(is_same, before, after))
    return type(before) is type(after) and before == after
