from __future__ import annotations

import pytest

from compiler.model.plan import External, NetworkPlan, UnitKind
from tests.plans import file_of, plan_of

NETWORKS = """
networks:
  shared: external
  elsewhere:
    external: true
    name: real-name
  own: bridge
  quiet:
    internal: true
  named:
    name: fixed
services:
  web:
    image: x
"""


def networks(environment: str) -> dict[str, NetworkPlan]:
    """The networks of an environment."""
    return dict(plan_of(NETWORKS, environment=environment).networks)


def test_networks_of_the_system() -> None:
    for environment in ("", "dev"):
        assert networks(environment) == {
            "shared": NetworkPlan("shared", "bridge", False, True, "shared"),
            "elsewhere": NetworkPlan("elsewhere", "bridge", False, True, "real-name"),
            "own": NetworkPlan("own", "bridge", False, False, ""),
            "quiet": NetworkPlan("quiet", "bridge", True, False, ""),
            "named": NetworkPlan("named", "bridge", False, False, "fixed"),
        }


def test_the_test_copy_joins_no_external_network_and_shares_no_name() -> None:
    for network in networks("test").values():
        assert (network.external, network.actual) == (False, "")


def test_another_copy_may_join_external_networks_but_makes_its_own_otherwise() -> None:
    found = {name: (network.external, network.actual) for name, network in networks("stage").items()}
    assert found == {
        "shared": (True, "shared"),
        "elsewhere": (True, "real-name"),
        "own": (False, ""),
        "quiet": (False, ""),
        "named": (False, ""),
    }


def test_infrastructure_and_jobs_join_the_default_network_only() -> None:
    text = """
networks:
  own: bridge
infrastructure:
  db:
    type: postgres
    databases:
      app:
services:
  web:
    image: x
    environment:
      A: ${db.app.url}
gateway:
  routes:
    - path: /
      service: web
"""
    services = file_of(text.replace("image: x", "image: x\n    port: 80"))["services"]
    assert {name: service.get("networks") for name, service in services.items()} == {
        "db": None,
        "db-app": None,
        "web": ["default", "own"],
        "gateway": None,
    }


def test_units_stand_in_manifest_order_with_their_jobs() -> None:
    text = """
services:
  b:
    image: x
    port: 80
    migrate: make
    environment:
      A: ${z.one.url} ${y.url}
  a:
    image: x
  bank:
    url: https://bank.example
    role: Bank
infrastructure:
  z:
    type: postgres
    databases:
      one:
  y:
    type: redis
gateway:
  routes:
    - path: /
      service: b
"""
    plan = plan_of(text)
    assert plan.defects == ()
    assert [(unit.name, unit.kind) for unit in plan.units.values()] == [
        ("z", UnitKind.INSTANCE),
        ("z-one", UnitKind.JOB),
        ("y", UnitKind.INSTANCE),
        ("b-migrate", UnitKind.JOB),
        ("b", UnitKind.SERVICE),
        ("a", UnitKind.SERVICE),
        ("gateway", UnitKind.GATEWAY),
    ]
    assert plan.externals == {"bank": External("bank", "Bank", "https://bank.example", ("services", "bank"))}
    sources = [edge.source for edge in plan.edges]
    assert sources == sorted(sources, key=list(plan.units).index)


def test_a_knot_is_reported_once_in_travel_order() -> None:
    def service(name: str, target: str) -> str:
        return f"  {name}:\n    image: x\n    port: 80\n    environment:\n      NEXT: ${{{target}.url}}\n"

    text = "services:\n" + service("a", "b") + service("b", "c") + service("c", "a") + service("d", "a")
    plan = plan_of(text)
    (defect,) = plan.defects
    assert (defect.kind, defect.facts["ring"]) == ("dependency.cycle", "a -> b -> c -> a")
    assert defect.at == ("services", "a", "environment", "NEXT")
    assert len(defect.related) == 2
    assert [name for layer in plan.layers for name in layer] == []


@pytest.mark.parametrize("environment", ["", "dev", "test", "stage"])
def test_a_mistake_never_stops_a_plan(environment: str) -> None:
    text = """
networks:
  Bad: bridge
infrastructure:
  db:
    type: nothing
  mq:
    type: kafka
    password: ${secrets.NO}
    databases:
      x:
services:
  db:
    image: x
    port: 99999:0
    environment:
      A: ${db.url} ${nobody.url} ${mq.x.y} ${
    depends_on:
      db:
    healthcheck:
      readiness: /
    migrate: echo '
    networks:
      - none
gateway:
  routes:
    - path: /
      service: nobody
"""
    plan = plan_of(text, environment=environment)
    assert {defect.kind for defect in plan.defects} >= {
        "name.bad",
        "kind.unknown",
        "kind.unsupported",
        "name.taken",
        "port.out-of-range",
        "reference.unknown-name",
        "text.malformed",
        "text.unbalanced",
        "dependency.self",
        "network.unknown",
        "route.unknown-service",
        "health.unknown-asker",
    }
