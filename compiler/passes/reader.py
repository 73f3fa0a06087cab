"""Texts of the manifest become numbers, times, flags and templates; what they get wrong is noted."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.passes.templates import read_template
from compiler.passes.widen import words
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.model.source import Route
    from compiler.model.value import Template

_DURATION = regex(r"(\d+)(ms|s|m|h)")
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_SHELL = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<"})


@lru_cache(maxsize=64)
def milliseconds(text: str) -> int:
    """A duration such as `1m30s` in milliseconds."""
    return sum(int(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))


def is_true(value: object) -> bool:
    """A flag, written as text or as YAML's own."""
    return str(value).lower() == "true"


def mapping(value: object) -> dict[str, Any]:
    """A mapping as it stands; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


class Reader(NamedTuple):
    """Turns entries into values; collects what their texts get wrong."""

    defects: list[Defect]

    def text(self, value: object, at: Route) -> Template:
        """A template; a malformed hole is noted."""
        template, malformed = read_template(str(value))
        if malformed:
            self.defects.extend(Defect("text.malformed", at, {"text": wrong.text}) for wrong in malformed)
        return template

    def checked(self, value: str, at: Route) -> str:
        """The text as it stands; a malformed hole in it is noted."""
        self.text(value, at)
        return value

    def texts(self, value: object, at: Route) -> dict[str, Template]:
        """A mapping of templates."""
        return {key: self.text(item, (*at, key)) for key, item in mapping(value).items()}

    def command(self, value: object, at: Route) -> tuple[Template, ...]:
        """A command: a list as it stands, or text split as a POSIX shell splits words."""
        if value in (None, ""):
            return ()
        try:
            split = words(value)
        except ValueError as problem:
            self.defects.append(Defect("text.unbalanced", at, {"text": str(value), "reason": str(problem).lower()}))
            return ()
        operator = next((word for word in split if word in _SHELL and not isinstance(value, list)), "")
        if operator:
            self.defects.append(Defect("text.shell", at, {"text": str(value), "operator": operator}))
        return tuple(self.text(word, at) for word in split)
