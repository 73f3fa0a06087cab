from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request
from compiler.provenance.inquiry import Inquiry
from compiler.provenance.laboratory import Failed, Laboratory
from compiler.provenance.search import Line, culprits
from tests.provenance.survey import MANIFEST
from tests.support import MappingFiles

if TYPE_CHECKING:
    from compiler.provenance.inquiry import Origins
    from compiler.provenance.sites import Spot

SHOP = """\
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  api:
    image: example/api:1
    port: 8000
    environment:
      CACHE_URL: ${cache.url}
      GREETING: hello
"""
COMPOSE = "docker-compose.yml"


def laboratory_of(manifest: str = SHOP) -> Laboratory:
    files = MappingFiles({MANIFEST: manifest.encode()})
    return Laboratory(Request(MANIFEST, files, shipped_files(), lambda _, __: {}))


def line_of(laboratory: Laboratory, words: str, path: str = COMPOSE) -> int:
    return next(number for number, line in enumerate(laboratory.texts[path].split("\n"), 1) if words in line)


def told(origins: Origins) -> list[tuple[str, int, str]]:
    return [(one.what, one.line, ".".join(map(str, one.route))) for one in origins.places]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("GREETING", [("written", 12, "services.api.environment.GREETING")]),
        (
            "CACHE_URL",
            [
                ("written", 4, "infrastructure.cache"),
                ("written", 5, "infrastructure.cache.type"),
                ("written", 11, "services.api.environment.CACHE_URL"),
                ("kind", 9, "ports.default.container"),
            ],
        ),
        ("ports:", [("around", 9, "services.api.port")]),
    ],
)
def test_a_line_tells_all_that_it_comes_from(words: str, places: list[tuple[str, int, str]]) -> None:
    laboratory = laboratory_of()
    found = told(Inquiry(laboratory, MANIFEST).origins(COMPOSE, line_of(laboratory, words)))
    assert [place for place in found if place[0] != "kind"] == [place for place in places if place[0] != "kind"]
    assert {route for what, _, route in found if what == "kind"} >= {
        route for what, _, route in places if what == "kind"
    }


def test_a_key_and_its_value_on_one_line_are_one_place() -> None:
    laboratory = laboratory_of()
    inquiry = Inquiry(laboratory, MANIFEST)
    spots = {site.spot for site in inquiry.sites}
    route = ("services", "api", "environment", "GREETING")
    assert {(MANIFEST, route, "key"), (MANIFEST, route, "value")} <= spots
    assert len(inquiry.origins(COMPOSE, line_of(laboratory, "GREETING")).places) == 1


def test_halving_groups_finds_what_changing_one_after_the_other_finds() -> None:
    laboratory = laboratory_of()
    sites = Inquiry(laboratory, MANIFEST).sites
    alone: dict[Spot, frozenset[int]] = {}
    for site in sites:
        for aspect in site.aspects:
            outcomes = (laboratory.touched(way, COMPOSE) for way in aspect)
            touched = next((one for one in outcomes if not isinstance(one, Failed)), frozenset())
            alone[site.spot] = alone.get(site.spot, frozenset()) | touched
    for words in ("image: ", "CACHE_URL", ":8000", "api:"):
        number = line_of(laboratory, words)
        found = {site.spot for site in culprits(laboratory, Line(COMPOSE, number), sites)}
        assert found == {spot for spot, lines in alone.items() if number in lines}


def test_where_few_experiments_are_allowed_the_writer_of_the_line_tells_what_it_is_there_for() -> None:
    laboratory = laboratory_of()
    subjects = (("services", "api"),)
    origins = Inquiry(laboratory, MANIFEST, most=1).origins(COMPOSE, line_of(laboratory, "ports:"), subjects)
    assert not origins.is_whole
    assert ("around", 7, "services.api") in told(origins)


def test_a_manifest_that_does_not_compile_is_none_to_experiment_with() -> None:
    with pytest.raises(ValueError, match="nothing is compiled"):
        laboratory_of(SHOP.replace("cache.url", "cahce.url"))


def test_an_experiment_that_does_not_compile_says_where_it_went_wrong() -> None:
    laboratory = laboratory_of()
    site = next(site for site in Inquiry(laboratory, MANIFEST).sites if site.route[-1] == "port")
    put = site.aspects[0][0][0]._replace(value="no port")  # type: ignore[call-arg]
    assert laboratory.touched([put], COMPOSE) == Failed(frozenset({(MANIFEST, ("services", "api", "port"))}))
