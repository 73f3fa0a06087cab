"""Words that several rules use: lists of names, what was probably meant, subjects."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from compiler.model.finding import Fix
from compiler.model.source import Place
from compiler.text.alike import most_alike
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.finding import Defect
    from compiler.model.manifest import Service
    from compiler.model.source import Route
    from compiler.rules.rule import Context

_MOST = 12
_HOST = regex(r"[a-z0-9-]+")
_BAD_NAME = "name.bad"


def listed(names: Iterable[str], last: str = "and") -> str:
    """The names in backticks, as a sentence lists them; a long list is cut."""
    every = list(names)
    shown = [f"`{name}`" for name in every[:_MOST]]
    if len(every) > _MOST:
        return f"{', '.join(shown)} and {len(every) - _MOST} more"
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def closest(name: str, accepted: str, but: str = "") -> str:
    """Which of the comma-separated names was probably meant, or nothing; case does not count, nor the name `but`."""
    return most_alike(name, _split(accepted), but).name


def surely(name: str, accepted: str, but: str = "") -> str:
    """The same where nothing else could be meant, so that it can be written there without asking."""
    likely = most_alike(name, _split(accepted), but)
    return likely.name if likely.is_sure else ""


def instead(at: Route | Place, old: str, new: str, part: Literal["key", "value"] = "value") -> Fix | None:
    """The fix that writes one text for another at a place; none where nothing is meant."""
    return Fix(at, old, new, part) if new else None


def referring(at: Route | Place, old: str, new: str) -> Fix | None:
    """The fix that refers to something else: `cahce.url` becomes `cache.url`; none where nothing is meant."""
    return Fix(at, f"${{{old}}}", f"${{{new}}}") if new else None


def is_misnamed(context: Context, name: str) -> bool:
    """Whether what is declared under a name that cannot be may be meant: then that is the one mistake."""
    bad = _bad_names(_Same(context.defects))
    return bool(bad) and (name in bad or bool(most_alike(name, bad).name))


class _Same:
    """Defects that are the same as none but themselves: they are gone through once, not for each that is told."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        self.defects = defects

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.defects is self.defects

    def __hash__(self) -> int:
        return id(self.defects)


@lru_cache(maxsize=1)
def _bad_names(of: _Same) -> tuple[str, ...]:
    return tuple(defect.facts["name"] for defect in of.defects if defect.kind == _BAD_NAME)


def meant(name: str, accepted: str, nothing: str, but: str = "") -> str:
    """`did you mean …?`, else what there is, from the comma-separated names; `nothing` where there are none.

    `but` is one of the names that cannot be meant.
    """
    close = closest(name, accepted, but=but)
    if close:
        return f"did you mean `{close}`?"
    names = [known for known in _split(accepted) if known != but]
    return there_is(names) if names else nothing


def there_is(names: Iterable[str]) -> str:
    """A sentence that lists the names."""
    every = list(names)
    return f"there {'is' if len(every) == 1 else 'are'} {listed(every)}"


@lru_cache(maxsize=16)
def _split(accepted: str) -> tuple[str, ...]:
    return tuple(accepted.split(", "))


def words_of(service: Service) -> frozenset[str]:
    """Whatever could be a host's name in the texts of a service: what it names by hand is among them."""
    texts = (*service.environment.values(), *service.command)
    return frozenset(word for text in texts for one in text if isinstance(one, str) for word in _HOST.findall(one))


def path_of(defect: Defect, fact: str = "path") -> str:
    """A path of the output directory, as seen from the manifest's folder."""
    return posixpath.join(defect.facts["output"], defect.facts[fact])


def subject_of(at: Route | Place) -> str:
    """Stable words for what stands at a route: `web/environment/URL`, `gateway/routes/0`."""
    route = at.route if isinstance(at, Place) else at
    named = len(route) > 1 and route[0] in {"environments", "infrastructure", "networks", "secrets", "services"}
    return "/".join(str(step) for step in (route[1:] if named else route)) or "manifest"


def first_word(at: Route | Place) -> Route | Place:
    """Where the first word of a command stands, in a list or a text; the same for what is no route of a command."""
    return at if isinstance(at, Place) or at[-1:] != ("command",) else (*at, 0)


def spelled(at: Route | Place) -> str:
    """The route as a person writes it: `services.web.environment.URL`, without the first step where that is plain."""
    route = at.route if isinstance(at, Place) else at
    named = len(route) > 1 and route[0] in {"infrastructure", "networks", "secrets", "services"}
    return ".".join(str(step) for step in (route[1:] if named else route))
