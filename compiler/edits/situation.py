"""What answers are about: the manifest as it is, and where each part of it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compiler.edits.wishes import Wish
from compiler.model.manifest import Manifest
from compiler.model.plan import Plan
from compiler.model.source import Place, Route, SourceMap
from compiler.text.named import NamedTuple


class Problem(NamedTuple):
    """An answer that cannot be: where it stands in the answers, and why.

    `name` is what nobody knows, `accepted` what there is instead.
    """

    at: Route
    message: str
    help: str = ""
    name: str = ""
    accepted: Iterable[str] = ()


class Proposal(NamedTuple):
    """Wishes with the documents they are about, what to tell the person, and what cannot be."""

    wishes: list[tuple[str, Wish]]
    notes: list[str]
    problems: list[Problem]

    def wish(self, document: str, route: Route, value: Any) -> None:  # noqa: ANN401 - what a manifest holds
        """Add a wish."""
        self.wishes.append((document, Wish(route, value)))


class Situation(NamedTuple):
    """A manifest without errors. `written` are its documents as they were parsed, by path."""

    manifest: Manifest
    plan: Plan
    sources: SourceMap
    written: Mapping[str, Mapping[str, Any]]

    @property
    def main(self) -> str:
        """The manifest itself, beside its fragments."""
        return self.sources.main

    @property
    def environments(self) -> Mapping[str, Any]:
        """The environments that the manifest names."""
        named = self.written[self.main].get("environments")
        return named if isinstance(named, dict) else {}

    def place(self, route: Route) -> tuple[str, Route]:
        """The document and the route where something of the canonical manifest is written, or would be."""
        moved, length = self._moved(route)
        return (moved.document, (*moved.route, *route[length:])) if moved else (self.main, route)

    def own_place(self, route: Route) -> tuple[str, Route]:
        """The same for a thing itself, such as a service: no default that it takes counts."""
        return self.place(route[:2])

    def is_shared(self, route: Route) -> bool:
        """Whether something stands in `defaults`, for all services."""
        return self.place(route)[1][:1] == ("defaults",)

    def at(self, document: str, route: Route) -> Any:  # noqa: ANN401 - what a manifest holds
        """What is written at a route of a document, None where nothing is."""
        value: Any = self.written[document]
        for step in route:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def _moved(self, route: Route) -> tuple[Place | None, int]:
        known = ((self.sources.moved.get(route[:length]), length) for length in range(len(route), 0, -1))
        return next(((place, length) for place, length in known if place), (None, 0))


def unknown(at: Route, what: str, name: str, accepted: Iterable[str]) -> Problem:
    """The problem that there is no such thing."""
    return Problem(at, f"there is no {what} `{name}`", name=name, accepted=list(accepted))
