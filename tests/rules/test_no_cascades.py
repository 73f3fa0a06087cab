"""One mistake, one finding: what follows from it is not told as well. And what is no mistake is not told at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.faults import SORTS, Fault, faults
from tests.rules.typos import FOLDERS, MANIFEST, texts_of
from tests.support import EXAMPLES, codes, compile_text, compile_texts

if TYPE_CHECKING:
    from pathlib import Path

POSTGRES = """\
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
{options}
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: {reference}
"""
GATEWAY = """\
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
gateway:
  routes:
{routes}
"""


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("${postgress.orders.url}", "REF001"),
        ("${postgres.order.url}", "REF002"),
        ("${postgres.orders.uri}", "REF002"),
        ("${postgres.orders.url", "REF004"),
    ],
)
def test_what_is_misspelt_is_not_unused_as_well(reference: str, code: str) -> None:
    assert codes(compile_text(POSTGRES.format(options="", reference=reference))) == [code]


def test_infrastructure_that_nothing_uses_has_no_unused_parts_as_well() -> None:
    assert codes(compile_text(POSTGRES.format(options="", reference="none"))) == ["DATA002"]


def test_a_file_outside_is_not_missing_as_well() -> None:
    text = POSTGRES.format(options="        seed: ../../seed.sql", reference="${postgres.orders.url}")
    assert codes(compile_text(text)) == ["PATH001"]


def test_a_range_that_holds_no_port_is_not_used_up_as_well() -> None:
    text = "version: 1\nname: shop\nports:\n  range: 9-8\nservices:\n  web:\n    image: a:1\n    port: 80\n"
    assert codes(compile_text(text)) == ["PORT005"]


def test_a_kind_that_cannot_be_read_is_not_unknown_as_well() -> None:
    text = POSTGRES.replace("type: postgres", "type: own").format(options="", reference="${postgres.orders.url}")
    assert codes(compile_texts({"integration.yaml": text, "kinds/own/kind.yaml": "title: Own\n"})) == ["KIND003"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/", "/api/", "/api/v1/", "/api/v1/status"], []),
        (["/api/", "/apis/", "/api-docs"], []),
        (["/api/", "/api/"], ["ROUTE001"]),
        (["/api", "/api/"], ["ROUTE001"]),
        (["/health", "/health"], ["ROUTE001"]),
        (["/", "/"], ["ROUTE001"]),
        (["/__gateway/health"], ["ROUTE003"]),
        (["/__gateway"], ["ROUTE003"]),
        (["/a/../b"], ["ROUTE003"]),
        (["/a/./b"], ["ROUTE003"]),
        (["/a%2fb"], ["ROUTE003"]),
        (["/a%41"], ["ROUTE003"]),
        (["/a//b", "/a//b"], ["ROUTE003", "ROUTE003"]),
    ],
)
def test_routes(paths: list[str], expected: list[str]) -> None:
    routes = "".join(f"    - path: {path}\n      service: web\n" for path in paths)
    assert codes(compile_text(GATEWAY.format(routes=routes))) == expected


def test_certificates_of_a_host_gateway_that_nginx_cannot_take() -> None:
    text = GATEWAY.replace("internal:80", "8080:80").format(routes="    - path: /\n      service: web")
    text += "  mode: host\n  tls:\n    certificate: /etc/tls/$host.pem\n    key: '/etc/tls/a;b'\n"
    assert codes(compile_text(text)) == ["ROUTE003", "ROUTE003"]


def test_what_one_environment_alone_uses_is_used() -> None:
    text = POSTGRES.format(options="", reference="none") + (
        "environments:\n  staging:\n    services:\n      web:\n        environment:\n"
        "          DATABASE_URL: ${postgres.orders.url}\n"
    )
    assert codes(compile_text(text)) == []


def test_what_one_environment_alone_does_not_use_is_used() -> None:
    text = POSTGRES.format(options="", reference="${postgres.orders.url}") + (
        "environments:\n  staging:\n    services:\n      web:\n        environment:\n"
        "          DATABASE_URL: postgres://elsewhere\n"
    )
    assert codes(compile_text(text)) == []


def test_a_viewer_needs_no_user() -> None:
    text = "version: 1\nname: shop\ninfrastructure:\n  mail:\n    type: mailpit\nservices:\n  web:\n    image: a:1\n"
    assert codes(compile_text(text)) == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("web", []),
        ("gateway", []),
        ("hidden", ["TEST001"]),
        ("bank", ["TEST001"]),
        ("cache", ["TEST001"]),
        ("nobody", ["TEST001"]),
    ],
)
def test_what_a_test_may_ask(target: str, expected: list[str]) -> None:
    text = (
        "version: 1\nname: shop\ninfrastructure:\n  cache:\n    type: redis\n    publish: true\nservices:\n"
        "  web:\n    image: a:1\n    port: 80\n    environment:\n      C: ${cache.url}\n      B: ${bank.url}\n"
        "      H: ${hidden.url}\n"
        "  hidden:\n    image: a:1\n    port: internal:80\n"
        "  bank:\n    url: https://bank.example\n"
        "gateway:\n  routes:\n    - path: /\n      service: web\n"
        f"tests:\n  smoke:\n    - name: x\n      steps:\n        - request: GET {target} /\n"
    )
    assert codes(compile_text(text)) == expected


def test_a_gateway_on_the_host_is_asked_there() -> None:
    text = GATEWAY.replace("internal:80", "8080:80").format(routes="    - path: /\n      service: web")
    text += "  mode: host\ntests:\n  api:\n    - GET gateway /\n"
    assert codes(compile_text(text)) == []


@pytest.mark.parametrize("name", ["local", "override"])
def test_environments_whose_file_is_another_ones(name: str) -> None:
    text = f"version: 1\nname: shop\nservices:\n  web:\n    image: a:1\nenvironments:\n  {name}:\n"
    assert codes(compile_text(text)) == ["NAME002"]


def test_the_port_of_a_debugger() -> None:
    ports = "    ports:\n      app: 80\n      debug: 9229\n"
    assert codes(compile_text(f"version: 1\nname: shop\nservices:\n  web:\n    image: a:1\n{ports}")) == ["NAME002"]


@pytest.mark.parametrize(
    ("condition", "expected"), [("healthy", ["HEALTH001"]), ("started", ["HEALTH001"]), ("none", [])]
)
def test_waiting_for_an_external_service(condition: str, expected: list[str]) -> None:
    text = (
        "version: 1\nname: shop\nservices:\n  bank:\n    url: https://bank.example\n  web:\n    image: a:1\n"
        f"    depends_on:\n      bank:\n        condition: {condition}\n"
    )
    assert codes(compile_text(text)) == expected


def test_a_step_does_not_use_what_it_saves_itself_and_a_flow_not_what_another_saved() -> None:
    text = (
        "version: 1\nname: shop\nservices:\n  web:\n    image: a:1\n    port: 80\ntests:\n  api:\n"
        "    - GET web /${unique}\n    - GET web /${LOUD}\n    - GET web /${other}\n  smoke:\n"
        "    - name: a\n      steps:\n        - request: GET web /${mine}\n          save:\n            mine: .id\n"
        "        - request: GET web /${mine}\n"
        "    - name: b\n      steps:\n        - request: GET web /${mine}\n"
    )
    assert codes(compile_text(text)) == ["TEST003"] * 3


def test_topics_may_have_names_that_no_job_could() -> None:
    text = (
        "version: 1\nname: shop\ninfrastructure:\n  kafka:\n    type: kafka\n    topics:\n      Orders.v1:\n"
        "services:\n  web:\n    image: a:1\n    environment:\n      TOPIC: ${kafka.Orders.v1.name}\n"
    )
    assert "NAME001" not in codes(compile_text(text))


@pytest.mark.parametrize("name", ["", " ''", ' ""', " # shop"])
def test_an_empty_name_of_the_project_is_one_finding(name: str) -> None:
    assert codes(compile_text(f"version: 1\nname:{name}\nservices:\n  web:\n    image: nginx:1.27\n")) == ["NAME001"]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("  web:\n    image: a:1\n    healthcheck: /health\n", "HEALTH004"),
        ("  Web_App:\n    image: a:1\n    port: internal:80\n  web:\n    image: a:1\n", "NAME001"),
        ("  Web_App:\n    image: a:1\n  web:\n    image: a:1\n    environment:\n      A: ${Web_App.url}\n", "NAME001"),
        ("  web:\n    img: a:1\n", "SCHEMA001"),
        ("  web:\n    image: a:1\nnetworks:\n  front-tier:\n  back:\n    internal: true\n", ""),
    ],
)
def test_one_mistake_of_a_service_is_one_finding(below: str, expected: str) -> None:
    assert codes(compile_text(f"version: 1\nname: shop\nservices:\n{below}")) == [expected] * bool(expected)


def test_what_ends_is_advised_to_be_a_migration() -> None:
    text = (
        "version: 1\nname: shop\nservices:\n  init-db:\n    image: a:1\n  web:\n    image: a:1\n"
        "    depends_on:\n      init-db:\n        condition: healthy\n"
    )
    (one,) = compile_text(text).diagnostics
    assert (one.code, "under `migrate` of `web`" in one.help) == ("HEALTH001", True)


SPOILT = [folder for folder in FOLDERS if folder.name in {*EXAMPLES, "everything"}]


def told(folder: Path, fault: Fault) -> list[str]:
    return codes(compile_texts({**texts_of(folder), MANIFEST: fault.text}))


@pytest.mark.parametrize("folder", SPOILT, ids=lambda folder: folder.name)
def test_what_is_to_be_spoilt_is_sound(folder: Path) -> None:
    assert codes(compile_texts(texts_of(folder))) == []


def test_one_fault_of_every_sort_is_one_finding() -> None:
    waiting = {sort for sort, _, _ in SORTS}
    for folder in SPOILT:
        for fault in faults(folder):
            if fault.sort in waiting:
                waiting.discard(fault.sort)
                (code,) = told(folder, fault)
                assert code in fault.codes, fault
    assert waiting == set()


@pytest.mark.slow
@pytest.mark.parametrize("sort", [sort for sort, _, _ in SORTS])
@pytest.mark.parametrize("folder", SPOILT, ids=lambda folder: folder.name)
def test_one_fault_at_every_place_is_one_finding(folder: Path, sort: str) -> None:
    every = [(fault, told(folder, fault)) for fault in faults(folder, sort)]
    assert [(fault.at, found) for fault, found in every if len(found) != 1 or found[0] not in fault.codes] == []


def test_a_mistake_in_the_defaults_is_one_mistake() -> None:
    text = (
        "version: 1\nname: shop\ndefaults:\n  networks:\n    - bakcend\n  environment:\n    A: ${wbe.host}\n"
        "networks:\n  backend: bridge\nservices:\n  web:\n    image: a:1\n  api:\n    image: a:1\n"
        "  own:\n    image: a:1\n    networks:\n      - backend\n"
    )
    assert codes(compile_text(text)) == ["NETWORK001", "REF001"]
