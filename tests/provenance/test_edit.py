from __future__ import annotations

from typing import Any

import pytest

from compiler.provenance.edit import Edit, Put, Spread, Without, edited
from compiler.provenance.renaming import Name

DOCUMENT: dict[str, Any] = {
    "secrets": {"KEY": "generated"},
    "infrastructure": {"db": {"type": "postgres", "password": "${secrets.KEY}", "databases": {"main": ""}}},
    "services": {
        "api": {"port": "8000", "healthcheck": "/health", "environment": {"URL": "${db.main.url}", "NAME": "db"}},
        "web": {"image": "web:1", "depends_on": {"api": {"purpose": "api"}}},
    },
    "gateway": {"routes": [{"path": "/", "service": "web"}, {"path": "/api", "service": "api"}]},
    "tests": {"api": ["GET api /health", "GET web /"]},
}


def after(*edits: Edit) -> Any:
    return edited({"m": DOCUMENT, "n": {"services": {"other": {"image": "x"}}}}, edits)["m"]


def test_only_documents_that_change_are_given_and_none_is_touched() -> None:
    assert edited({"m": DOCUMENT, "n": {}}, [Put("n", ("a",), "b")]) == {"n": {"a": "b"}}
    assert after(Put("m", ("services", "api", "port"), "1"))["services"]["api"]["port"] == "1"
    assert DOCUMENT["services"]["api"]["port"] == "8000"


def test_what_is_taken_away_leaves_nothing_empty() -> None:
    changed = after(Put("m", ("infrastructure", "db", "databases", "main"), None))
    assert "databases" not in changed["infrastructure"]["db"]


def test_items_of_a_list_are_taken_away_from_the_end() -> None:
    changed = after(*(Put("m", ("tests", "api", number), None) for number in (0, 1)))
    assert "tests" not in changed


def test_a_route_that_is_not_there_changes_nothing() -> None:
    assert after(Put("m", ("services", "api", "port", "no"), "1"), Put("m", ("no", "where"), None)) == DOCUMENT


def test_a_text_is_written_long_to_take_further_keys() -> None:
    route = ("services", "api", "healthcheck")
    changed = after(Spread("m", route, "liveness"), Put("m", (*route, "interval"), "7s"))
    assert changed["services"]["api"]["healthcheck"] == {"liveness": "/health", "interval": "7s"}


@pytest.mark.parametrize(
    ("name", "gone", "there"),
    [
        (Name("unit", "db"), "'db'", ["'dbzq'", "${dbzq.main.url}", "'NAME': 'db'"]),
        (Name("unit", "api"), "GET api ", ["'apizq'", "GET apizq /health", "'tests': {'api'", "'purpose': 'api'"]),
        (Name("part", "main", "db"), "db.main.", ["{'mainzq': ''}", "${db.mainzq.url}"]),
        (Name("secret", "KEY"), "'KEY'", ["'KEYZQ': 'generated'", "${secrets.KEYZQ}"]),
    ],
)
def test_a_name_is_another_wherever_it_is_mentioned(name: Name, gone: str, there: list[str]) -> None:
    text = str(after(name))
    assert all(one in text for one in there)
    assert gone not in text.replace("'NAME': 'db'", "")


def test_without_a_service_nothing_speaks_of_it() -> None:
    changed = after(Without(Name("unit", "api")))
    assert changed["services"] == {"web": {"image": "web:1"}}
    assert changed["gateway"]["routes"] == [{"path": "/", "service": "web"}]
    assert changed["tests"]["api"] == ["GET web /"]
