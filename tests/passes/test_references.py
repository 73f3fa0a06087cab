from __future__ import annotations

import pytest

from tests.plans import defects_of, environment_of, plan_of

TEXT = """
secrets:
  TOKEN: generated
infrastructure:
  db:
    type: postgres
    databases:
      app:
services:
  api:
    image: x
    port: 80
  web:
    image: x
    port: 80
    environment:
      VALUE: {}
"""


@pytest.mark.parametrize(
    ("written", "kind", "facts"),
    [
        ("${nobody.url}", "reference.unknown-name", {"reference": "nobody.url", "accepted": "api, db, web"}),
        ("${db.nothing.url}", "reference.unknown-output", {"reference": "db.nothing.url"}),
        ("${api.urls}", "reference.unknown-output", {"reference": "api.urls"}),
        ("${web.url}", "reference.self", {"reference": "web.url", "source": "web"}),
        ("${gateway.public_url}", "reference.unknown-name", {"name": "gateway"}),
        ("${secrets.OTHER}", "reference.unknown-secret", {"name": "OTHER"}),
    ],
)
def test_what_cannot_be_resolved(written: str, kind: str, facts: dict[str, str]) -> None:
    ((found, found_facts),) = defects_of(TEXT.format(written))
    assert found == kind
    assert facts.items() <= found_facts.items()


def test_a_mistake_stands_at_its_value() -> None:
    (defect,) = plan_of(TEXT.format("${nobody.url}")).defects
    assert defect.at == ("services", "web", "environment", "VALUE")


def test_a_service_may_know_its_own_public_url() -> None:
    plan = plan_of(TEXT.format("${web.public_url}"))
    assert plan.defects == ()
    assert plan.edges == ()


def test_what_is_not_a_reference_is_composes() -> None:
    plan = plan_of(TEXT.format("${A} ${B:-b} ${C:?say c} $$D $E"))
    assert environment_of(plan.units["web"]) == {"VALUE": "${A} ${B} ${C} $D $E"}
    assert {(one.name, one.default, one.message) for one in plan.variables.values()} == {
        ("A", None, None),
        ("B", "b", None),
        ("C", None, "say c"),
    }


def test_a_derived_secret_can_be_named() -> None:
    plan = plan_of(TEXT.format("${secrets.DB_APP_PASSWORD} ${db.app.name}"))
    assert plan.defects == ()
    assert "web" in plan.secrets["DB_APP_PASSWORD"].users


def test_an_instance_of_an_unknown_kind_brings_no_second_mistake() -> None:
    text = (
        "infrastructure:\n  db:\n    type: pg\nservices:\n  web:\n    image: x\n    environment:\n      A: ${db.url}\n"
    )
    ((kind, facts),) = defects_of(text)
    assert (kind, facts["type"], facts["unit"]) == ("kind.unknown", "pg", "db")
    assert "postgres" in facts["accepted"].split(", ")


def test_references_everywhere_a_text_may_stand() -> None:
    text = """
infrastructure:
  cache:
    type: redis
    environment:
      A: ${api.host}
    config:
      dir: /${api.host}
services:
  api:
    build:
      context: .
      args:
        A: ${cache.host}
    command: run ${cache.port}
    healthcheck:
      command: ask ${cache.host}
    migrate: migrate ${cache.host}
    develop:
      command: dev ${cache.host}
      environment:
        DEV: ${cache.url}
"""
    dev = plan_of(text, {"Dockerfile": "FROM python\n"}, "dev")
    assert [defect for defect in dev.defects if defect.kind.startswith(("reference", "text"))] == []
    api, cache = dev.units["api"], dev.units["cache"]
    assert api.command == (("dev",), ("cache",))
    assert environment_of(api) == {"DEV": "redis://cache:6379"}
    assert dev.units["api-migrate"].command == (("migrate",), ("cache",))
    assert environment_of(cache)["A"] == "api"
    assert cache.command[-2:] == (("--dir",), ("/api",))
