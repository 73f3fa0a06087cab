from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compiler.edits.answers import propose
from tests.edits.situations import MANIFEST, situation

if TYPE_CHECKING:
    from compiler.edits.situation import Proposal, Situation
    from compiler.model.source import Route

MAIN = "integration.yaml"
PARTS = "parts/web.yaml"
WITH_DEFAULTS = MANIFEST.replace("infrastructure:", "defaults:\n  healthcheck:\n    interval: 4s\ninfrastructure:")
SHORT = MANIFEST.replace("infrastructure:", "defaults:\n  healthcheck: /up\ninfrastructure:")
GATEWAY = MANIFEST + "gateway:\n  routes:\n    - path: /\n      service: api\n"
WITH_PARTS = MANIFEST.replace("name: shop", "name: shop\ninclude:\n  - parts/web.yaml")
FRAGMENT = """\
networks:
  inner: bridge
infrastructure:
  db:
    type: postgres
    databases:
      web:
services:
  web:
    image: example/web:1
    ports:
      default: 9000
      admin: 9001
    environment:
      DATABASE_URL: ${db.web.url}
  bank:
    url: https://bank.example
"""


def wishes(answers: dict[str, Any], about: Situation | None = None) -> list[tuple[str, Route, Any]]:
    proposal = propose(answers, about or situation())
    assert proposal.problems == []
    return [(document, wish.route, wish.value) for document, wish in proposal.wishes]


def problems(answers: dict[str, Any], about: Situation | None = None) -> list[tuple[Route, str]]:
    return [(one.at, one.message) for one in proposed(answers, about).problems]


def proposed(answers: dict[str, Any], about: Situation | None = None) -> Proposal:
    return propose(answers, about or situation())


@pytest.mark.parametrize(("answer", "text"), [("9000", "9000:8000"), ("auto", "8000"), ("internal", "internal:8000")])
def test_a_port_keeps_the_container_port(answer: str, text: str) -> None:
    assert wishes({"ports": {"api": answer}}) == [(MAIN, ("services", "api", "port"), text)]


@pytest.mark.parametrize(("answer", "text"), [("6380", "6380"), ("auto", "true"), ("internal", None)])
def test_infrastructure_is_published_or_not(answer: str, text: str | None) -> None:
    assert wishes({"ports": {"cache": answer}}) == [(MAIN, ("infrastructure", "cache", "publish"), text)]


def test_what_a_fragment_says_is_changed_there() -> None:
    about = situation(WITH_PARTS, {PARTS: FRAGMENT})
    answers = {
        "ports": {"web/admin": "9900", "web": "9901"},
        "versions": {"db": "16", "cache": "7"},
        "networks": {"declare": {"inner": "external"}, "join": {"web": ["inner"]}},
        "health": {"services": {"web": {"liveness": "/up"}}},
    }
    assert wishes(answers, about) == [
        (PARTS, ("services", "web", "ports", "admin"), "9900:9001"),
        (PARTS, ("services", "web", "ports", "default"), "9901:9000"),
        (PARTS, ("infrastructure", "db", "version"), "16"),
        (MAIN, ("infrastructure", "cache", "version"), "7"),
        (PARTS, ("networks", "inner"), "external"),
        (PARTS, ("services", "web", "networks"), ["inner"]),
        (PARTS, ("services", "web", "healthcheck", "liveness"), "/up"),
    ]


def test_the_gateway_has_a_port_and_a_version() -> None:
    about = situation(GATEWAY)
    assert wishes({"ports": {"gateway": "8088"}, "versions": {"gateway": "auto"}}, about) == [
        (MAIN, ("gateway", "port"), "8088"),
        (MAIN, ("gateway", "version"), None),
    ]


def test_a_shared_setting_stands_in_the_defaults_and_who_says_his_own_keeps_it() -> None:
    about = situation(WITH_DEFAULTS.replace("      probe: curl", "      probe: curl\n      interval: 3s"))
    proposal = proposed({"health": {"interval": "9s"}}, about)
    assert [(document, *wish) for document, wish in proposal.wishes] == [
        (MAIN, ("defaults", "healthcheck", "interval"), "9s")
    ]
    assert proposal.notes == ["`api` says its own `interval` and keeps it"]


def test_a_short_default_becomes_a_mapping() -> None:
    assert wishes({"health": {"interval": "9s"}}, situation(SHORT)) == [
        (MAIN, ("defaults", "healthcheck"), {"liveness": "/up", "interval": "9s"})
    ]


def test_without_defaults_a_shared_setting_stands_at_each_service() -> None:
    answers = {"health": {"interval": "9s", "services": {"api": {"retries": "3"}}}}
    assert wishes(answers) == [
        (MAIN, ("services", "api", "healthcheck", "interval"), "9s"),
        (MAIN, ("services", "api", "healthcheck", "retries"), "3"),
    ]


def test_one_service_overrides_what_all_share_and_is_told_so() -> None:
    proposal = proposed({"health": {"services": {"api": {"interval": "2s"}}}}, situation(WITH_DEFAULTS))
    assert [(document, *wish) for document, wish in proposal.wishes] == [
        (MAIN, ("services", "api", "healthcheck", "interval"), "2s")
    ]
    assert proposal.notes == [
        "the check of `api` stands in `defaults`, which stay as they are: `interval` is now said at the service itself"
    ]


def test_networks_of_the_defaults_are_overridden_at_the_service() -> None:
    about = situation(MANIFEST.replace("infrastructure:", "defaults:\n  networks:\n    - backend\ninfrastructure:"))
    proposal = proposed({"networks": {"join": {"api": ["backend"]}}}, about)
    assert [(document, *wish) for document, wish in proposal.wishes] == [
        (MAIN, ("services", "api", "networks"), ["backend"])
    ]
    assert "stand in `defaults`" in proposal.notes[0]


def test_environments_are_added_set_and_removed() -> None:
    about = situation(MANIFEST + "environments:\n  qa:\n")
    answers = {
        "environments": {
            "add": ["staging", "load"],
            "remove": ["qa"],
            "set": {"load": {"services": {"api": {"replicas": "3"}}}, "test": {"ports": {"range": "1-2"}}},
        }
    }
    assert wishes(answers, about) == [
        (MAIN, ("environments", "staging"), {}),
        (MAIN, ("environments", "qa"), None),
        (MAIN, ("environments", "load", "services", "api", "replicas"), "3"),
        (MAIN, ("environments", "test", "ports", "range"), "1-2"),
    ]


@pytest.mark.parametrize(
    ("answers", "at", "message"),
    [
        ({"ports": {"apy": "1"}}, ("ports", "apy"), "there is no service or infrastructure `apy`"),
        ({"ports": {"cache/x": "1"}}, ("ports", "cache/x"), "there is no service or infrastructure `cache/x`"),
        ({"ports": {"api/x": "1"}}, ("ports", "api/x"), "there is no port of `api` `x`"),
        (
            {"ports": {"bank": "1"}},
            ("ports", "bank"),
            "`bank` listens on no port: write its `port` into the manifest first",
        ),
        ({"ports": {"gateway": "internal"}}, ("ports", "gateway"), "the gateway is the way in: it is always published"),
        ({"versions": {"api": "1"}}, ("versions", "api"), "there is no infrastructure `api`"),
        ({"networks": {"join": {"web": "all"}}}, ("networks", "join", "web"), "there is no service `web`"),
        ({"networks": {"join": {"api": ["x"]}}}, ("networks", "join", "api", 0), "there is no network `x`"),
        (
            {"networks": {"remove": ["x"], "declare": {"x": "bridge"}}},
            ("networks", "remove", 0),
            "`x` is to be declared as well",
        ),
        ({"health": {"services": {"web": {}}}}, ("health", "services", "web"), "there is no service `web`"),
        (
            {"health": {"services": {"bank": {}}}},
            ("health", "services", "bank"),
            "`bank` is an external service: nothing asks it",
        ),
        (
            {"environments": {"remove": ["x"], "add": ["x"]}},
            ("environments", "remove", 0),
            "`x` is to be added as well",
        ),
        (
            {"environments": {"remove": ["qa"], "set": {"qa": {}}}},
            ("environments", "remove", 0),
            "`qa` is to be set as well",
        ),
        ({"environments": {"set": {"x": {}}}}, ("environments", "set", "x"), "there is no environment `x`"),
    ],
)
def test_answers_that_cannot_be(answers: dict[str, Any], at: Route, message: str) -> None:
    bank = GATEWAY.replace("gateway:", "  bank:\n    url: https://bank.example\ngateway:")
    about = situation(bank + "environments:\n  qa:\n")
    assert problems(answers, about) == [(at, message)]


def test_what_is_there_or_gone_already_is_told_and_no_mistake() -> None:
    answers = {"networks": {"remove": ["x"]}, "environments": {"add": ["qa"], "remove": ["stage"]}}
    proposal = proposed(answers, situation(MANIFEST + "environments:\n  qa:\n  staging:\n"))
    assert (proposal.wishes, proposal.problems) == ([], [])
    assert proposal.notes == [
        "there is no network `x`, so nothing to remove",
        "the environment `qa` is there already: it stays as it is",
        "there is no environment `stage`, so nothing to remove; if you meant `staging`, say that",
    ]


def test_several_ports_are_told_apart() -> None:
    about = situation(MANIFEST.replace("    port: 8000\n", "    ports:\n      web: 8000\n      admin: 8001\n"))
    assert problems({"ports": {"api": "9000"}}, about) == [(("ports", "api"), "`api` has several ports: say which")]
    assert wishes({"ports": {"api/admin": "9000"}}, about) == [
        (MAIN, ("services", "api", "ports", "admin"), "9000:8001")
    ]


def test_an_image_of_ones_own_has_no_version_to_change() -> None:
    about = situation(MANIFEST.replace("type: redis", "type: redis\n    image: example/redis:7"))
    (problem,) = proposed({"versions": {"cache": "8"}}, about).problems
    assert problem.message == "`cache` runs an image of its own, `example/redis:7`: change that"


def test_a_gateway_on_the_host_has_no_port() -> None:
    about = situation(GATEWAY.replace("  routes:", "  mode: host\n  host: shop.example\n  routes:"))
    (problem,) = proposed({"ports": {"gateway": "80"}}, about).problems
    assert "`mode: host`" in problem.message
