from __future__ import annotations

import json

import pytest

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.ownership.lock import Lock
from compiler.passes.ports import port_key, port_variable
from tests.plans import HEAD, defects_of, hosts_of, kinds_of, plan_of
from tests.support import compile_texts

THREE = """
ports:
  range: 9000-9009
  registry: PORT_REGISTRY.json
services:
  web:
    image: x
    port: 9001:80
  api:
    image: x
    port: 80
    ports:
      admin: 81
      peer: internal:82
  worker:
    image: x
infrastructure:
  cache:
    type: redis
    publish: true
  hidden:
    type: redis
gateway:
  routes:
    - path: /
      service: web
"""


def registry(**owners: str) -> dict[str, str]:
    """A registry with these ports, `p9000` for 9000."""
    return {"PORT_REGISTRY.json": json.dumps({"allocations": {port[1:]: owner for port, owner in owners.items()}})}


def test_written_ports_win_then_the_lowest_free_ones_in_manifest_order() -> None:
    assert hosts_of(plan_of(THREE, registry())) == {
        "web": 9001,
        "api": 9000,
        "api/admin": 9002,
        "api/peer": None,
        "cache": 9003,
        "hidden": None,
        "gateway": 9004,
    }


def test_the_locks_ports_stay() -> None:
    lock = Lock("0", {"gateway": 9000, "api/admin": 9009, "cache": 9001, "gone": 9002})
    hosts = hosts_of(plan_of(THREE, registry(), lock=lock))
    assert (hosts["gateway"], hosts["api/admin"]) == (9000, 9009)
    assert hosts["web"] == 9001, "a written port wins over the lock's"
    assert (hosts["api"], hosts["cache"]) == (9002, 9003), "what is gone holds no port"


def test_a_lock_outside_the_range_or_of_someone_else_does_not_count() -> None:
    lock = Lock("0", {"api": 9999, "api/admin": 9000})
    assert hosts_of(plan_of(THREE, registry(p9000="other/x"), lock=lock))["api"] == 9002
    assert hosts_of(plan_of(THREE, registry(p9000="other/x"), lock=lock))["api/admin"] == 9003


def test_two_of_one_name_in_the_lock_never_share_a_port() -> None:
    hosts = hosts_of(plan_of(THREE, registry(), lock=Lock("0", {"api": 9005, "cache": 9005})))
    assert (hosts["api"], hosts["cache"]) == (9005, 9002)


def test_the_registry_keeps_ports_for_others_and_gives_us_ours() -> None:
    owned = registry(p9000="shop/api", p9002="other/api", p9003="shop", p9004="shopping/x")
    hosts = hosts_of(plan_of(THREE, owned))
    assert [hosts[name] for name in ("api", "api/admin", "cache", "gateway")] == [9000, 9003, 9005, 9006]


def test_without_a_lock_what_we_claimed_is_ours_again() -> None:
    claimed = registry(
        p9000="shop/gateway", p9005="shop/api", p9004="shop/api/admin", p9007="shop/api", p8000="shop/cache"
    )
    assert hosts_of(plan_of(THREE, claimed)) == {
        "web": 9001,
        "api": 9005,
        "api/admin": 9004,
        "api/peer": None,
        "cache": 9002,
        "hidden": None,
        "gateway": 9000,
    }
    hosts = hosts_of(plan_of(THREE, claimed, lock=Lock("0", {"api": 9000})))
    assert (hosts["api"], hosts["gateway"]) == (9000, 9003), "the lock wins over the registry"


def test_what_another_name_of_ours_claims_is_handed_out_last() -> None:
    claimed = registry(p9000="shop/on-another-branch")
    assert hosts_of(plan_of(THREE, claimed))["api"] == 9002
    narrow = THREE.replace("9000-9009", "9000-9004")
    assert hosts_of(plan_of(narrow, claimed))["gateway"] == 9000, "it is ours after all"


def meant(**ranges: str) -> dict[str, str]:
    """A registry that means ranges for somebody."""
    return {"PORT_REGISTRY.json": json.dumps({"metadata": {"port_ranges": ranges}, "allocations": {"9006": "other"}})}


def test_ranges_meant_for_us_come_first_and_those_of_others_last() -> None:
    def chosen(**ranges: str) -> list[int | None]:
        hosts = hosts_of(plan_of(THREE, meant(**ranges)))
        return [hosts[name] for name in ("api", "api/admin", "cache", "gateway")]

    assert chosen(other="9000-9002") == [9003, 9004, 9005, 9007]
    assert chosen(shop="9007-9008") == [9007, 9008, 9000, 9002]
    assert chosen(shop="9003-9008", other="9000-9009") == [9003, 9004, 9005, 9007]
    assert chosen(other="8000-9999") == [9000, 9002, 9003, 9004], "`ports.range` is written, and wins"


def test_a_range_of_somebody_else_moves_no_port() -> None:
    lock = Lock("0", {"api": 9000, "api/admin": 9002, "cache": 9003, "gateway": 9004})
    hosts = hosts_of(plan_of(THREE, meant(other="9000-9009"), lock=lock))
    assert {name: hosts[name] for name in lock.ports} == lock.ports


def test_a_written_port_of_someone_else_names_both_places_and_a_free_one() -> None:
    (defect,) = plan_of(THREE, registry(p9001="other/web")).defects
    assert defect == Defect(
        "port.registered",
        ("services", "web", "ports", "default"),
        {"port": "9001", "unit": "web", "free": "9005", "range": "9000-9009", "owner": "other/web"},
        (Place("PORT_REGISTRY.json", line=1, column=18),),
    )


def test_a_port_that_two_write_names_both_places_and_a_free_one() -> None:
    text = "services:\n  a:\n    image: x\n    port: 8000:80\n  b:\n    image: x\n    port: 8000:80\n"
    (defect,) = plan_of(text).defects
    assert defect.kind == "port.conflict"
    assert defect.at == ("services", "b", "ports", "default")
    assert defect.related == (("services", "a", "ports", "default"),)
    assert defect.facts["free"] == "8001"


def test_a_range_that_is_too_small() -> None:
    text = "ports:\n  range: 9000-9000\nservices:\n  a:\n    image: x\n    port: 80\n  b:\n    image: x\n    port: 80\n"
    assert defects_of(text) == [("port.exhausted", {"unit": "b", "range": "9000-9000"})]


@pytest.mark.parametrize("written", ["9-3", "0-10", "1-70000"])
def test_a_range_that_is_none(written: str) -> None:
    assert ("port.bad-range", {"range": written}) in defects_of(f"ports:\n  range: {written}\n")


@pytest.mark.parametrize("port", ["0:80", "70000:80", "80:0", "internal:70000"])
def test_a_port_that_is_none(port: str) -> None:
    assert kinds_of(f"services:\n  a:\n    image: x\n    port: {port}\n") == ["port.out-of-range"]


def test_replicas_cannot_share_a_host_port() -> None:
    text = "services:\n  a:\n    image: x\n    port: {}80\n    replicas: 2\n"
    assert kinds_of(text.format("")) == ["port.replicas"]
    assert kinds_of(text.format("internal:")) == []
    assert kinds_of(text.format(""), environment="test") == [], "ephemeral ports do not meet"


def test_a_copy_has_ephemeral_ports_only() -> None:
    hosts = hosts_of(plan_of(THREE, registry(), "test", Lock("0", {"api": 9005})))
    assert hosts == {
        "web": 0,
        "api": 0,
        "api/admin": 0,
        "api/peer": None,
        "cache": 0,
        "hidden": None,
        "gateway": 0,
    }


def test_infrastructure_publishes_on_a_port_of_ones_own() -> None:
    text = "infrastructure:\n  mq:\n    type: rabbitmq\n    publish: 5673\n"
    assert hosts_of(plan_of(text)) == {"mq/amqp": 5673, "mq/management": 8000}


DEBUGGED = """
ports:
  range: 9229-9232
services:
  api:
    image: x
    port: 80
  web:
    image: x
    port: 80
    develop:
      debug_port: 9229
"""


def test_the_debug_port_exists_in_dev_only() -> None:
    assert "web/debug" not in hosts_of(plan_of(DEBUGGED))
    assert "web/debug" not in hosts_of(plan_of(DEBUGGED, environment="test"))
    assert hosts_of(plan_of(DEBUGGED, environment="dev"))["web/debug"] == 9229


def test_a_debug_port_in_the_range_moves_nobody_in_dev() -> None:
    compilation = compile_texts({"integration.yaml": HEAD + DEBUGGED}).planned.compilation
    assert compilation is not None
    assert hosts_of(compilation.base) == {"api": 9230, "web": 9231}
    assert hosts_of(compilation.environments["dev"]) == {"api": 9230, "web": 9231, "web/debug": 9229}


def test_ports_of_services_that_only_dev_has_are_nobody_elses() -> None:
    text = """
services:
  api:
    image: x:1
    port: 80
environments:
  dev:
    services:
      tool:
        image: x:1
        port: {}80
"""
    for pinned in ("", "8000:"):
        compiled = compile_texts({"integration.yaml": HEAD + text.format(pinned)})
        assert compiled.diagnostics == ()
        ports = compiled.planned.lock.ports
        assert ports == ({"api": 8001} if pinned else {"api": 8000, "tool": 8001})
        more = text.format(pinned).replace("environments:", "  more:\n    image: x:1\n    port: 80\nenvironments:")
        lock = compiled.tree and json.dumps({"format": 1, "periplus": "0.1.0", "ports": ports, "versions": {}})
        again = compile_texts({"integration.yaml": HEAD + more, "integration.lock.json": str(lock)})
        assert again.diagnostics == ()
        assert {**again.planned.lock.ports, "more": 0} == {**ports, "more": 0}


@pytest.mark.parametrize(
    ("unit", "name", "key", "variable"),
    [
        ("auth-service", "default", "auth-service", "AUTH_SERVICE_PORT"),
        ("auth-service", "admin-ui", "auth-service/admin-ui", "AUTH_SERVICE_ADMIN_UI_PORT"),
    ],
)
def test_what_a_port_is_called(unit: str, name: str, key: str, variable: str) -> None:
    assert (port_key(unit, name), port_variable(unit, name)) == (key, variable)


def test_the_gateway_speaks_tls_with_a_certificate() -> None:
    text = """
services:
  web:
    image: x
    port: 80
gateway:
  port: 8443
  tls:
    certificate: ./a.pem
    key: ./b.pem
  routes:
    - path: /
      service: web
"""
    port = plan_of(text).units["gateway"].ports["default"]
    assert (port.host, port.container, port.scheme) == (8443, 443, "https")
