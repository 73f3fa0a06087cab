from __future__ import annotations

import pytest

from compiler.model.value import SecretOf, Text, Variable
from compiler.passes.outputs import fill, instance_secret, join, part_secret
from tests.plans import HEAD, environment_of, plan_of
from tests.support import codes, compile_texts

ALL = """
secrets:
  MINE: generated
infrastructure:
  db:
    type: postgres
    databases:
      app:
      two:
        owner: me
        password: ${{secrets.MINE}}
      three:
        owner: me
  my-cache:
    type: redis
  locked:
    type: redis
    password: ${{secrets.MINE}}
  docs:
    type: mongo
    databases:
      notes:
  mq:
    type: rabbitmq
  log:
    type: kafka
    topics:
      orders:
        partitions: 3
      orders.paid:
services:
  api:
    image: x
    port: 8000
    ports:
      admin: internal:9000
  secure:
    image: x
    protocol: https
    port: 8443:443
  bank:
    url: {url}
  web:
    image: x
    environment:
      VALUE: {value}
gateway:
  host: shop.example
  routes:
    - path: /
      service: api
"""


def value_of(value: str, environment: str = "", url: str = "https://bank.example:444/v1/") -> str:
    """What a reference becomes."""
    plan = plan_of(ALL.format(value=value, url=url), environment=environment)
    assert not [defect for defect in plan.defects if defect.kind.startswith("reference")]
    return environment_of(plan.units["web"])["VALUE"]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("${api.url}", "http://api:8000"),
        ("${api.host}", "api"),
        ("${api.port}", "8000"),
        ("${api.address}", "api:8000"),
        ("${api.public_url}", "http://localhost:${API_PORT}"),
        ("${api.default.url}", "http://api:8000"),
        ("${api.admin.url}", "http://api:9000"),
        ("${api.admin.address}", "api:9000"),
        ("${secure.url}", "https://secure:443"),
        ("${secure.public_url}", "https://localhost:${SECURE_PORT}"),
        ("${bank.url}", "https://bank.example:444/v1"),
        ("${bank.host}", "bank.example"),
        ("${bank.port}", "444"),
        ("${bank.address}", "bank.example:444"),
        ("${bank.public_url}", "https://bank.example:444/v1"),
        ("${gateway.public_url}", "http://shop.example:${GATEWAY_PORT}"),
        ("${db.app.url}", "postgresql://app:${secrets.DB_APP_PASSWORD}@db:5432/app"),
        ("${db.two.url}", "postgresql://me:${secrets.MINE}@db:5432/two"),
        ("${db.three.url}", "postgresql://me:${secrets.MINE}@db:5432/three"),
        ("${db.app.user}", "app"),
        ("${db.app.password}", "${secrets.DB_APP_PASSWORD}"),
        ("${db.app.name}", "app"),
        ("${db.user}", "postgres"),
        ("${db.password}", "${secrets.DB_PASSWORD}"),
        ("${my-cache.url}", "redis://my-cache:6379"),
        ("${locked.url}", "redis://:${secrets.MINE}@locked:6379"),
        ("${docs.notes.url}", "mongodb://notes:${secrets.DOCS_NOTES_PASSWORD}@docs:27017/notes?authSource=notes"),
        ("${mq.url}", "amqp://mq:${secrets.MQ_PASSWORD}@mq:5672/"),
        ("${log.brokers}", "log:9092"),
        ("${log.orders.name}", "orders"),
        ("${log.orders.paid.name}", "orders.paid"),
    ],
)
def test_what_a_reference_becomes(reference: str, expected: str) -> None:
    assert value_of(reference) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("${api.public_url}", "http://api:8000"),
        ("${secure.public_url}", "https://secure:443"),
        ("${gateway.public_url}", "http://gateway"),
    ],
)
def test_in_a_copy_nothing_has_a_port_of_this_machine(reference: str, expected: str) -> None:
    assert value_of(reference, "test") == expected


@pytest.mark.parametrize(
    ("url", "port"), [("https://bank.example", "443"), ("http://bank.example", "80"), ("tcp://bank.example", "")]
)
def test_the_port_of_an_external_service_without_one(url: str, port: str) -> None:
    assert value_of("${bank.port}", url=url) == port


@pytest.mark.parametrize("url", ["http://bank.example:99999", "http://bank.example:x", "http://[::1", "http:///path"])
def test_an_external_service_whose_url_is_none(url: str) -> None:
    (defect,) = plan_of(ALL.format(value="a", url=url)).defects
    assert (defect.kind, defect.at) == ("schema.bad-value", ("services", "bank", "url"))
    assert codes(compile_texts({"integration.yaml": HEAD + ALL.format(value="a", url=url)})).count("SCHEMA003") == 1


def test_host_mode_answers_on_its_host() -> None:
    text = """
services:
  api:
    image: x
    port: 80
    environment:
      SELF: ${{gateway.public_url}}/in
gateway:
  mode: host
  host: shop.example
{tls}  routes:
    - path: /
      service: api
"""
    tls = "  tls:\n    certificate: /a.pem\n    key: /b.pem\n"
    for written, scheme in (("", "http"), (tls, "https")):
        plan = plan_of(text.format(tls=written))
        assert environment_of(plan.units["api"]) == {"SELF": f"{scheme}://shop.example/in"}


def test_an_internal_port_has_no_public_url() -> None:
    text = "services:\n  a:\n    image: x\n    port: internal:80\n    environment:\n      U: ${a.public_url}\n"
    (defect,) = plan_of(text).defects
    assert defect.kind == "reference.unknown-output"
    assert "public_url" not in defect.facts["accepted"]


def test_names_of_derived_secrets() -> None:
    assert instance_secret("my-db") == "MY_DB_PASSWORD"
    assert part_secret("my-db", "app_user") == "MY_DB_APP_USER_PASSWORD"


def test_databases_of_one_owner_share_a_login() -> None:
    text = """
infrastructure:
  db:
    type: postgres
    databases:
      one:
        owner: app
      two:
        owner: app
services:
  web:
    image: x
    environment:
      ONE: ${db.one.url}
      TWO: ${db.two.url}
"""
    plan = plan_of(text)
    assert list(plan.secrets) == ["DB_APP_PASSWORD", "DB_PASSWORD"]
    assert {secret.how for secret in plan.secrets.values()} == {"generated"}


def test_placeholders_are_filled_and_every_other_brace_stays() -> None:
    values: dict[str, Text] = {"name": ("db",), "password": (SecretOf("P"),), "port.admin": ("1",)}
    assert fill("{name}:{password}@{port.admin}", values) == ("db:", SecretOf("P"), "@1")
    assert fill("{unknown} {} {Name} ${name} { name }", values) == ("{unknown} {} {Name} $db { name }",)
    assert fill("", values) == ()


def test_neighbouring_literals_are_one() -> None:
    assert join(("a", "", "b", Variable("X"), "", Variable("Y"), "c")) == ("ab", Variable("X"), Variable("Y"), "c")
