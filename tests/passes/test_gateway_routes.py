from __future__ import annotations

import pytest

from compiler.model.plan import HttpGet, Image, Mount, MountKind
from compiler.ownership.lock import Lock
from compiler.passes.gateway import HEALTH_PATH
from tests.plans import edges_of, file_of, plan_of, tree_of

TEXT = """
services:
  api:
    image: x
    port: 8000
    ports:
      admin: 9000
  quiet:
    image: x
    port: internal:8001
gateway:
{extra}  routes:
    - path: /api/
      service: api
    - path: /exact
      service: api
    - path: /quiet/
      service: quiet
"""


def test_the_gateway_calls_each_service_and_waits_for_none() -> None:
    plan = plan_of(TEXT.format(extra=""))
    assert edges_of(plan) == {"gateway -> api": "none", "gateway -> quiet": "none"}
    edge = plan.edges[0]
    assert (edge.purpose, edge.required, edge.calls) == ("routes /api/, /exact", False, True)
    assert plan.layers == (("api", "quiet", "gateway"),)


def test_routes_go_to_the_first_port_and_end_in_a_slash_where_they_are_prefixes() -> None:
    plan = plan_of(TEXT.format(extra=""))
    assert plan.gateway is not None
    assert [(route.path, route.prefix, route.port, route.host_port) for route in plan.gateway.routes] == [
        ("/api/", True, 8000, 8000),
        ("/exact", False, 8000, 8000),
        ("/quiet/", True, 8001, None),
    ]


def test_the_container() -> None:
    unit = plan_of(TEXT.format(extra="  version: 1.27\n")).units["gateway"]
    assert (unit.image, unit.networks) == (Image("nginx", "1.27-alpine"), ())
    assert unit.mounts == (
        Mount(MountKind.OUTPUT, "nginx/shop.conf", "/etc/nginx/conf.d/default.conf", read_only=True),
    )
    assert unit.health is not None
    assert unit.health.liveness == HttpGet(80, HEALTH_PATH) == HttpGet(80, "/__gateway/health")


def test_the_locks_version_of_the_gateway_stays() -> None:
    lock = Lock("0", versions={"gateway/nginx": "1.2.3"})
    assert plan_of(TEXT.format(extra=""), lock=lock).units["gateway"].image == Image("nginx", "1.2.3-alpine")


def test_a_certificate_is_mounted() -> None:
    extra = "  tls:\n    certificate: ./tls/a.pem\n    key: ./tls/b.pem\n"
    plan = plan_of(TEXT.format(extra=extra))
    assert [(mount.kind, mount.source) for mount in plan.units["gateway"].mounts[1:]] == [
        (MountKind.PATH, "./tls/a.pem"),
        (MountKind.PATH, "./tls/b.pem"),
    ]


def test_in_host_mode_nothing_runs_here() -> None:
    plan = plan_of(TEXT.format(extra="  mode: host\n").replace("    - path: /quiet/\n      service: quiet\n", ""))
    assert "gateway" not in plan.units
    assert plan.gateway is not None
    assert plan.defects == ()
    assert edges_of(plan) == {"gateway -> api": "none"}


@pytest.mark.parametrize(
    ("route", "kind"),
    [
        ("service: nobody", "route.unknown-service"),
        ("service: bank", "route.no-port"),
        ("service: portless", "route.no-port"),
        ("service: quiet", "route.not-published"),
    ],
)
def test_routes_that_lead_nowhere(route: str, kind: str) -> None:
    text = f"""
services:
  quiet:
    image: x
    port: internal:80
  portless:
    image: x
    develop:
      debug_port: 9229
  bank:
    url: https://bank.example
gateway:
  mode: host
  routes:
    - path: /
      {route}
"""
    (defect,) = plan_of(text, environment="dev").defects
    assert (defect.kind, defect.at) == (kind, ("gateway", "routes", 0, "service"))


def test_without_a_gateway_there_is_no_configuration() -> None:
    tree = tree_of("services:\n  web:\n    image: x\n")
    assert not [path for path in tree if path.startswith("nginx/")]


CHANGED = """
services:
  api:
    image: x
    port: 8000
gateway:
  routes:
    - path: /api/
      service: api
environments:
  {environment}:
    {change}
"""
MORE = "gateway:\n      routes:\n        - path: /\n          service: api"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(MORE, id="another route"),
        pytest.param("services:\n      api:\n        port: 9000", id="another port"),
    ],
)
def test_an_environment_whose_routes_differ_has_its_own_configuration(change: str) -> None:
    text = CHANGED.format(environment="stage", change=change)
    volumes = file_of(text, "docker-compose.stage.yml")["services"]["gateway"]["volumes"]
    assert volumes[0]["source"] == "./nginx/shop-stage.conf"
    tree = tree_of(text)
    if "9000" in change:
        assert "api:9000" in tree["nginx/shop-stage.conf"].text
    assert "api:8000" in tree["nginx/shop.conf"].text


@pytest.mark.parametrize("change", ["api:\n        replicas: 1", "new:\n        image: y\n        port: 80"])
def test_an_environment_whose_routes_are_the_same_shares_the_configuration(change: str) -> None:
    text = CHANGED.format(environment="stage", change=f"services:\n      {change}")
    volumes = file_of(text, "docker-compose.stage.yml")["services"]["gateway"]["volumes"]
    assert volumes[0]["source"] == "./nginx/shop.conf"


def test_routes_that_dev_adds_are_routed() -> None:
    text = CHANGED.format(environment="dev", change=MORE.replace("/\n", "/new/\n"))
    tree = tree_of(text)
    (volume,) = file_of(text, "docker-compose.override.yml")["services"]["gateway"]["volumes"]
    assert "/new/" in tree[volume["source"].removeprefix("./")].text
    assert "/new/" not in tree["nginx/shop.conf"].text
