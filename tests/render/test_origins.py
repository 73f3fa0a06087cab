from __future__ import annotations

from compiler.provenance.inquiry import Origin, Origins
from compiler.render.origins import origins_text


def test_places_are_as_the_person_would_type_them_and_ours_as_they_ship() -> None:
    places = (
        Origin("written", "integration.yaml", 41, 5, ("services", "web", "port"), "8091:8000"),
        Origin("around", "more.yaml", 3, 1, ("gateway", "routes", 0)),
        Origin("kind", "templates/kinds/redis/kind.yaml", 20, 13, ("health", "interval"), "2s"),
        Origin("default", "", 0, 0, ("ports", "bind"), "127.0.0.1"),
    )
    assert list(origins_text(Origins(places, "a.sh.j2:3", is_whole=True), lambda path: f"there/{path}")) == [
        "there/integration.yaml:41:5: services.web.port: 8091:8000",
        "there/more.yaml:3:1: gateway.routes.0",
        "templates/kinds/redis/kind.yaml:20:13: health.interval: 2s",
        "default of Periplus: ports.bind: 127.0.0.1",
        "made by a.sh.j2:3",
    ]


def test_a_long_value_stays_on_its_line() -> None:
    place = Origin("written", "m", 1, 1, ("a",), "word \n" * 50)
    first, _ = origins_text(Origins((place,), "b", is_whole=True), str)
    assert first.startswith("m:1:1: a: word word ")
    assert first.endswith("…")
    assert len(first) < 120
