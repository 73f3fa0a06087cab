"""What was worked out before in one compilation: the same inputs have the very same result, worked out once.

Every environment is lowered and resolved as a whole, and most of them have most in common.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar

from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

Result = TypeVar("Result")


class Recall(NamedTuple):
    """Results by the work that gave them, for work that looks at nothing but its inputs and changes none of them."""

    known: dict[Hashable, list[tuple[tuple[object, ...], Any]]]

    def __call__(self, work: Callable[..., Result], *inputs: object, of: Hashable = None) -> Result:
        """The result of the work for these inputs. `of` names the one thing of many that it is about."""
        results = self.known.setdefault((work, of), [])
        for known, result in results:
            if is_same(known, inputs):
                found: Result = result
                return found
        made = work(*inputs)
        results.append((inputs, made))
        return made

    def every(self, work: Callable[..., Iterable[Result]], *inputs: object) -> tuple[Result, ...]:
        """All that the work yields for these inputs."""
        return self(_every, work, *inputs, of=work)

    def of_names(self, *names: str) -> frozenset[str]:
        """A set of names; of the same names in the same order it is the same set."""
        found: frozenset[str] = self(frozenset, names)
        return found

    def one(self, *values: object, of: Hashable) -> tuple[Any, ...]:
        """The values, or earlier ones for the same thing that cannot be told from them."""
        return self(_together, *values, of=of)


def _every(work: Callable[..., Iterable[Result]], *inputs: object) -> tuple[Result, ...]:
    return tuple(work(*inputs))


def _together(*values: object) -> tuple[object, ...]:
    return values


def is_same(one: object, other: object) -> bool:
    """Whether two values cannot be told apart: equal, of one type, and their mappings in one order."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and _are_same(tuple(one.values()), tuple(other.values()))
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and _are_same(one, other)
    return one == other


def _are_same(one: tuple[object, ...] | list[object], other: tuple[object, ...] | list[object]) -> bool:
    return all(map(is_, one, other)) or all(map(is_same, one, other))
