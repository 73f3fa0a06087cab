"""Words that several rules use: lists of names, what was probably meant, subjects."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.model.source import Place
from compiler.text.alike import letters_of, most_alike

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.finding import Defect
    from compiler.model.source import Route
    from compiler.text.alike import Letters

_CLOSE = 0.6
_MOST = 12


def listed(names: Iterable[str], last: str = "and") -> str:
    """The names in backticks, as a sentence lists them; a long list is cut."""
    every = list(names)
    shown = [f"`{name}`" for name in every[:_MOST]]
    if len(every) > _MOST:
        return f"{', '.join(shown)} and {len(every) - _MOST} more"
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


@lru_cache(maxsize=8192)  # each environment misses the same
def closest(name: str, accepted: str, cutoff: float = _CLOSE, but: str = "") -> str:
    """Which of the comma-separated names was probably meant, or nothing; case does not count, nor the name `but`."""
    known, letters = _known(accepted)
    lower = but.lower()
    found = most_alike(name.lower(), letters, cutoff, lower if known.get(lower) == [but] else "")
    return next((each for each in reversed(known[found]) if each != but), "") if found else ""


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


@lru_cache(maxsize=16)
def _known(accepted: str) -> tuple[dict[str, list[str]], Letters]:
    """The names by their lower-case form, and the letters of those forms."""
    known: dict[str, list[str]] = {}
    for name in filter(None, _split(accepted)):
        known.setdefault(name.lower(), []).append(name)
    return known, letters_of(tuple(known))


def path_of(defect: Defect, fact: str = "path") -> str:
    """A path of the output directory, as seen from the manifest's folder."""
    return posixpath.join(defect.facts["output"], defect.facts[fact])


def subject_of(at: Route | Place) -> str:
    """Stable words for what stands at a route: `web/environment/URL`, `gateway/routes/0`."""
    route = at.route if isinstance(at, Place) else at
    named = len(route) > 1 and route[0] in {"environments", "infrastructure", "networks", "secrets", "services"}
    return "/".join(str(step) for step in (route[1:] if named else route)) or "manifest"


def spelled(at: Route | Place) -> str:
    """The route as a person writes it: `services.web.environment.URL`, without the first step where that is plain."""
    route = at.route if isinstance(at, Place) else at
    named = len(route) > 1 and route[0] in {"infrastructure", "networks", "secrets", "services"}
    return ".".join(str(step) for step in (route[1:] if named else route))
