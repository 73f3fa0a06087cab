"""The oracle of these tests: every site changed alone, and which lines of all files are other then."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request
from compiler.provenance.alignment import gone
from compiler.provenance.inquiry import Inquiry
from compiler.provenance.laboratory import Failed, Laboratory
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.provenance.sites import Site, Spot

MANIFEST = "integration.yaml"
FOLDERS = ("examples/01-gateway", "examples/02-trading", "tests/manifests/everything")


class Survey(NamedTuple):
    """A manifest, and for each line of its output the sites that it depends on."""

    folder: str
    laboratory: Laboratory
    inquiry: Inquiry
    lines: Mapping[tuple[str, int], Mapping[Spot, Site]]


def request_of(folder: str) -> Request:
    """A manifest of this repository, whatever stands in its output."""
    return Request(MANIFEST, DiskFiles(ROOT / folder, ROOT), shipped_files(), lambda _, __: {})


@cache
def opened(folder: str) -> tuple[Laboratory, Inquiry]:
    """A manifest to ask about."""
    laboratory = Laboratory(request_of(folder))
    return laboratory, Inquiry(laboratory, MANIFEST)


@cache
def survey(folder: str) -> Survey:
    """One experiment for each aspect of each site."""
    laboratory, inquiry = opened(folder)
    lines: dict[tuple[str, int], dict[Spot, Site]] = {}
    for site in inquiry.sites:
        for line in _touched(laboratory, site):
            lines.setdefault(line, {})[site.spot] = site
    return Survey(folder, laboratory, inquiry, lines)


def _touched(laboratory: Laboratory, site: Site) -> Iterator[tuple[str, int]]:
    for aspect in site.aspects:
        outcomes = (laboratory.outcome(way) for way in aspect)
        after = next((one for one in outcomes if not isinstance(one, Failed)), None)
        for path, before in laboratory.texts.items() if after is not None else ():
            if after is not None and path in after:
                yield from ((path, number) for number in gone(path, before, after[path]))
