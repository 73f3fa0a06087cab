from __future__ import annotations

from typing import Any

import pytest

from compiler.spell.yaml import Sourced, yaml_document
from compiler.targets.compose.overlay import compose_overlay
from tests.plans import HEAD, file_of
from tests.support import codes, compile_texts


def overlay(base: dict[str, Any], dev: dict[str, Any]) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """What is laid over one service, and what cannot be."""
    found = compose_overlay({"services": {"web": base}}, {"services": {"web": dev}})
    services: dict[str, Any] = found.document["services"]
    return services.get("web", {}), found.removed


@pytest.mark.parametrize(
    ("base", "dev", "expected"),
    [
        ({"image": "x"}, {"image": "x"}, {}),
        ({"image": "x"}, {"image": "y"}, {"image": "y"}),
        ({"image": "x"}, {"image": "x", "tty": True}, {"tty": True}),
        ({"environment": {"A": "1", "B": "2"}}, {"environment": {"A": "1", "B": "3"}}, {"environment": {"B": "3"}}),
        ({"command": ["a"]}, {"command": ["a", "b"]}, {"command": ["a", "b"]}),
        ({"entrypoint": ["a"]}, {"entrypoint": ["b"]}, {"entrypoint": ["b"]}),
        ({"ports": ["1", "2"]}, {"ports": ["1", "2", "3"]}, {"ports": ["3"]}),
        ({"cap_add": ["A"]}, {"cap_add": ["A", "B"]}, {"cap_add": ["B"]}),
        ({"volumes": ["a:/a"]}, {"volumes": ["b:/a"]}, {"volumes": ["b:/a"]}),
        ({"build": {"context": "a", "args": {"A": "1"}}}, {"build": {"context": "a"}}, {"build": {"context": "a"}}),
        (
            {"healthcheck": {"test": ["a"], "retries": 1}},
            {"healthcheck": {"test": ["b"], "retries": 1}},
            {"healthcheck": {"test": ["b"], "retries": 1}},
        ),
        (
            {"depends_on": {"a": {"condition": "x"}}},
            {"depends_on": {"a": {"condition": "y"}, "b": {"condition": "x"}}},
            {"depends_on": {"a": {"condition": "y"}, "b": {"condition": "x"}}},
        ),
    ],
)
def test_what_dev_adds_or_replaces(base: dict[str, Any], dev: dict[str, Any], expected: dict[str, Any]) -> None:
    assert overlay(base, dev) == (expected, ())


@pytest.mark.parametrize(
    ("base", "dev", "at"),
    [
        ({"image": "x", "tty": True}, {"image": "x"}, ("tty",)),
        ({"environment": {"A": "1"}}, {"environment": {"B": "1"}}, ("environment", "A")),
        ({"ports": ["1"]}, {"ports": ["2"]}, ("ports",)),
        ({"cap_add": ["A"]}, {"cap_add": ["B"]}, ("cap_add",)),
        ({"volumes": ["a:/a"]}, {"volumes": ["a:/b"]}, ("volumes",)),
    ],
)
def test_what_no_overlay_can_take_away(base: dict[str, Any], dev: dict[str, Any], at: tuple[str, ...]) -> None:
    assert overlay(base, dev)[1] == (("services", "web", *at),)


@pytest.mark.parametrize("name", ["build", "healthcheck", "ports", "volumes", "command", "networks"])
def test_a_service_that_is_called_like_a_setting(name: str) -> None:
    base = {"services": {name: {"image": "x", "environment": {"A": "1"}}}}
    dev = {"services": {name: {"image": "x", "environment": {"A": "2"}}}}
    found = compose_overlay(base, dev)
    assert found.document == {"services": {name: {"environment": {"A": "2"}}}}
    assert found.removed == ()


def test_routes_stay_with_what_they_explain() -> None:
    base = {"services": {"web": Sourced({"image": Sourced("x", ("a",)), "ports": Sourced(["1"], ("p",))}, ("web",))}}
    dev = {
        "services": {"web": Sourced({"image": Sourced("y", ("b",)), "ports": Sourced(["1", "2"], ("q",))}, ("web",))}
    }
    document = compose_overlay(base, dev).document
    assert document == {
        "services": {"web": Sourced({"image": Sourced("y", ("b",)), "ports": Sourced(["2"], ("q",))}, ("web",))}
    }
    assert yaml_document(document) == 'services:\n  web:\n    image: "y"\n    ports:\n      - "2"\n'


def test_where_something_was_written_is_no_difference() -> None:
    assert overlay({"image": Sourced("x", ("a",))}, {"image": Sourced("x", ("b",))}) == ({}, ())


DEV = """
services:
  web:
    image: x
    port: 80
    environment:
      A: a
    develop:
      command: dev
      debug_port: 9229
      watch:
        - path: ./src
          action: sync
          target: /src
          ignore:
            - a/
        - path: ./package.json
          action: rebuild
environments:
  dev:
    services:
      tool:
        image: y
"""


def test_the_dev_overlay() -> None:
    assert file_of(DEV, "docker-compose.override.yml") == {
        "services": {
            "web": {
                "command": ["dev"],
                "ports": ["127.0.0.1:${WEB_DEBUG_PORT:-9229}:9229"],
                "develop": {
                    "watch": [
                        {"action": "sync", "path": "../src", "target": "/src", "ignore": ["a/"]},
                        {"action": "rebuild", "path": "../package.json"},
                    ]
                },
            },
            "tool": {"image": "y"},
        }
    }


def test_without_anything_for_dev_the_overlay_is_empty() -> None:
    assert file_of("services:\n  web:\n    image: x\n", "docker-compose.override.yml") == {"services": {}}


@pytest.mark.parametrize(
    "dev",
    ["port: internal:80", "build: .", "port: 9000:80", "networks:\n          - default"],
)
def test_a_dev_that_takes_something_away_is_refused(dev: str) -> None:
    text = (
        "networks:\n  own: bridge\nservices:\n  web:\n    image: x\n    port: 80\n"
        f"environments:\n  dev:\n    services:\n      web:\n        {dev}\n"
    )
    compiled = compile_texts({"integration.yaml": HEAD + text, "Dockerfile": "FROM x\n"})
    assert compiled.tree == {}
    assert any(code.startswith("ENV") for code in codes(compiled)), compiled.diagnostics
