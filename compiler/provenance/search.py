"""The sites that a line depends on: whole groups are changed at once, and halved where the line is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.provenance.laboratory import Failed
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from compiler.model.source import Route
    from compiler.provenance.edit import Edit
    from compiler.provenance.laboratory import Laboratory
    from compiler.provenance.sites import Site, Spot


class Line(NamedTuple):
    """A line of a generated file, counted from 1."""

    path: str
    number: int


class _Item(NamedTuple):
    """A site with the ways to change one aspect of it; `failed` of them, now the last, did not compile with others."""

    site: Site
    ways: tuple[tuple[Edit, ...], ...]
    failed: int = 0

    @property
    def otherwise(self) -> _Item:
        """The same with another way first."""
        return _Item(self.site, (*self.ways[1:], self.ways[0]), self.failed + 1)


def culprits(laboratory: Laboratory, line: Line, sites: Sequence[Site]) -> tuple[Site, ...]:
    """The sites whose change changes the line, in the order given."""
    found: set[Spot] = set()
    for turn in range(max((len(site.aspects) for site in sites), default=0)):
        left = [site for site in sites if any(site.aspects[turn : turn + 1]) and site.spot not in found]
        guilty = _among(laboratory, line, [_Item(site, site.aspects[turn]) for site in left])
        found.update(site.spot for site in guilty)
    return tuple(site for site in sites if site.spot in found)


def _among(laboratory: Laboratory, line: Line, items: Sequence[_Item]) -> list[Site]:
    if not items or laboratory.is_exhausted:
        return []
    if len(items) == 1:
        return [items[0].site] if _is_touched(laboratory, line, items[0]) else []
    touched = laboratory.touched([edit for item in items for edit in item.ways[0]], line.path)
    if not isinstance(touched, Failed):
        return _halves(laboratory, line, items) if line.number in touched else []
    left = [item for item in items if item.failed < len(item.ways)]
    wrong = [item for item in left if item.site.spot[:2] in touched.places]
    wrong = wrong or [item for item in left if _is_near(item.site, touched.places)]
    if not wrong:
        return _halves(laboratory, line, items)
    apart = {item.site.spot for item in wrong}
    right = [item for item in items if item.site.spot not in apart]
    return [*_among(laboratory, line, right), *_among(laboratory, line, [item.otherwise for item in wrong])]


def _is_near(site: Site, places: Collection[tuple[str, Route]]) -> bool:
    """Whether it stands in what is found wrong, or beside it."""
    above = {(path, route[:-1]) for path, route in places}
    return (site.document, site.route[:-1]) in above or (site.document, site.route[:-1]) in places


def _halves(laboratory: Laboratory, line: Line, items: Sequence[_Item]) -> list[Site]:
    half = len(items) // 2
    return [*_among(laboratory, line, items[:half]), *_among(laboratory, line, items[half:])]


def _is_touched(laboratory: Laboratory, line: Line, item: _Item) -> bool:
    for way in item.ways:
        touched = laboratory.touched(way, line.path)
        if not isinstance(touched, Failed):
            return line.number in touched
    return False
