"""Wishes about a manifest, sorted by what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.edits.edit_error import EditError
from compiler.edits.layout import Value
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.source import Route


class Wish(NamedTuple):
    """The value that is to stand at a route of the document as it is written; None: nothing is to stand there.

    A missing parent is made. An index one behind the last adds an item to a list.
    """

    route: Route
    value: Value | None


class Within(NamedTuple):
    """Wishes about what stands inside a mapping or list."""

    steps: dict[str | int, Wanted]


class Exactly(NamedTuple):
    """A wish about a value as a whole."""

    value: Value | None


Wanted = Within | Exactly


def gathered(wishes: Iterable[Wish]) -> Within:
    """All wishes as one tree. Raises EditError where two of them contradict each other."""
    root = Within({})
    for wish in wishes:
        if not wish.route:
            message = "a manifest cannot be replaced as a whole"
            raise EditError(message)
        _gather(root, wish.route, wish)
    return root


def _gather(into: Within, rest: Route, wish: Wish) -> None:
    step, known = rest[0], into.steps.get(rest[0])
    if len(rest) == 1 and known in (None, Exactly(wish.value)):
        into.steps[step] = Exactly(wish.value)
    elif len(rest) > 1 and not isinstance(known, Exactly):
        inner = into.steps.setdefault(step, Within({}))
        if isinstance(inner, Within):
            _gather(inner, rest[1:], wish)
    else:
        message = f"two changes contradict each other at `{spelled(wish.route)}`"
        raise EditError(message)


def built(wanted: Within) -> Value:
    """The value that wishes about nothing make."""
    found = {step: new_value(inner) for step, inner in wanted.steps.items()}
    kept = {step: new for step, new in found.items() if new is not None}
    if kept and all(isinstance(step, int) for step in kept):
        return list(kept.values())
    return {str(step): new for step, new in kept.items()}


def new_value(wanted: Wanted) -> Value | None:
    """What is to stand where nothing stands yet; None: nothing still."""
    if isinstance(wanted, Exactly):
        return wanted.value
    return built(wanted) or None


def grown(old: list[Value], new: list[Value]) -> dict[str | int, Wanted] | None:
    """Items to take away and to add at the end that make the one list of the other; None where that is not enough."""
    kept: list[int] = []
    for index, item in enumerate(old):
        if len(kept) < len(new) and item == new[len(kept)]:
            kept.append(index)
    if not kept:
        return None
    gone: dict[str | int, Wanted] = {index: Exactly(None) for index in range(len(old)) if index not in kept}
    return {**gone, **{len(old) + n: Exactly(item) for n, item in enumerate(new[len(kept) :])}}


def check_steps(route: Route, value: dict[str, Value] | list[Value], added: dict[str | int, Value | None]) -> None:
    """Raise EditError where a mapping is asked for items, a list for keys, or one is to be added past the end."""
    indexes = [step for step in added if isinstance(step, int)]
    expected = list(range(len(value), len(value) + len(added))) if isinstance(value, list) else []
    if indexes != expected:
        what = "list" if isinstance(value, list) else "mapping"
        message = f"`{spelled(route)}` is a {what}: it has no `{next(iter(added))}`"
        raise EditError(message)


def spelled(route: Route) -> str:
    """A route as a person reads it: `gateway.routes[0]`."""
    return (
        "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".") or "manifest"
    )
