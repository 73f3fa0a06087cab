"""From two plans to what is told of them: nothing that differs stays silent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from compiler.changes.change import Change, Weight
from compiler.changes.difference import ABSENT, Difference, Path, find_differences
from compiler.changes.kind import ChangeKind, Follows, Spot, as_mapping
from compiler.changes.kinds import AREAS, SOMETHING_ELSE
from compiler.changes.order import fold_layers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EACH = frozenset({("parts",), ("extras",)})
"""What comes and goes key by key in a unit, down to `_DEEP` keys."""
_DEEP = 4
_RANK = {weight: rank for rank, weight in enumerate(Weight)}


def tell_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every change between two plan.json documents: breaking first, then notable, then quiet; inside by place.

    A change of an environment that the manifest's own plan has, too, is told once.
    """
    plans: dict[Path, dict[Path, Difference]] = {("plan",): {}}
    for whole in find_differences(before, after):
        for difference in _one_by_one(whole):
            root, path = _split(difference.path)
            plans.setdefault(root, {})[path] = difference._replace(path=path)
    shared = plans[("plan",)]
    found: dict[tuple[object, ...], Change] = {}
    for root, differences in plans.items():
        told = {path: one for path, one in differences.items() if root == ("plan",) or not _is_told(one, shared)}
        for change in _changes(root, told, differences, before, after):
            key = (change.kind, change.subject, change.told, change.action)
            other = found.get(key)
            if other is None:
                found[key] = change
            elif other.environments and change.environments:
                found[key] = other._replace(
                    environments=tuple(dict.fromkeys((*other.environments, *change.environments)))
                )
    return tuple(sorted(fold_layers(found.values()), key=_order))


def _split(path: Path) -> tuple[Path, Path]:
    """The way to the plan that a path belongs to, and its path there; what is of no plan is of the document."""
    if path[0] == "plan" and len(path) > 1:
        return path[:1], path[1:]
    if path[0] == "environments" and len(path) > 2:  # noqa: PLR2004
        return path[:2], path[2:]
    return (), path


def _one_by_one(difference: Difference) -> Iterator[Difference]:
    """Parts and settings that come or go all at once, each by itself."""
    _, path = _split(difference.path)
    value = difference.after if difference.sign == "+" else difference.before
    is_one = path[0] != "units" or path[2:3] not in _EACH or len(path) > _DEEP or not difference.sign
    if is_one or not as_mapping(value):
        yield difference
        return
    for key, inner in value.items():
        sides = (ABSENT, inner) if difference.sign == "+" else (inner, ABSENT)
        yield from _one_by_one(Difference((*difference.path, key), *sides))


def _is_told(one: Difference, shared: Mapping[Path, Difference]) -> bool:
    """Whether the manifest's own plan has that difference, too."""
    base = shared.get(one.path)
    if base is None or base.sign != one.sign:
        return False
    is_outcome = one.path[0] == "least_start_ms" or one.path[2:] == ("layer",)
    is_same = (base.before, base.after) == (one.before, one.after)
    return bool(one.sign) or is_outcome or is_same or _comes_and_goes(one, base)


def _comes_and_goes(one: Difference, base: Difference) -> bool:
    """Whether something comes in both or goes in both, though it looks otherwise in a copy of the system."""
    is_whole = one.path == ("gateway",) or one.path[2:] == ("health",) or one.path[4:] == ("host",)
    return is_whole and _side(one) is not None and _side(one) == _side(base)


def _side(one: Difference) -> str | None:
    return "+" if one.before is None else "-" if one.after is None else None


def _changes(
    root: Path,
    told: Mapping[Path, Difference],
    differences: Mapping[Path, Difference],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Iterator[Change]:
    old, new = before, after
    for key in root:
        old, new = as_mapping(old.get(key)), as_mapping(new.get(key))
    project = str(after.get("project"))
    memory: dict[str, Any] = {}
    for path, one in told.items():
        spot = Spot(path, one.before, one.after, old, new, differences, project, memory)
        change = _told(spot, root, one.sign)
        if change is not None:
            yield change


def _told(spot: Spot, root: Path, sign: str) -> Change | None:
    """The change, None where it is told with another one."""
    if _is_of_another_unit(spot):
        return None
    for entry in _entries(spot.path, sign):
        if isinstance(entry, Follows):
            if entry.is_so(spot):
                return None
            continue
        change = _change(entry, spot, root)
        if change is not None:
            return change
    return _change(SOMETHING_ELSE, spot, root)


def _is_of_another_unit(spot: Spot) -> bool:
    """What is within a unit that is another kind of thing from now on, which is told; but not where it is published."""
    if spot.path[0] != "units" or len(spot.path) <= 2 or spot.path[4:] == ("host",):  # noqa: PLR2004
        return False
    telling = [path for path in (("kind",), ("settings", "type")) if spot.sign("units", spot.name, *path) == ""]
    return bool(telling) and spot.path[2:] not in telling


def _change(kind: ChangeKind, spot: Spot, root: Path) -> Change | None:
    told = kind.tell(spot)
    if told is None:
        return None
    return Change(
        kind.name,
        kind.weight,
        told.subject or spot.name,
        told.told,
        told.action or kind.action,
        None if spot.before is ABSENT else spot.before,
        None if spot.after is ABSENT else spot.after,
        root[1:],
        "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in (*root, *spot.path)),
    )


def _entries(path: Path, sign: str) -> Iterator[ChangeKind | Follows]:
    for pattern, entries in _index().get((sign, path[0]), ()):
        if _fits(pattern, path):
            yield from entries


@cache
def _index() -> Mapping[tuple[str, str], tuple[tuple[Path, tuple[ChangeKind | Follows, ...]], ...]]:
    """Every pattern with its entries, by sign and first key."""
    index: dict[tuple[str, str], list[tuple[Path, tuple[ChangeKind | Follows, ...]]]] = {}
    for area in AREAS.values():
        for pattern, entries in area.items():
            sign = pattern[0] if pattern[0] in "+-" else ""
            path = tuple(pattern.removeprefix(sign).split("/"))
            index.setdefault((sign, path[0]), []).append((path, entries))
    return {key: tuple(found) for key, found in index.items()}


def _fits(pattern: Path, path: Path) -> bool:
    if pattern[-1] == "**":
        return len(path) >= len(pattern) and _fits(pattern[:-1], path[: len(pattern) - 1])
    pairs = zip(pattern, path, strict=False)
    return len(pattern) == len(path) and all(wanted in {"*", key} for wanted, key in pairs)


def _order(change: Change) -> tuple[object, ...]:
    return _RANK[change.weight], bool(change.environments), change.place, change.kind
