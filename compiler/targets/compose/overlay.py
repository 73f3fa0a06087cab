"""The dev overlay: what the dev environment adds to the system or replaces in it, and nothing else."""

from __future__ import annotations

from typing import Any

from compiler.spell.yaml import Sourced
from compiler.text.named import NamedTuple

_REPLACED = frozenset({"command", "entrypoint"})
"""Lists of a service that Compose replaces; to every other one it appends (and of two mounts at one target the later
counts)."""
_WHOLE = frozenset({"build", "healthcheck"})
"""Settings of a service that are repeated whole where anything in them differs."""
_SETTING = 3
"""Steps to a setting of a service: `services`, its name, the setting's."""


class Overlay(NamedTuple):
    """The overlay file, and what dev would have to take away, which no overlay can."""

    document: dict[str, Any]
    removed: tuple[tuple[str | int, ...], ...]


def compose_overlay(base: dict[str, Any], dev: dict[str, Any]) -> Overlay:
    """The difference between two Compose files as a file that Compose lays over the first."""
    removed: list[tuple[str | int, ...]] = []
    difference = _difference(base, dev, (), removed)
    document = {key: value for key, value in difference.items() if key != "name"}
    return Overlay({"services": {}, **document}, tuple(removed))


def _difference(
    base: dict[str, Any], dev: dict[str, Any], at: tuple[str | int, ...], removed: list[tuple[str | int, ...]]
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    removed.extend((*at, key) for key in base if key not in dev)
    for key, value in dev.items():
        if key not in base:
            result[key] = value
            continue
        change = _change(base[key], value, (*at, key), removed)
        if change is not None:
            result[key] = change
    return result


def _change(
    before: object, after: object, at: tuple[str | int, ...], removed: list[tuple[str | int, ...]]
) -> object | None:
    if _is_same(before, after):
        return None
    route = after.route if isinstance(after, Sourced) else None
    inner = after.value if isinstance(after, Sourced) else after
    outer = before.value if isinstance(before, Sourced) else before
    setting = at[-1] if len(at) == _SETTING else ""
    if isinstance(inner, dict) and isinstance(outer, dict) and setting not in _WHOLE:
        return _again(_difference(outer, inner, at, removed), route)
    if isinstance(inner, list) and isinstance(outer, list) and setting not in _REPLACED:
        known = [_bare(item) for item in outer]
        mounts = {_mounted_at(item) for item in inner} if setting == "volumes" else set()
        if any(item not in [_bare(other) for other in inner] and _mounted_at(item) not in mounts for item in known):
            removed.append(at)
        return _again([item for item in inner if _bare(item) not in known], route)
    return after


def _mounted_at(item: object) -> object:
    """Where a mount stands in the container."""
    mount = _bare(item)
    return mount["target"] if isinstance(mount, dict) else str(mount).partition(":")[2].removesuffix(":ro")


def _is_same(before: object, after: object) -> bool:
    """Whether both are written alike, wherever they come from; what two environments share is one object."""
    if before is after:
        return True
    old = before.value if isinstance(before, Sourced) else before
    new = after.value if isinstance(after, Sourced) else after
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_is_same(old[key], value) for key, value in new.items())
    return bool(_bare(old) == _bare(new))


def _again(value: object, route: tuple[str | int, ...] | None) -> object:
    return value if route is None else Sourced(value, route)


def _bare(node: object) -> object:
    if isinstance(node, Sourced):
        return _bare(node.value)
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_bare(item) for item in node]
    return node
