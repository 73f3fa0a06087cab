"""The rules of a kind: what differs by version, or by which settings were written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.catalog.versions import is_within


def applied(kind: Mapping[str, Any], version: str, given: frozenset[str]) -> dict[str, Any]:
    """Apply, in order, every rule that holds: mappings merge, all else is replaced."""
    result = {key: value for key, value in kind.items() if key != "rules"}
    for rule in kind.get("rules", ()):
        if _holds(rule["when"], version, given):
            result = _merged(result, rule["then"])
    return result


def _holds(when: Mapping[str, str], version: str, given: frozenset[str]) -> bool:
    return all(
        is_within(version, wanted) if setting == "version" else (setting in given) == (wanted == "given")
        for setting, wanted in when.items()
    )


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in change.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result
