from __future__ import annotations

import pytest

from compiler.model.manifest import Network, PortWish, VolumeWish
from compiler.model.value import Reference, SecretOf
from compiler.passes.reader import milliseconds
from tests.plans import defects_of, manifest_of


@pytest.mark.parametrize(
    ("text", "expected"), [("500ms", 500), ("5s", 5000), ("1m30s", 90_000), ("2h", 7_200_000), ("1m500ms", 60_500)]
)
def test_durations(text: str, expected: int) -> None:
    assert milliseconds(text) == expected


def test_health_defaults_are_five_five_twelve_ten() -> None:
    health = manifest_of("services:\n  web:\n    image: x\n    healthcheck: /h\n").services["web"].health
    assert health is not None
    assert (health.interval_ms, health.timeout_ms, health.retries, health.start_period_ms) == (5000, 5000, 12, 10_000)
    assert (health.liveness, health.readiness, health.command, health.probe) == ("/h", "", (), "auto")


@pytest.mark.parametrize(
    ("written", "shell", "command"),
    [
        ("command: pgrep -f 'a b'", True, (("pgrep -f 'a b'",),)),
        ("command:\n        - pgrep\n        - a b", False, (("pgrep",), ("a b",))),
        ("command: test ${secrets.T}", True, (("test ", SecretOf("T")),)),
    ],
)
def test_a_check_in_text_is_for_the_images_shell(written: str, shell: bool, command: object) -> None:
    text = f"services:\n  web:\n    image: x\n    healthcheck:\n      {written}\n"
    health = manifest_of(text).services["web"].health
    assert health is not None
    assert (health.shell, health.command) == (shell, command)


@pytest.mark.parametrize(
    ("written", "container", "host", "published"),
    [("8091:8000", 8000, 8091, True), ("8000", 8000, None, True), ("internal:8000", 8000, None, False)],
)
def test_ports(written: str, container: int, host: int | None, published: bool) -> None:
    web = manifest_of(f"services:\n  web:\n    image: x\n    port: {written}\n").services["web"]
    at = ("services", "web", "ports", "default")
    assert web.ports == {"default": PortWish("default", container, host, published, at)}


def test_several_ports() -> None:
    text = "services:\n  web:\n    image: x\n    port: 80\n    ports:\n      admin: 8090:90\n      peer: internal:91\n"
    ports = manifest_of(text).services["web"].ports
    assert [(name, port.container, port.host, port.published) for name, port in ports.items()] == [
        ("default", 80, None, True),
        ("admin", 90, 8090, True),
        ("peer", 91, None, False),
    ]


def test_networks() -> None:
    text = """
networks:
  shared: external
  own: bridge
  quiet:
    driver: overlay
    internal: true
    name: quiet-one
"""
    assert manifest_of(text).networks == {
        "shared": Network("shared", "bridge", False, True, "shared", ("networks", "shared")),
        "own": Network("own", "bridge", False, False, "", ("networks", "own")),
        "quiet": Network("quiet", "overlay", True, False, "quiet-one", ("networks", "quiet")),
    }


def test_volumes() -> None:
    text = "services:\n  web:\n    image: x\n    volumes:\n      - uploads:/up\n      - ./conf:/etc/x:ro\n"
    assert manifest_of(text).services["web"].volumes == (
        VolumeWish("uploads", "/up", False, ("services", "web", "volumes", 0)),
        VolumeWish("./conf", "/etc/x", True, ("services", "web", "volumes", 1)),
    )


@pytest.mark.parametrize(
    ("written", "entrypoint", "command"),
    [
        ("migrate: alembic upgrade 'a head'", (), (("alembic",), ("upgrade",), ("a head",))),
        ("migrate:\n      - sh\n      - -c\n      - a && b", (), (("sh",), ("-c",), ("a && b",))),
        ("migrate:\n      entrypoint: sh -c\n      command: make", (("sh",), ("-c",)), (("make",),)),
    ],
)
def test_migrations_have_the_meaning_of_composes_command(written: str, entrypoint: object, command: object) -> None:
    migrate = manifest_of(f"services:\n  web:\n    image: x\n    {written}\n").services["web"].migrate
    assert migrate is not None
    assert (migrate.entrypoint, migrate.command) == (entrypoint, command)


def test_a_command_whose_quotes_do_not_match() -> None:
    text = "services:\n  web:\n    image: x\n    command: echo 'a\n"
    assert defects_of(text) == [("text.unbalanced", {"text": "echo 'a", "reason": "no closing quotation"})]


def test_a_malformed_text_is_told_where_it_stands() -> None:
    text = "services:\n  web:\n    image: x\n    environment:\n      A: ${B-c}\n"
    assert defects_of(text) == [("text.malformed", {"text": "${B-c}"})]


def test_dependencies() -> None:
    text = """
services:
  web:
    image: x
    depends_on:
      api:
        purpose: everything
        condition: none
        required: false
      db:
  api:
    image: y
infrastructure:
  db:
    type: redis
"""
    wanted = manifest_of(text).services["web"].depends_on
    api, db = wanted["api"], wanted["db"]
    assert (api.purpose, api.condition, api.required) == ("everything", "none", False)
    assert (db.purpose, db.condition, db.required) == ("", "", True)


def test_infrastructure() -> None:
    text = """
infrastructure:
  db:
    type: postgres
    version: 3.10
    password: ${secrets.P}
    publish: 5433
    databases:
      app:
        owner: me
      other:
  cache:
    type: redis
    publish: true
    image: my/redis:1
    volume: kept
    config:
      maxmemory: 1gb
"""
    db, cache = manifest_of(text).infrastructure.values()
    assert (db.version, db.password, db.publish, db.publish_port) == ("3.10", (SecretOf("P"),), True, 5433)
    assert [(part.family, part.name, part.options) for part in db.parts] == [
        ("databases", "app", {"owner": ("me",)}),
        ("databases", "other", {}),
    ]
    assert (cache.publish, cache.publish_port, cache.image, cache.volume) == (True, None, "my/redis:1", "kept")
    assert cache.config == {"maxmemory": ("1gb",)}


def test_a_service_in_full() -> None:
    text = """
services:
  web:
    build:
      context: ./web
      dockerfile: Dockerfile.dev
      target: dev
      args:
        BASE: ${cache.host}
    protocol: https
    replicas: 3
    profiles:
      - extra
    command: run it
    networks:
      - own
    develop:
      command: run dev
      debug_port: 9229
      environment:
        DEBUG: "1"
      watch:
        - path: ./web/src
          action: sync
          target: /src
          ignore:
            - node_modules/
    compose:
      tty: true
"""
    web = manifest_of(text).services["web"]
    assert web.build is not None
    assert (web.build.context, web.build.dockerfile, web.build.target) == ("./web", "Dockerfile.dev", "dev")
    assert web.build.args == {"BASE": (Reference("cache", ("host",)),)}
    assert (web.protocol, web.replicas, web.profiles, web.networks) == ("https", 3, ("extra",), ("own",))
    assert web.command == (("run",), ("it",))
    assert web.develop is not None
    assert (web.develop.debug_port, web.develop.environment) == (9229, {"DEBUG": ("1",)})
    assert [watch[:4] for watch in web.develop.watch] == [("./web/src", "sync", "/src", ("node_modules/",))]
    assert web.compose == {"tty": True}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("- GET web /a?b=c 204", ("GET", "web", "/a?b=c", 204, "", {})),
        ("- HEAD gateway /", ("HEAD", "gateway", "/", 200, "", {})),
        (
            "- request: POST web /\n      json: '{}'\n      expect: 201",
            ("POST", "web", "/", 201, "{}", {"Content-Type": "application/json"}),
        ),
        (
            "- request: POST web /\n      json: '{}'\n      headers:\n        content-type: text/x",
            ("POST", "web", "/", 200, "{}", {"content-type": "text/x"}),
        ),
    ],
)
def test_requests(written: str, expected: tuple[object, ...]) -> None:
    (request,) = manifest_of(f"tests:\n  api:\n    {written}\n").tests.api
    assert (request.method, request.target, request.path, request.expect, request.body, request.headers) == expected


def test_flows() -> None:
    text = """
tests:
  smoke:
    - name: look twice
      steps:
        - request: GET web /a
          save:
            id: .id
          contains: "1"
        - request: GET web /b/${id}
"""
    (flow,) = manifest_of(text).tests.smoke
    assert flow.name == "look twice"
    assert [(step.path, step.save, step.contains) for step in flow.steps] == [
        ("/a", {"id": ".id"}, "1"),
        ("/b/${id}", {}, ""),
    ]


def test_the_gateway() -> None:
    text = """
gateway:
  mode: host
  host: shop.example
  port: 8080
  version: 1.28
  tls:
    certificate: /a.pem
    key: /b.pem
  routes:
    - path: /api/
      service: web
      strip_prefix: true
      access_log: false
      websocket: true
      timeout: 2m
    - path: /
      service: web
"""
    gateway = manifest_of(text).gateway
    assert gateway is not None
    assert (gateway.type, gateway.mode, gateway.host, gateway.port) == ("nginx", "host", "shop.example", 8080)
    assert (gateway.version, gateway.certificate, gateway.key) == ("1.28", "/a.pem", "/b.pem")
    assert [tuple(route)[:6] for route in gateway.routes] == [
        ("/api/", "web", True, False, True, 120_000),
        ("/", "web", False, True, False, 60_000),
    ]


def test_settings_have_defaults() -> None:
    manifest = manifest_of("secrets:\n  A:\n    value: generated\n")
    assert tuple(manifest.ports)[:4] == ("127.0.0.1", 8000, 8999, "")
    assert tuple(manifest.secrets["A"])[1:4] == ("generated", "", 32)
    assert (manifest.output, manifest.gateway, manifest.environment) == ("integration", None, "")
