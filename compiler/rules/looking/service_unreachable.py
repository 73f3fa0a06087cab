"""A service that listens, and that nothing reaches.

Its port is not published, no reference, dependency or route leads to it, nobody names it in a text, and no network is
shared with other projects. Perhaps a reference or a route is missing. A worker that listens for nothing but its own
health check can be left as it is: what takes work from a broker, or says in its name or role that it is a worker, is
not told of. Nor are the images of well-known servers and tools, which a name in the code mostly finds.

Bad:
```yaml
version: 1
name: shop
services:
  stock:
    image: shop/stock:1.4
    port: internal:8000
  web:
    image: nginx:1.27
    port: 8080:80
```
Good:
```yaml
version: 1
name: shop
services:
  stock:
    image: shop/stock:1.4
    port: internal:8000
  web:
    image: nginx:1.27
    port: 8080:80
    environment:
      STOCK_URL: ${stock.url}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import words_of
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Instance, Manifest, Request, Service, Tests

_SPEAKING = ("name.bad", "reference.", "text.", "dependency.unknown", "route.unknown-service", "network.unknown")
_FEW = 2
_BROKERS = frozenset({"kafka", "nats", "rabbitmq"})
_WORKER = regex(r"(?i)worker|consumer|schedul|cron|job|queue|agent|exporter|metric|daemon|batch|relay|indexer|sync")
_KNOWN = frozenset({
    *("all-in-one", "azurite", "browserless", "cassandra", "chrome", "chroma", "clickhouse", "clickhouse-server"),
    *("cockroach", "consul", "couchdb", "cp-kafka", "cp-schema-registry", "cp-zookeeper", "dragonfly"),
    *("dynamodb-local", "elasticsearch", "etcd", "gotenberg", "grafana", "influxdb", "jaeger", "kafka"),
    *("kafka-native", "keycloak", "keydb", "kibana", "localstack", "loki", "maildev", "mailhog", "mailpit"),
    *("mariadb", "meilisearch", "memcached", "milvus", "minio", "mongo", "mosquitto", "eclipse-mosquitto", "mysql"),
    *("mysql-server", "nats", "neo4j", "ollama", "opensearch", "opensearch-dashboards", "opentelemetry-collector"),
    *("opentelemetry-collector-contrib", "otel-lgtm", "pgbouncer", "pgvector", "postgis", "postgres", "prometheus"),
    *("pulsar", "qdrant", "rabbitmq", "redis", "redis-stack", "redis-stack-server", "redpanda", "schema-registry"),
    *("solr", "tempo", "temporal", "timescaledb", "typesense", "valkey", "vault", "weaviate", "zipkin"),
    *("zookeeper",),
})  # fmt: skip
"""Servers that programs find by a name in their code, by the last part of the image's name."""
_SIDE_DOORS = frozenset({"admin", "debug", "health", "management", "metrics", "probe"})
"""Names of ports that people and programs outside the manifest ask."""


def _check(context: Context) -> Iterator[Finding]:
    if context.manifest is None or any(defect.kind.startswith(_SPEAKING) for defect in context.defects):
        return  # What is misspelt elsewhere may be meant to reach it.
    listening = [service for service in context.own_services if _listens_in_vain(service)]
    if not listening:
        return
    called = {edge.target for plan in context.plans for edge in plan.edges if edge.calls}
    shared = {name for name, network in context.manifest.networks.items() if network.external}
    if sum(not service.url for service in context.manifest.services.values()) < _FEW:
        return  # Nobody is there who could reach it.
    brokers = _brokers(context.manifest.infrastructure)
    asked = {request.target for request in _requests(context.manifest.tests)}
    workers = {edge.source for plan in context.plans for edge in plan.edges if edge.target in brokers}
    reached = called | asked | workers | _named(context.manifest, context)
    for service in listening:
        joined = context.manifest.networks if service.networks is None else service.networks
        if service.name in reached or not shared.isdisjoint(joined):
            continue
        yield Finding(
            subject=f"{service.name}/unreachable",
            message=f"`{service.name}` listens, and nothing reaches it",
            labels=(Label(service.at, "for nobody", "key"),),
            help=f"refer to it (`${{{service.name}.url}}`), add a route, or publish its port",
        )


def _named(manifest: Manifest, context: Context) -> set[str]:
    """Services that somebody else names by hand: in a text of its own, or in the configuration of a proxy."""
    found = {name for defect in context.defects for name in defect.facts.get("upstreams", "").split(", ")}
    for service in manifest.services.values():
        found |= words_of(service) - {service.name}
    return found


def _brokers(infrastructure: Mapping[str, Instance]) -> set[str]:
    return {name for name, instance in infrastructure.items() if instance.type in _BROKERS}


def _requests(tests: Tests) -> Iterator[Request]:
    yield from tests.api
    for flow in tests.smoke:
        yield from flow.steps


def _listens_in_vain(service: Service) -> bool:
    """Whether it has a port for others, publishes none, and says nothing of work that comes another way."""
    for_others = service.ports.keys() - _SIDE_DOORS
    is_published = any(port.published for port in service.ports.values())
    if not for_others or is_published or _WORKER.search(f"{service.name} {service.role}"):
        return False
    return service.image.partition("@")[0].rpartition("/")[2].partition(":")[0] not in _KNOWN


RULE = Rule("SERVICE002", "unreachable", Severity.NOTE, _check)
