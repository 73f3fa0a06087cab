from __future__ import annotations

from typing import Any

from compiler.hands.shipped import shipped_files
from compiler.pipeline import manifest_schema
from compiler.provenance.absent import absent_sites, default_of
from compiler.provenance.edit import edited
from compiler.provenance.sites import words_of
from compiler.provenance.words import enumerations

SHIPPED = shipped_files()
SCHEMA = manifest_schema(SHIPPED)


def defaults_of(document: dict[str, Any]) -> dict[str, str]:
    words = words_of({"m": document}, enumerations(SCHEMA, SHIPPED))
    sites = absent_sites({"m": document}, "m", SCHEMA, words)
    return {".".join(map(str, site.route)): default_of(site, SCHEMA) for site in sites}


def test_keys_that_are_left_out_are_known_with_their_defaults() -> None:
    found = defaults_of({"name": "a", "services": {"web": {"image": "a:1", "healthcheck": "/health"}}})
    assert found["services.web.healthcheck.interval"] == "5s"
    assert found["services.web.healthcheck.retries"] == "12"
    assert found["services.web.protocol"] == "http"
    assert found["ports.range"] == "8000-8999"
    assert "services.web.healthcheck.liveness" not in found


def test_what_is_said_has_no_default() -> None:
    found = defaults_of({"name": "a", "services": {"web": {"image": "a:1", "healthcheck": {"interval": "3s"}}}})
    assert "services.web.healthcheck.interval" not in found
    assert "services.web.healthcheck.timeout" in found


def test_an_environment_and_the_defaults_take_theirs_from_elsewhere() -> None:
    found = defaults_of({"name": "a", "defaults": {"environment": {"A": "b"}}, "environments": {"test": {"ports": {}}}})
    assert not [route for route in found if route.startswith(("environments", "defaults"))]


def test_to_say_something_else_a_short_text_is_written_long() -> None:
    document = {"services": {"web": {"healthcheck": "/health"}}}
    words = words_of({"m": document}, enumerations(SCHEMA, SHIPPED))
    sites = {site.route[-1]: site for site in absent_sites({"m": document}, "m", SCHEMA, words)}
    changed = edited({"m": document}, (*sites["interval"].aspects[0][0], *sites["timeout"].aspects[0][0]))
    assert changed["m"]["services"]["web"]["healthcheck"] == {"liveness": "/health", "interval": "6s", "timeout": "6s"}
