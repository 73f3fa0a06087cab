from __future__ import annotations

import pytest

from tests.plans import HEAD, defects_of, kinds_of, manifest_of, plan_of
from tests.support import codes, compile_texts


@pytest.mark.parametrize(
    ("text", "what", "name"),
    [
        ("services:\n  Web:\n    image: x\n", "services", "Web"),
        ("services:\n  web_1:\n    image: x\n", "services", "web_1"),
        ("services:\n  web-:\n    image: x\n", "services", "web-"),
        ("services:\n  wéb:\n    image: x\n", "services", "wéb"),
        ("infrastructure:\n  1db:\n    type: redis\n", "infrastructure", "1db"),
        ("networks:\n  Own: bridge\n", "networks", "Own"),
        ("services:\n  web:\n    image: x\n    ports:\n      Admin: 80\n", "ports", "Admin"),
        ("infrastructure:\n  db:\n    type: postgres\n    databases:\n      My-App:\n", "databases", "My-App"),
        (
            "infrastructure:\n  db:\n    type: postgres\n    databases:\n      app:\n        owner: pg_me\n",
            "owner",
            "pg_me",
        ),
    ],
)
def test_names_outside_their_grammar(text: str, what: str, name: str) -> None:
    found = [facts for kind, facts in defects_of(text) if kind == "name.bad"]
    assert [(facts["what"], facts["name"]) for facts in found] == [(what, name)]


@pytest.mark.parametrize("name", ["a", "a1", "a-b", "a" * 63])
def test_names_inside_their_grammar(name: str) -> None:
    assert kinds_of(f"services:\n  {name}:\n    image: x\n") == []


@pytest.mark.parametrize("name", ["gateway", "secrets", "env", "default"])
def test_reserved_names(name: str) -> None:
    assert "name.reserved" in kinds_of(f"services:\n  {name}:\n    image: x\n")


@pytest.mark.parametrize("name", ["postgres", "template1"])
def test_names_that_a_server_keeps_for_itself(name: str) -> None:
    text = f"infrastructure:\n  db:\n    type: postgres\n    databases:\n      {name}:\n        owner: me\n"
    assert kinds_of(text) == ["name.reserved"]
    text = f"infrastructure:\n  db:\n    type: postgres\n    databases:\n      a:\n        owner: {name}\n"
    assert kinds_of(text) == (["name.reserved"] if name == "postgres" else [])


@pytest.mark.parametrize("name", ["local", "override", "Stage", "a_b"])
def test_an_environment_may_not_be_called_anything(name: str) -> None:
    text = f"environments:\n  {name}:\n    services:\n      a:\n        image: x\n"
    assert any(code.startswith("NAME") for code in codes(compile_texts({"integration.yaml": HEAD + text})))


def test_a_service_and_an_instance_of_one_name() -> None:
    text = "infrastructure:\n  web:\n    type: redis\nservices:\n  web:\n    image: x\n"
    (defect, *_) = [defect for defect in plan_of(text).defects if defect.kind == "name.taken"]
    assert (defect.at, defect.related) == (("services", "web"), (("infrastructure", "web"),))


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  web:\n    image: x\n    migrate: make\n  web-migrate:\n    image: y\n",
        "services:\n  web:\n    image: x\n    migrate: make\n  web-migrate:\n    url: http://x\n",
        (
            "infrastructure:\n  db:\n    type: postgres\n    databases:\n      app:\n"
            "services:\n  db-app:\n    image: x\n    environment:\n      A: ${db.app.url}\n"
        ),
    ],
)
def test_a_derived_name_that_is_taken(text: str) -> None:
    assert kinds_of(text).count("name.taken") == 1


def test_two_instances_of_one_volume() -> None:
    text = "infrastructure:\n  a:\n    type: redis\n    volume: b-data\n  b:\n    type: redis\n"
    (defect,) = plan_of(text).defects
    assert (defect.kind, defect.facts, defect.related) == (
        "name.taken",
        {"name": "b-data", "what": "volume"},
        (("infrastructure", "a"),),
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("secrets:\n  WEB_PORT: generated\nservices:\n  web:\n    image: x\n    port: 80\n", "WEB_PORT"),
        ("secrets:\n  COMPOSE_FILE: generated\n", "COMPOSE_FILE"),
        (
            "services:\n  a-b:\n    image: x\n    port: 80\n  a:\n    image: x\n    ports:\n      b: 81\n",
            "A_B_PORT",
        ),
    ],
)
def test_variables_that_two_things_would_set(text: str, name: str) -> None:
    ((kind, facts),) = defects_of(text)
    assert (kind, facts["name"]) == ("name.variable-taken", name)


def test_a_port_that_is_not_published_sets_no_variable() -> None:
    text = "secrets:\n  WEB_PORT: generated\nservices:\n  web:\n    image: x\n    port: internal:80\n"
    assert kinds_of(text) == []


def test_a_job_whose_name_is_too_long() -> None:
    text = f"services:\n  {'a' * 60}:\n    image: x\n    migrate: make\n"
    assert [(facts["what"]) for kind, facts in defects_of(text) if kind == "name.bad"] == ["job"]


def test_names_are_kept_as_they_stand() -> None:
    assert manifest_of("services:\n  no:\n    image: x\n  on:\n    image: x\n").services.keys() == {"no", "on"}
