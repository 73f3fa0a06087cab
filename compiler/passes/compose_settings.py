"""The pass-through `compose:`, typed as Compose types it: a document holds nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_FLAGS = frozenset({"init", "privileged", "read_only", "stdin_open", "tty"})


def compose_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with flags and limits as what they are; whatever Compose reads as text stays text."""
    found: dict[str, Any] = {key: _flag(value) if key in _FLAGS else value for key, value in settings.items()}
    if isinstance(found.get("env_file"), list):
        found["env_file"] = [_env_file(entry) for entry in found["env_file"]]
    if isinstance(found.get("ulimits"), dict):
        found["ulimits"] = {name: _limit(limit) for name, limit in found["ulimits"].items()}
    return found


def _flag(value: object) -> bool:
    return str(value) == "true"


def _env_file(entry: object) -> object:
    if isinstance(entry, dict) and "required" in entry:
        return {**entry, "required": _flag(entry["required"])}
    return entry


def _limit(limit: object) -> object:
    if isinstance(limit, dict):
        return {key: int(value) for key, value in limit.items()}
    return int(str(limit))
