"""Words that several rules use: lists of names, what was probably meant, subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.source import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.model.source import Route

_CLOSE = 0.6
_MOST = 12


def listed(names: Iterable[str], last: str = "and") -> str:
    """The names in backticks, as a sentence lists them; a long list is cut."""
    every = [f"`{name}`" for name in names]
    if len(every) > _MOST:
        return f"{', '.join(every[:_MOST])} and {len(every) - _MOST} more"
    return f" {last} ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def closest(name: str, accepted: str, cutoff: float = _CLOSE) -> str:
    """Which of the comma-separated names was probably meant, or nothing; case does not count."""
    import difflib  # noqa: PLC0415

    names = {known.lower(): known for known in accepted.split(", ") if known}
    found = difflib.get_close_matches(name.lower(), names, 1, cutoff)
    return names[found[0]] if found else ""


def meant(name: str, accepted: str, nothing: str) -> str:
    """`did you mean …?`, else what there is, from the comma-separated names; `nothing` where there are none."""
    close = closest(name, accepted)
    if close:
        return f"did you mean `{close}`?"
    return there_is(accepted.split(", ")) if accepted else nothing


def there_is(names: Iterable[str]) -> str:
    """A sentence that lists the names."""
    every = list(names)
    return f"there {'is' if len(every) == 1 else 'are'} {listed(every)}"


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
