"""Regular expressions that are compiled when they are first asked: a run asks half of those there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr

if TYPE_CHECKING:
    from re import Pattern


def regex(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """What `re.compile` makes of a pattern, as soon as it is asked anything."""
    waiting: Any = _Waiting(pattern, flags)
    compiled: Pattern[AnyStr] = waiting
    return compiled


class _Waiting:
    """A pattern to be: each of its methods is found once, and stands here from then on."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._made_of: Any = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        """A method or attribute of the compiled pattern."""
        found = getattr(re.compile(*self._made_of), name)
        setattr(self, name, found)
        return found
