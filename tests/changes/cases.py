"""For every kind of change a manifest before and a manifest after, compiled by the real compiler."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from compiler.targets.plan_document import plan_document
from tests.support import MappingFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = """\
version: 1
name: shop
networks:
  inner: bridge
secrets:
  TOKEN: required
infrastructure:
  db:
    type: postgres
    version: 15.2
    databases:
      orders:
  cache:
    type: redis
    version: 7.2
services:
  api:
    image: registry.example/api:1
    role: answers
    port: 8001:8000
    healthcheck:
      liveness: /live
      probe: curl
    environment:
      DATABASE_URL: ${db.orders.url}
      CACHE_URL: ${cache.url}
      LEVEL: ${LEVEL:-info}
      TOKEN: ${secrets.TOKEN}
      PLAIN: one
  web:
    image: registry.example/web:1
    port: 8002:3000
    healthcheck:
      liveness: /live
      probe: curl
    environment:
      API_URL: ${api.url}
    depends_on:
      api:
        condition: healthy
  bank:
    url: https://bank.example
    role: the bank
gateway:
  type: nginx
  port: 8080
  routes:
    - path: /
      service: web
    - path: /api/
      service: api
"""
FILES = dict.fromkeys(("api/Dockerfile", "api/Other", "two/Dockerfile"), "FROM python:3\n") | dict.fromkeys(
    ("a.sql", "b.sql", "c.pem", "k.pem", "d.pem"), "select 1;\n"
)
KIND = """\
title: Memo
image:
  name: memo
  tag: "{version}"
default_version: 1
verified_on: ""
password: never
ports:
  default:
    container: 7000
    scheme: http
health:
  command:
    - /bin/true
  interval: 2s
  timeout: 5s
  retries: 30
  start_period: 30s
outputs:
  host: "{name}"
"""
FILES["kinds/memo/kind.yaml"] = KIND

API = "    image: registry.example/api:1\n"
API_PORT = "    port: 8001:8000\n"
API_HEALTH = "    healthcheck:\n      liveness: /live\n      probe: curl\n    environment:\n      DATABASE_URL"
WEB_WAIT = "    depends_on:\n      api:\n        condition: healthy\n"
GATEWAY = BASE[BASE.index("gateway:") :]
CACHE = "  cache:\n    type: redis\n    version: 7.2\n"
WORKER = "  worker:\n    image: registry.example/worker:1\n    healthcheck:\n      probe: none\n"
STREAM = "  stream:\n    type: kafka\n    version: 4.0.0\n    topics:\n      audit:\n"
USES_STREAM = "      PLAIN: one\n      STREAM: ${stream.brokers}\n"
END = "  bank:\n"

Pairs = tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """Two manifests, the first of them older."""

    before: str
    after: str


def replaced(pairs: Pairs) -> str:
    """The manifest above with texts replaced; each must be there."""
    text = BASE
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def now(*pairs: tuple[str, str]) -> Case:
    """From the manifest above to one with texts replaced."""
    return Case(BASE, replaced(pairs))


def was(*pairs: tuple[str, str]) -> Case:
    """From one with texts replaced to the manifest above."""
    return Case(replaced(pairs), BASE)


def both(before: Pairs, after: Pairs) -> Case:
    """From one with texts replaced to another one."""
    return Case(replaced(before), replaced(after))


@cache
def document(manifest: str) -> dict[str, Any]:
    """plan.json of a manifest; not to be changed."""
    files = MappingFiles({path: text.encode() for path, text in {**FILES, "integration.yaml": manifest}.items()})
    planned = plan_manifest(Request("integration.yaml", files, shipped_files(), lambda _output, _wanted: {}))
    assert planned.compilation, [one.message for one in planned.diagnostics]
    found: dict[str, Any] = json.loads(json.dumps(plan_document(planned.compilation)))
    return found


def api(new: str) -> tuple[str, str]:
    """More keys of the service `api`."""
    return API, API + new


def port(new: str) -> tuple[str, str]:
    """Another port of the service `api`."""
    return API_PORT, new


def health(new: str) -> tuple[str, str]:
    """Another health check of the service `api`."""
    return API_HEALTH, new + "    environment:\n      DATABASE_URL"


def check(more: str) -> tuple[str, str]:
    """More keys of the health check of the service `api`."""
    return API_HEALTH, API_HEALTH.replace("      probe: curl\n", "      probe: curl\n" + more)


def route(more: str) -> tuple[str, str]:
    """More keys of the route to `api`."""
    return "      service: api\n", "      service: api\n" + more


def part(more: str) -> tuple[str, str]:
    """Options of the database `orders`."""
    return "      orders:\n", "      orders:\n" + more


def network(new: str) -> tuple[str, str]:
    """Another network `inner`."""
    return "  inner: bridge\n", "  inner:\n" + new


def volumes(*lines: str) -> tuple[str, str]:
    """Volumes of the service `api`."""
    return api("    volumes:\n" + "".join(f"      - {line}\n" for line in lines))


UNUSED = ("      DATABASE_URL: ${db.orders.url}\n", "      DATABASE_URL: ${db.stock.url}\n")
STOCK = part("      stock:\n")
AMQP = ("  cache:\n", "  queue:\n    type: rabbitmq\n    version: 4.1.4\n  cache:\n")
STAGING = ("gateway:\n", "environments:\n  staging:\n    services:\n      api:\n        role: more\ngateway:\n")
OUTER = ("  inner: bridge\n", "  inner: bridge\n  outer: bridge\n")
ONE_NETWORK = api("    networks:\n      - inner\n")
UPLOADS = ("    port: 8002:3000\n", "    port: 8002:3000\n    volumes:\n      - uploads:/uploads\n")
TLS = ("  port: 8080\n", "  port: 8080\n  tls:\n    certificate: ./c.pem\n    key: ./k.pem\n")
TESTS = ("gateway:\n", "tests:\n  api:\n    - GET api /live\ngateway:\n")
WITH_STREAM = ((CACHE, STREAM + CACHE), ("      PLAIN: one\n", USES_STREAM))
BUILT = (API, "    build:\n      context: ./api\n")
WAITS = (WEB_WAIT, "    depends_on:\n      api:\n        condition: started\n")

CASES: Mapping[str, Case] = {
    # the project
    "project-renamed": now(("name: shop", "name: store")),
    "environment-added": now(STAGING),
    "environment-removed": was(STAGING),
    "tests-changed": now(TESTS),
    # host ports
    "bind-widened": now(("secrets:\n", "ports:\n  bind: 0.0.0.0\nsecrets:\n")),
    "bind-narrowed": was(("secrets:\n", "ports:\n  bind: 0.0.0.0\nsecrets:\n")),
    "bind-moved": both(
        (("secrets:\n", "ports:\n  bind: 10.0.0.1\nsecrets:\n"),),
        (("secrets:\n", "ports:\n  bind: 10.0.0.2\nsecrets:\n"),),
    ),
    "host-port-changed": now(("8001:8000", "8031:8000")),
    "port-published": was(("8001:8000", "internal:8000")),
    "port-unpublished": now(("8001:8000", "internal:8000")),
    "container-port-changed": now(("8001:8000", "8001:8900")),
    "port-scheme-changed": now(api("    protocol: https\n")),
    "port-added": now(port("    ports:\n      default: 8001:8000\n      more: internal:9000\n")),
    "port-removed": was(port("    ports:\n      default: 8001:8000\n      more: internal:9000\n")),
    # the gateway
    "gateway-added": was((GATEWAY, "")),
    "gateway-removed": now((GATEWAY, "")),
    "gateway-mode-changed": now(("  port: 8080\n", "  mode: host\n")),
    "gateway-host-changed": now(("  port: 8080\n", "  port: 8080\n  host: shop.example\n")),
    "gateway-tls-changed": now(TLS),
    "gateway-certificate-changed": both((TLS,), ((TLS[0], TLS[1].replace("c.pem", "d.pem")),)),
    "route-shadowed": now(("    - path: /api/\n", "    - path: /api/v2/\n      service: web\n    - path: /api/\n")),
    "route-taken-from-root": was(("    - path: /api/\n      service: api\n", "")),
    "route-added": now(("    - path: /\n", "    - path: /api/v2/\n      service: api\n    - path: /\n")),
    "route-removed": now(("    - path: /api/\n      service: api\n", "")),
    "route-moved": now(("    - path: /api/\n      service: api\n", "    - path: /api/\n      service: web\n")),
    "route-port-changed": both(
        (port("    ports:\n      main: 8001:8000\n      more: internal:9000\n"),),
        (port("    ports:\n      more: internal:9000\n      main: 8001:8000\n"),),
    ),
    "route-prefix-changed": now(route("      strip_prefix: true\n")),
    "route-timeout-shortened": now(route("      timeout: 5s\n")),
    "route-timeout-lengthened": now(route("      timeout: 5m\n")),
    "websocket-dropped": was(route("      websocket: true\n")),
    "websocket-allowed": now(route("      websocket: true\n")),
    "access-log-changed": now(route("      access_log: false\n")),
    # versions over data
    "database-image-changed": now(("    version: 15.2\n", "    image: postgis/postgis:15-3.5\n")),
    "database-major-changed": now(("version: 15.2", "version: 17.6")),
    "database-downgraded": now(("version: 7.2", "version: 6.2")),
    "database-version-changed": now(("version: 15.2", "version: 15.8")),
    "image-changed": now(("registry.example/api:1", "registry.example/core:1")),
    "image-version-changed": both(
        (("  port: 8080\n", "  port: 8080\n  version: 1.28.0\n"),),
        (("  port: 8080\n", "  port: 8080\n  version: 1.29.1\n"),),
    ),
    # volumes and mounts
    "volume-added": now(volumes("uploads:/uploads")),
    "volume-dropped": was(volumes("uploads:/uploads")),
    "volume-renamed": now(("    version: 15.2\n", "    version: 15.2\n    volume: other\n")),
    "infrastructure-renamed-with-passwords": now(
        ("  db:\n", "  pg:\n"),
        ("    version: 15.2\n", "    version: 15.2\n    volume: db-data\n"),
        ("db.orders", "pg.orders"),
    ),
    "infrastructure-renamed": now(
        ("  cache:\n", "  store:\n"),
        ("    version: 7.2\n", "    version: 7.2\n    volume: cache-data\n"),
        ("cache.url", "store.url"),
    ),
    "database-renamed": now(("      orders:\n", "      sales:\n"), ("db.orders", "db.sales")),
    "volume-moved": both((volumes("uploads:/uploads"),), (volumes("uploads:/var/uploads"),)),
    "volume-owner-changed": both((volumes("uploads:/uploads"),), (UPLOADS,)),
    "mount-added": now(volumes("./data:/data")),
    "mount-removed": was(volumes("./data:/data")),
    "mount-source-changed": both((volumes("./data:/data"),), (volumes("./other:/data"),)),
    "mount-kind-changed": both((UPLOADS, volumes("./data:/data")), (UPLOADS, volumes("uploads:/data"))),
    "mount-made-read-only": both((volumes("./data:/data"),), (volumes("./data:/data:ro"),)),
    "mount-made-writable": both((volumes("./data:/data:ro"),), (volumes("./data:/data"),)),
    "schema-changed": both((part("        schema: ./a.sql\n"),), (part("        schema: ./b.sql\n"),)),
    "seed-changed": both((part("        seed: ./a.sql\n"),), (part("        seed: ./b.sql\n"),)),
    # jobs
    "migration-added": now(api("    migrate: migrate up\n")),
    "migration-removed": was(api("    migrate: migrate up\n")),
    "migration-changed": both((api("    migrate: migrate up\n"),), (api("    migrate: migrate all\n"),)),
    "seed-added": now(part("        seed: ./a.sql\n")),
    "seed-removed": was(part("        seed: ./a.sql\n")),
    "part-used": both((STOCK,), (STOCK, UNUSED)),
    "part-unused": both((STOCK,), (STOCK, UNUSED)),
    # infrastructure and logins
    "infrastructure-added": now(AMQP, ("      PLAIN: one\n", "      PLAIN: one\n      Q: ${queue.url}\n")),
    "infrastructure-removed-with-data": now((CACHE, ""), ("      CACHE_URL: ${cache.url}\n", "")),
    "infrastructure-removed": was((CACHE, "  memo:\n    type: memo\n" + CACHE)),
    "infrastructure-type-changed": now(
        ("    type: redis\n    version: 7.2\n", "    type: rabbitmq\n    version: 4.1.4\n")
    ),
    "database-owner-changed": now(part("        owner: clerk\n")),
    "database-added": now(STOCK),
    "database-removed": was(STOCK),
    "part-option-changed": both(
        WITH_STREAM,
        ((CACHE, STREAM + "        partitions: 3\n" + CACHE), WITH_STREAM[1]),
    ),
    "part-added": both(WITH_STREAM, ((CACHE, STREAM + "      orders:\n" + CACHE), WITH_STREAM[1])),
    "part-removed": both(((CACHE, STREAM + "      orders:\n" + CACHE), WITH_STREAM[1]), WITH_STREAM),
    "server-password-renamed": now(
        ("    version: 15.2\n", "    version: 15.2\n    password: ${secrets.ROOT}\n"),
        ("  TOKEN: required\n", "  TOKEN: required\n  ROOT: generated\n"),
    ),
    "password-renamed": now(
        part("        password: ${secrets.LOGIN}\n"),
        ("  TOKEN: required\n", "  TOKEN: required\n  LOGIN: generated\n"),
    ),
    "password-added": now(
        ("    version: 7.2\n", "    version: 7.2\n    password: ${secrets.CACHE}\n"),
        ("  TOKEN: required\n", "  TOKEN: required\n  CACHE: generated\n"),
    ),
    "password-dropped": was(
        ("    version: 7.2\n", "    version: 7.2\n    password: ${secrets.CACHE}\n"),
        ("  TOKEN: required\n", "  TOKEN: required\n  CACHE: generated\n"),
    ),
    "server-configuration-changed": now(
        ("    version: 15.2\n", "    version: 15.2\n    config:\n      max_connections: 50\n")
    ),
    # services
    "service-added": now((END, WORKER + END)),
    "service-removed": was((END, WORKER + END)),
    "service-renamed": now(("  web:\n", "  site:\n"), ("      service: web\n", "      service: site\n")),
    "service-removed-while-called": both(
        ((END, WORKER + END), ("      PLAIN: one\n", "      PLAIN: http://worker:80\n")),
        (("      PLAIN: one\n", "      PLAIN: http://worker:80\n"),),
    ),
    "public-service-removed": was((END, WORKER.replace("    health", "    port: 8033:80\n    health") + END)),
    "service-became-external": both(
        ((END, WORKER + END),), ((END, "  worker:\n    url: https://worker.example\n" + END),)
    ),
    "service-became-own": both(((END, "  worker:\n    url: https://worker.example\n" + END),), ((END, WORKER + END),)),
    "unit-became-another": both(
        ((END, WORKER.replace("worker:\n", "mail:\n", 1) + END),),
        ((CACHE, "  mail:\n    type: mailpit\n    version: v1.27\n" + CACHE),),
    ),
    "role-changed": now(("role: answers", "role: answers well")),
    "external-added": was(("  bank:\n    url: https://bank.example\n    role: the bank\n", "")),
    "external-removed": now(("  bank:\n    url: https://bank.example\n    role: the bank\n", "")),
    "external-url-changed": now(("https://bank.example", "https://bank.example/v2")),
    "source-changed": now(BUILT),
    "build-changed": both((BUILT,), ((API, "    build:\n      context: ./two\n"),)),
    "command-changed": now(api("    command: serve --fast\n")),
    "replicas-changed": both(
        (port("    port: internal:8000\n"), api("    replicas: 1\n")),
        (port("    port: internal:8000\n"), api("    replicas: 3\n")),
    ),
    "profile-needed": both(((END, WORKER + END),), ((END, WORKER + "    profiles:\n      - extra\n" + END),)),
    "profile-dropped": both(((END, WORKER + "    profiles:\n      - extra\n" + END),), ((END, WORKER + END),)),
    "profile-changed": both(
        ((END, WORKER + "    profiles:\n      - extra\n" + END),),
        ((END, WORKER + "    profiles:\n      - other\n" + END),),
    ),
    "watch-changed": both(
        (BUILT,),
        ((API, BUILT[1] + "    develop:\n      watch:\n        - path: ./api/src\n          action: rebuild\n"),),
    ),
    # environment and settings
    "server-environment-changed": now(("    version: 7.2\n", "    version: 7.2\n    environment:\n      TZ: UTC\n")),
    "environment-variable-added": now(("      PLAIN: one\n", "      PLAIN: one\n      MORE: two\n")),
    "environment-variable-removed": now(("      PLAIN: one\n", "")),
    "environment-variable-follows": now(("8001:8000", "8001:8900")),
    "environment-variable-changed": now(("      PLAIN: one\n", "      PLAIN: two\n")),
    "restart-policy-changed": now(api("    compose:\n      restart: always\n")),
    "rights-changed": now(api("    compose:\n      privileged: true\n")),
    "compose-setting-changed": now(api("    compose:\n      shm_size: 64m\n")),
    # secrets and variables
    "secret-required": now(
        ("  TOKEN: required\n", "  TOKEN: required\n  KEY: required\n"),
        ("      PLAIN: one\n", "      PLAIN: ${secrets.KEY}\n"),
    ),
    "secret-added": now(
        ("  TOKEN: required\n", "  TOKEN: required\n  KEY: generated\n"),
        ("      PLAIN: one\n", "      PLAIN: ${secrets.KEY}\n"),
    ),
    "secret-removed": now(("secrets:\n  TOKEN: required\n", ""), ("      TOKEN: ${secrets.TOKEN}\n", "")),
    "secret-became-generated": now(("TOKEN: required", "TOKEN: generated")),
    "secret-became-optional": now(("TOKEN: required", "TOKEN: optional")),
    "secret-in-url": now(("      TOKEN: ${secrets.TOKEN}\n", "      TOKEN: https://${secrets.TOKEN}@x.example\n")),
    "secret-out-of-url": was(("      TOKEN: ${secrets.TOKEN}\n", "      TOKEN: https://${secrets.TOKEN}@x.example\n")),
    "secret-length-changed": both(
        (("  TOKEN: required\n", "  TOKEN: generated\n"),),
        (("  TOKEN: required\n", "  TOKEN:\n    value: generated\n    length: 64\n"),),
    ),
    "variable-required": now(("${LEVEL:-info}", "${LEVEL:?which level}")),
    "variable-became-optional": was(("${LEVEL:-info}", "${LEVEL:?which level}")),
    "variable-added": now(("PLAIN: one", "PLAIN: ${MORE:-one}")),
    "variable-removed": was(("PLAIN: one", "PLAIN: ${MORE:-one}")),
    "variable-default-changed": now(("${LEVEL:-info}", "${LEVEL:-debug}")),
    "variable-message-changed": both(
        (("${LEVEL:-info}", "${LEVEL:?which level}"),), (("${LEVEL:-info}", "${LEVEL:?what level}"),)
    ),
    # order
    "dependency-added": now((WEB_WAIT, WEB_WAIT + "      cache:\n        condition: healthy\n")),
    "dependency-removed": was((WEB_WAIT, WEB_WAIT + "      cache:\n        condition: healthy\n")),
    "wait-weakened": now(WAITS),
    "wait-strengthened": was(WAITS),
    "dependency-made-optional": now((WEB_WAIT, WEB_WAIT + "        required: false\n")),
    "dependency-made-required": was((WEB_WAIT, WEB_WAIT + "        required: false\n")),
    "dependency-purpose-changed": now((WEB_WAIT, WEB_WAIT + "        purpose: prices\n")),
    "layer-changed": now((WEB_WAIT, WEB_WAIT.replace("healthy", "none"))),
    "least-start-grown": was((WEB_WAIT, WEB_WAIT.replace("healthy", "none"))),
    "least-start-shrunk": now((WEB_WAIT, WEB_WAIT.replace("healthy", "none"))),
    # networks
    "network-added": now(("  inner: bridge\n", "  inner: bridge\n  outer: bridge\n")),
    "network-removed": was(("  inner: bridge\n", "  inner: bridge\n  outer: bridge\n")),
    "external-network-added": now(("  inner: bridge\n", "  inner: bridge\n  shared: external\n")),
    "external-network-left": was(("  inner: bridge\n", "  inner: bridge\n  shared: external\n")),
    "network-made-external": now(("  inner: bridge\n", "  inner: external\n")),
    "network-made-own": was(("  inner: bridge\n", "  inner: external\n")),
    "network-name-changed": both(
        (network("    external: true\n    name: a\n"),), (network("    external: true\n    name: b\n"),)
    ),
    "network-made-internal": now(network("    driver: bridge\n    internal: true\n")),
    "network-opened": was(network("    driver: bridge\n    internal: true\n")),
    "network-driver-changed": now(network("    driver: overlay\n")),
    "network-joined": both((OUTER, ONE_NETWORK), (OUTER,)),
    "network-left": both((OUTER,), (OUTER, ONE_NETWORK)),
    # health checks
    "health-check-added": both((WAITS, health("")), (WAITS,)),
    "health-check-removed": both((WAITS,), (WAITS, health(""))),
    "health-check-weakened": was(check("      readiness: /ready\n")),
    "health-check-strengthened": now(check("      readiness: /ready\n")),
    "health-question-changed": now(("liveness: /live", "liveness: /alive")),
    "health-asker-changed": now(("probe: curl", "probe: wget")),
    "health-check-asked": both(
        ((END, WORKER + END),), ((END, WORKER.replace("none", "curl\n      liveness: /x\n      port: 80") + END),)
    ),
    "health-check-slower": now(check("      interval: 30s\n")),
    "health-check-faster": now(check("      interval: 2s\n")),
}
