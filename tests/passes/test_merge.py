from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.model.source import Place
from compiler.passes.include import Piece
from compiler.passes.merge import deep_merge, merge_documents, overlay_environment
from compiler.passes.widen import widen
from tests.plans import HEAD, defects_of, environment_of, kinds_of, manifest_of, plan_of
from tests.support import codes, compile_texts

DOCKERFILE = {"web/Dockerfile": "FROM python:3.12\n", "api/Dockerfile": "FROM node:22\n"}


def test_defaults_are_what_a_service_does_not_say_itself() -> None:
    manifest = manifest_of(
        """
defaults:
  healthcheck:
    liveness: /health
    interval: 9s
  environment:
    LEVEL: info
    ZONE: utc
  profiles:
    - all
  replicas: 2
services:
  web:
    image: x
    port: internal:80
    environment:
      LEVEL: debug
      OWN: "1"
    healthcheck: /live
  api:
    image: y
    port: internal:80
    profiles:
      - own
""",
    )
    web, api = manifest.services["web"], manifest.services["api"]
    assert web.environment == {"LEVEL": ("debug",), "ZONE": ("utc",), "OWN": ("1",)}
    assert web.health is not None
    assert (web.health.liveness, web.health.interval_ms) == ("/live", 9000)
    assert web.profiles == ("all",)
    assert web.replicas == 2
    assert api.environment == {"LEVEL": ("info",), "ZONE": ("utc",)}
    assert api.profiles == ("own",)


def test_an_http_check_of_the_defaults_is_skipped_for_a_service_without_a_port() -> None:
    text = """
defaults:
  healthcheck:
    liveness: /health
    readiness: /ready
services:
  worker:
    image: x
  web:
    build: ./web
    port: 80
"""
    plan = plan_of(text, DOCKERFILE)
    assert plan.units["worker"].health is None
    assert plan.units["web"].health is not None
    assert plan.defects == ()


def test_a_command_of_the_defaults_counts_for_a_service_without_a_port() -> None:
    text = """
defaults:
  healthcheck:
    command: test -f /alive
    readiness: /ready
services:
  worker:
    image: x
"""
    health = manifest_of(text).services["worker"].health
    assert health is not None
    assert (health.command, health.readiness) == ((("test -f /alive",),), "")


@pytest.mark.parametrize(
    ("default", "own", "liveness", "command"),
    [
        ("liveness: /health", "command: own", "", ("own",)),
        ("command: other", "liveness: /health", "/health", None),
    ],
)
def test_how_a_service_asks_wins_over_how_the_defaults_ask(
    default: str, own: str, liveness: str, command: tuple[str] | None
) -> None:
    text = f"""
defaults:
  healthcheck:
    {default}
services:
  web:
    image: x
    port: 80
    healthcheck:
      {own}
"""
    health = manifest_of(text).services["web"].health
    assert health is not None
    assert health.liveness == liveness
    assert health.command == (() if command is None else (command,))


def test_nobody_depends_on_itself_by_default() -> None:
    text = """
defaults:
  depends_on:
    auth:
      purpose: tokens
services:
  auth:
    image: x
  web:
    image: y
"""
    services = manifest_of(text).services
    assert (list(services["auth"].depends_on), list(services["web"].depends_on)) == ([], ["auth"])


def test_an_external_service_takes_no_defaults() -> None:
    text = """
defaults:
  environment:
    A: "1"
services:
  bank:
    url: https://bank.example/
"""
    bank = manifest_of(text).services["bank"]
    assert bank.environment == {}
    assert bank.url == "https://bank.example"


def test_a_fragment_brings_its_own_defaults_and_then_takes_the_manifests() -> None:
    files = {
        "part/part.yaml": """version: 1
defaults:
  environment:
    FROM: fragment
    ONLY: fragment
services:
  web:
    build: ../web
""",
        **DOCKERFILE,
    }
    text = """
include:
  - part/*.yaml
defaults:
  environment:
    FROM: manifest
    ZONE: utc
services:
  api:
    build: ./api
"""
    plan = plan_of(text, files)
    assert environment_of(plan.units["web"]) == {"FROM": "fragment", "ONLY": "fragment", "ZONE": "utc"}
    assert environment_of(plan.units["api"]) == {"FROM": "manifest", "ZONE": "utc"}
    assert list(plan.units) == ["api", "web"]


def test_a_fragment_adds_everything_it_may_hold() -> None:
    files = {
        "part.yaml": """version: 1
networks:
  shared: external
secrets:
  TOKEN: required
infrastructure:
  cache:
    type: redis
services:
  web:
    image: x
    port: 80
routes:
  - path: /web/
    service: web
tests:
  api:
    - GET web / 200
  smoke:
    - name: look
      steps:
        - request: GET web /
""",
    }
    text = """
include:
  - part.yaml
gateway:
  routes:
    - path: /web2/
      service: web
tests:
  api:
    - GET web /first
"""
    manifest = manifest_of(text, files)
    assert list(manifest.networks) == ["shared"]
    assert list(manifest.secrets) == ["TOKEN"]
    assert list(manifest.infrastructure) == ["cache"]
    assert list(manifest.services) == ["web"]
    assert manifest.gateway is not None
    assert [route.path for route in manifest.gateway.routes] == ["/web2/", "/web/"]
    assert [request.path for request in manifest.tests.api] == ["/first", "/"]
    assert [flow.name for flow in manifest.tests.smoke] == ["look"]


def test_a_clash_names_both_places() -> None:
    pieces = (
        Piece("integration.yaml", {"services": {"web": {"image": "x"}}}),
        Piece("a.yaml", {"services": {"web": {"image": "y"}}}),
        Piece("b.yaml", {"secrets": {"A": ""}}),
        Piece("c.yaml", {"secrets": {"A": ""}}),
    )
    defects = merge_documents(tuple(widen(piece) for piece in pieces)).defects
    assert [(defect.kind, defect.at, defect.related) for defect in defects] == [
        (
            "include.clash",
            Place("a.yaml", ("services", "web"), "key"),
            (Place("integration.yaml", ("services", "web"), "key"),),
        ),
        ("include.clash", Place("c.yaml", ("secrets", "A"), "key"), (Place("b.yaml", ("secrets", "A"), "key"),)),
    ]


def test_routes_of_a_fragment_need_a_gateway_of_the_manifest() -> None:
    pieces = (
        Piece("integration.yaml", {}),
        Piece("a.yaml", {"services": {}, "routes": [{"path": "/", "service": "web"}]}),
    )
    (defect,) = merge_documents(tuple(widen(piece) for piece in pieces)).defects
    assert (defect.kind, defect.at) == ("route.no-gateway", Place("a.yaml", ("routes",), "key"))


def test_what_a_fragment_wrote_keeps_its_place() -> None:
    pieces = (
        Piece("integration.yaml", {"gateway": {"routes": [{"path": "/", "service": "a"}]}, "tests": {"api": ["x"]}}),
        Piece(
            "a.yaml",
            {
                "defaults": {"environment": {"A": "1"}},
                "services": {"web": {"image": "x", "port": "80"}},
                "routes": [{"path": "/b", "service": "web"}],
                "tests": {"api": ["GET web /"]},
            },
        ),
    )
    moved = merge_documents(tuple(widen(piece) for piece in pieces)).moved
    assert moved == {
        ("services", "web"): Place("a.yaml", ("services", "web")),
        ("services", "web", "ports", "default"): Place("a.yaml", ("services", "web", "port")),
        ("services", "web", "environment"): Place("a.yaml", ("defaults", "environment")),
        ("gateway", "routes", 1): Place("a.yaml", ("routes", 0)),
        ("tests", "api", 1): Place("a.yaml", ("tests", "api", 0)),
    }


OVERLAID = """
secrets:
  TOKEN: required
infrastructure:
  cache:
    type: redis
services:
  web:
    build: ./web
    port: 80
    environment:
      LEVEL: info
      ZONE: utc
environments:
  test:
    networks:
      extra: bridge
    secrets:
      TOKEN: generated
    infrastructure:
      cache:
        version: 7
    services:
      web:
        environment:
          LEVEL: debug
      fake:
        image: fake
    ports:
      bind: 127.0.0.2
    gateway:
      routes:
        - path: /
          service: web
    tests:
      api:
        - GET web /
"""


def test_an_environment_adds_and_replaces() -> None:
    base = manifest_of(OVERLAID, DOCKERFILE)
    test = manifest_of(OVERLAID, DOCKERFILE, "test")
    assert test.services["web"].environment == {"LEVEL": ("debug",), "ZONE": ("utc",)}
    assert test.services["web"].build == base.services["web"].build
    assert list(test.services) == ["web", "fake"]
    assert (base.infrastructure["cache"].version, test.infrastructure["cache"].version) == ("", "7")
    assert (base.secrets["TOKEN"].how, test.secrets["TOKEN"].how) == ("required", "generated")
    assert (base.ports.bind, test.ports.bind) == ("127.0.0.1", "127.0.0.2")
    assert (base.gateway is None, test.gateway is None) == (True, False)
    assert (len(base.tests.api), len(test.tests.api)) == (0, 1)
    assert list(test.networks) == ["extra"]


def test_an_environment_replaces_what_a_service_is_made_of() -> None:
    text = """
services:
  web:
    build: ./web
environments:
  test:
    services:
      web:
        image: web:1
"""
    web = manifest_of(text, DOCKERFILE, "test").services["web"]
    assert (web.build, web.image) == (None, "web:1")


def test_the_values_of_an_environment_stand_in_the_environment() -> None:
    overlay = {"services": {"web": {"port": "81", "environment": {"A": "2"}}}, "gateway": {"host": "x"}}
    main = widen(
        Piece("m.yaml", {"services": {"web": {"image": "x", "port": "80"}}, "environments": {"test": overlay}})
    )
    moved = overlay_environment(merge_documents((main,)), main, "test").moved
    at = ("environments", "test", "services", "web")
    assert moved["services", "web", "ports", "default"] == Place("m.yaml", (*at, "port"))
    assert moved["services", "web", "environment", "A"] == Place("m.yaml", (*at, "environment", "A"))
    assert ("services", "web") not in moved
    assert moved["gateway", "host"] == Place("m.yaml", ("environments", "test", "gateway", "host"))
    assert ("gateway",) not in moved


def test_the_base_is_not_changed_by_an_environment() -> None:
    main = widen(
        Piece(
            "m.yaml",
            {
                "services": {"web": {"image": "x", "environment": {"A": "1"}}},
                "environments": {"test": {"services": {"web": {"environment": {"A": "2"}}}}},
            },
        )
    )
    merged = merge_documents((main,))
    overlay_environment(merged, main, "test")
    assert merged.value["services"]["web"]["environment"] == {"A": "1"}


@pytest.mark.parametrize(
    ("section", "entry", "kind"),
    [("services", {"port": "80"}, "schema.one-of"), ("infrastructure", {"version": "7"}, "schema.missing-key")],
)
def test_what_only_an_environment_has_must_be_whole(section: str, entry: dict[str, Any], kind: str) -> None:
    main = widen(Piece("m.yaml", {"environments": {"test": {section: {"new": entry}}}}))
    (defect,) = overlay_environment(merge_documents((main,)), main, "test").defects
    assert (defect.kind, defect.at) == (kind, Place("m.yaml", ("environments", "test", section, "new"), "key"))


def test_the_same_mistake_in_every_environment_is_told_once() -> None:
    text = "services:\n  web:\n    image: x\n    environment:\n      A: ${nobody.url}\n"
    assert codes(compile_texts({"integration.yaml": HEAD + text})).count("REF001") == 1
    assert kinds_of(text) == ["reference.unknown-name"]
    assert kinds_of(text, environment="test") == ["reference.unknown-name"]


def test_defaults_count_for_a_service_that_only_an_environment_has() -> None:
    text = """
defaults:
  environment:
    ZONE: utc
environments:
  test:
    services:
      fake:
        image: fake
"""
    assert manifest_of(text, environment="test").services["fake"].environment == {"ZONE": ("utc",)}
    assert defects_of(text, environment="test") == []


TREES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(st.sampled_from("abcd"), TREES, max_size=4)


@given(MAPPINGS, MAPPINGS)
def test_deep_merge_keeps_every_key_and_lets_the_second_win(base: dict[str, Any], over: dict[str, Any]) -> None:
    merged = deep_merge(base, over)
    assert list(merged) == list(dict.fromkeys((*base, *over)))
    assert deep_merge(merged, over) == merged
    for key, value in over.items():
        if not (isinstance(value, dict) and isinstance(base.get(key), dict)):
            assert merged[key] == value


def test_routes_that_an_environment_replaces_no_longer_stand_in_a_fragment() -> None:
    pieces = (
        Piece(
            "m.yaml",
            {
                "gateway": {"type": "nginx"},
                "environments": {"test": {"gateway": {"routes": [{"path": "/b", "service": "b"}]}}},
            },
        ),
        Piece("a.yaml", {"services": {"a": {"image": "x"}}, "routes": [{"path": "/a", "service": "a"}]}),
    )
    wides = tuple(widen(piece) for piece in pieces)
    moved = overlay_environment(merge_documents(wides), wides[0], "test").moved
    assert {at: place for at, place in moved.items() if at[0] == "gateway"} == {
        ("gateway", "routes"): Place("m.yaml", ("environments", "test", "gateway", "routes"))
    }


def test_how_an_environment_asks_wins_over_how_the_manifest_asks() -> None:
    text = """
services:
  web:
    image: x
    port: 80
    healthcheck:
      command: other
      interval: 3s
environments:
  test:
    services:
      web:
        healthcheck: /health
"""
    health = manifest_of(text, environment="test").services["web"].health
    assert health is not None
    assert (health.liveness, health.command, health.interval_ms) == ("/health", (), 3000)


def test_what_only_an_environment_has_stands_there() -> None:
    fake = {"image": "x", "environment": {}}
    main = widen(Piece("m.yaml", {"environments": {"test": {"services": {"fake": fake}}}}))
    moved = overlay_environment(merge_documents((main,)), main, "test").moved
    at = ("environments", "test", "services", "fake")
    assert moved == {
        ("services", "fake"): Place("m.yaml", at),
        ("services", "fake", "image"): Place("m.yaml", (*at, "image")),
    }
