"""What a kind of change is made of: a weight, a docstring, and a function that recognises it and tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compiler.changes.change import Weight
from compiler.changes.difference import ABSENT, Difference, Path, value_at
from compiler.text.named import NamedTuple

_LONGEST = 100
_DO = "Do: "


class Told(NamedTuple):
    """What is said of one difference; an empty `subject` is the name it stands under, an empty `action` the kind's."""

    told: str
    action: str = ""
    subject: str = ""


class Spot(NamedTuple):
    """One difference where it stands: in a plan (`old`, `new`) with all its other differences around it."""

    path: Path
    before: Any
    after: Any
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    found: Mapping[Path, Difference]
    project: str
    """What the project is called afterwards."""
    memory: dict[str, Any]
    """What was found out for the whole plan, so that it is found out once."""

    @property
    def name(self) -> str:
        """The unit, volume, secret ... that it belongs to."""
        return self.path[1] if len(self.path) > 1 else self.path[0]

    @property
    def last(self) -> str:
        """The key that differs."""
        return self.path[-1]

    def was(self, *path: str) -> Any:  # noqa: ANN401 - plan.json is JSON
        """What stood there before, None for nothing."""
        value = value_at(self.old, path)
        return None if value is ABSENT else value

    def now(self, *path: str) -> Any:  # noqa: ANN401
        """What stands there now, None for nothing."""
        value = value_at(self.new, path)
        return None if value is ABSENT else value

    def was_all(self, *path: str) -> Mapping[str, Any]:
        """The mapping that stood there before, an empty one for anything else."""
        return as_mapping(self.was(*path))

    def now_all(self, *path: str) -> Mapping[str, Any]:
        """The mapping that stands there now, an empty one for anything else."""
        return as_mapping(self.now(*path))

    def sign(self, *path: str) -> str | None:
        """How a path differs: `+`, `-`, empty for another value; None where it does not."""
        found = self.found.get(path)
        return None if found is None else found.sign

    def beside(self, section: str, name: str) -> list[Difference]:
        """All differences within one unit, volume, secret ..., but not that it is there."""
        if "beside" not in self.memory:
            index = self.memory["beside"] = {}
            for path, one in self.found.items():
                if len(path) > 2:  # noqa: PLR2004 - the section and the name
                    index.setdefault(path[:2], []).append(one)
        found: list[Difference] = self.memory["beside"].get((section, name), [])
        return found

    def is_same_as(self, *path: str) -> bool:
        """Whether another path differs by the same two values."""
        found = self.found.get(path)
        return found is not None and (found.before, found.after) == (self.before, self.after)


Tell = Callable[[Spot], Told | None]


class ChangeKind(NamedTuple):
    """A kind of change. `tell` gives None for a difference of another kind."""

    name: str
    weight: Weight
    meaning: str
    action: str
    tell: Tell


class Follows(NamedTuple):
    """A difference that another one brings about and that is told with it, where `is_so` says so."""

    is_so: Callable[[Spot], bool]


Table = Mapping[str, tuple[ChangeKind | Follows, ...]]
"""Path of a difference -> what may be made of it: the first that recognises it counts.

`*` stands for any key, `**` at the end for one or more; `+` before a path is for a key that was added, `-` for one
that was removed, and without either the value is another one.
"""


def breaking(tell: Tell) -> ChangeKind:
    """A kind after which somebody or some data breaks unless they act."""
    return _kind(tell, Weight.BREAKING)


def notable(tell: Tell) -> ChangeKind:
    """A kind that a reviewer should look at."""
    return _kind(tell, Weight.NOTABLE)


def quiet(tell: Tell) -> ChangeKind:
    """A harmless kind."""
    return _kind(tell, Weight.QUIET)


def ticked(value: object) -> str:
    """A value between backticks: one line, none of its own backticks, and not too long; words for an empty one."""
    span = _spanned(value)
    if not span:
        return "an empty text"
    return span if len(span) <= _LONGEST + 2 else f"{span[:_LONGEST]}…`"


def whole(value: object) -> str:
    """A command or name between backticks as it is to be typed: never shortened."""
    return _spanned(value) or "an empty text"


def listed(names: Any, most: int = 5) -> str:  # noqa: ANN401 - plan.json is JSON
    """`a`, `b` and `c`; of many the first ones; a value that is no list as it is."""
    if not isinstance(names, list):
        return ticked(names)
    return joined([ticked(name) for name in names], most)


def joined(shown: Sequence[str], most: int = 5) -> str:
    """One, two and three; of many the first ones."""
    if len(shown) > most:
        return f"{', '.join(shown[:most])} and {len(shown) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def seconds(milliseconds: Any) -> str:  # noqa: ANN401 - plan.json is JSON
    """A time as the manifest writes it: 5000 is `5s`, 1500 is `1500ms`."""
    if not is_number(milliseconds):
        return ticked(milliseconds)
    return f"`{milliseconds}ms`" if milliseconds % 1000 else f"`{milliseconds // 1000}s`"


def as_mapping(value: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """A mapping as it is, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def is_number(value: Any) -> bool:  # noqa: ANN401
    """Whether it is a whole number; true is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _kind(tell: Tell, weight: Weight) -> ChangeKind:
    paragraphs = [" ".join(part.split()) for part in (tell.__doc__ or "").split("\n\n")]
    action = next((part.removeprefix(_DO).rstrip(".") for part in paragraphs if part.startswith(_DO)), "")
    meaning = "\n\n".join(part for part in paragraphs if not part.startswith(_DO))
    return ChangeKind(tell.__name__.replace("_", "-"), weight, meaning, action, tell)


def _spanned(value: object) -> str:
    text = value if isinstance(value, str) else _spelled(value)
    line = " ".join(text.replace("`", "'").split())
    return f"`{line}`" if line else ""


def _spelled(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(str(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_spelled(inner)}" for key, inner in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else str(value)
