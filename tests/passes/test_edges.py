from __future__ import annotations

import pytest

from compiler.model.plan import Until
from tests.plans import edges_of, kinds_of, plan_of

FILES = {"Dockerfile": "FROM python:3\n"}
TEXT = """
infrastructure:
  db:
    type: postgres
    databases:
      app:
services:
  checked:
    build: .
    port: 80
    healthcheck: /
  unchecked:
    image: x
    port: 80
  bank:
    url: https://bank.example
  web:
    image: x
    environment:
      A: ${checked.url}
      B: ${unchecked.url} ${unchecked.port}
      C: ${bank.url}
      D: ${db.app.url}
"""


def test_a_reference_is_the_edge_and_waits_as_well_as_it_can() -> None:
    assert edges_of(plan_of(TEXT, FILES)) == {
        "db-app -> db": "healthy",
        "web -> db": "healthy",
        "web -> db-app": "completed",
        "web -> checked": "healthy",
        "web -> unchecked": "started",
        "web -> bank": "none",
    }


def test_an_edge_remembers_every_reference_that_made_it() -> None:
    edge = next(edge for edge in plan_of(TEXT, FILES).edges if edge.target == "unchecked")
    assert edge.because == (("services", "web", "environment", "B"),) * 2


def test_purposes() -> None:
    text = TEXT + "    depends_on:\n      checked:\n        purpose: asks whether all is well\n"
    purposes = {edge.target: edge.purpose for edge in plan_of(text, FILES).edges if edge.source == "web"}
    assert purposes["checked"] == "asks whether all is well"
    assert purposes["db"] == "PostgreSQL: app"
    assert purposes["unchecked"] == "as B"


def depending(entry: str) -> str:
    """`web` depends on `checked` with a further line."""
    head = "services:\n  checked:\n    build: .\n    port: 80\n    healthcheck: /\n  web:\n    image: x\n"
    return head + f"    depends_on:\n      checked:\n{entry}"


@pytest.mark.parametrize(
    ("entry", "until", "required"),
    [
        ("", Until.HEALTHY, True),
        ("        condition: started\n", Until.STARTED, True),
        ("        condition: healthy\n", Until.HEALTHY, True),
        ("        condition: none\n", Until.NOTHING, True),
        ("        required: false\n", Until.HEALTHY, False),
    ],
)
def test_a_written_dependency(entry: str, until: Until, required: bool) -> None:
    (edge,) = plan_of(depending(entry), FILES).edges
    assert (edge.source, edge.target, edge.until, edge.required) == ("web", "checked", until, required)
    assert edge.calls


def test_a_written_healthy_on_a_target_without_a_check() -> None:
    text = "services:\n  api:\n    image: x\n  web:\n    image: x\n    depends_on:\n      api:\n        condition: {}\n"
    (defect,) = plan_of(text.format("healthy")).defects
    assert (defect.kind, defect.facts) == ("health.waits-for-nothing", {"source": "web", "target": "api"})
    assert defect.at == ("services", "web", "depends_on", "api", "condition")
    assert plan_of(text.format("started")).defects == ()


def test_a_dependency_on_itself_or_on_nobody() -> None:
    text = "services:\n  web:\n    image: x\n    depends_on:\n      web:\n      nobody:\n"
    assert kinds_of(text) == ["dependency.self", "dependency.unknown"]


def test_condition_none_awaits_no_job_either() -> None:
    text = TEXT + "    depends_on:\n      db:\n        condition: none\n"
    edges = edges_of(plan_of(text, FILES))
    assert edges["web -> db"] == "none"
    assert "web -> db-app" not in edges
    assert "dependency.unawaited" in kinds_of(text, FILES)


def test_condition_none_breaks_a_cycle() -> None:
    text = """
services:
  a:
    image: x
    port: 80
    environment:
      B: ${b.url}
  b:
    image: x
    port: 80
    environment:
      A: ${a.url}
"""
    assert kinds_of(text) == ["dependency.cycle"]
    broken = text + "    depends_on:\n      a:\n        condition: none\n"
    plan = plan_of(broken)
    assert plan.defects == ()
    assert plan.layers == (("b",), ("a",))


def test_a_migration_waits_for_what_its_service_stores_in_and_the_service_for_it() -> None:
    text = TEXT + "    migrate: make\n"
    edges = edges_of(plan_of(text, FILES))
    assert {pair: until for pair, until in edges.items() if "web-migrate" in pair} == {
        "web-migrate -> db": "healthy",
        "web-migrate -> db-app": "completed",
        "web -> web-migrate": "completed",
    }


def test_a_job_stands_in_the_profiles_of_its_users() -> None:
    text = """
infrastructure:
  db:
    type: postgres
    databases:
      one:
      two:
services:
  web:
    image: x
    profiles:
      - extra
    environment:
      A: ${db.one.url}
      B: ${db.two.url}
  api:
    image: x
    environment:
      B: ${db.two.url}
"""
    units = plan_of(text).units
    assert (units["db-one"].profiles, units["db-two"].profiles, units["db"].profiles) == (("extra",), (), ())


@pytest.mark.parametrize(
    ("source", "target", "required", "profile"),
    [
        ("", "extra", "true", ""),
        ("extra", "extra", "true", None),
        ("extra", "", "true", None),
        ("", "extra", "false", None),
        ("other", "extra", "true", "other"),
    ],
)
def test_a_dependency_that_a_profile_leaves_out(source: str, target: str, required: str, profile: str | None) -> None:
    def profiles(name: str) -> str:
        return f"    profiles:\n      - {name}\n" if name else ""

    text = (
        f"services:\n  api:\n    image: x\n{profiles(target)}  web:\n    image: x\n{profiles(source)}"
        f"    depends_on:\n      api:\n        required: {required}\n"
    )
    found = [
        defect.facts["profile"] for defect in plan_of(text).defects if defect.kind == "dependency.inactive-profile"
    ]
    assert found == ([] if profile is None else [profile])


@pytest.mark.parametrize(
    ("hasty", "waiting", "profile"),
    [
        ("", "tools", ""),
        ("extra", "tools", "extra"),
        ("tools", "tools", None),
        ("extra", "", None),
        ("", "", None),
    ],
)
def test_a_job_is_awaited_wherever_what_it_makes_is_used(hasty: str, waiting: str, profile: str | None) -> None:
    def service(name: str, of: str) -> str:
        profiles = f"    profiles:\n      - {of}\n" if of else ""
        return f"  {name}:\n    image: x:1\n    environment:\n      A: ${{db.app.url}}\n{profiles}"

    text = (
        f"infrastructure:\n  db:\n    type: postgres\n    databases:\n      app:\nservices:\n{service('tool', waiting)}"
        f"{service('web', hasty)}    depends_on:\n      db:\n        condition: none\n"
    )
    found = [defect for defect in plan_of(text).defects if defect.kind == "dependency.unawaited"]
    assert [defect.facts["profile"] for defect in found] == ([] if profile is None else [profile])
    assert [defect.at for defect in found] == [("services", "web", "depends_on", "db", "condition")] * len(found)
