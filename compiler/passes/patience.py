"""Health checks that give up before the service, or the check itself, can be ready: data, and one sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.passes.checks import flat
from compiler.passes.first_boot import server_of
from compiler.passes.health import has_check
from compiler.text.commands import asked_commands
from compiler.text.image import image_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import HealthWish, Manifest, Service
    from compiler.model.plan import Plan, Unit
    from compiler.model.source import Route

_LEAST_S = 5
"""What any container gets on a busy machine."""
_SLOW_S = {
    **dict.fromkeys(("elasticsearch", "opensearchproject/opensearch", "docker.elastic.co/elasticsearch"), 30),
    **dict.fromkeys(("cassandra", "scylladb/scylla"), 45),
    **dict.fromkeys(("apache/kafka", "confluentinc/cp-kafka", "keycloak/keycloak", "rabbitmq"), 20),
    **dict.fromkeys(("localstack/localstack", "mcr.microsoft.com/mssql/server", "clickhouse/clickhouse-server"), 15),
    **dict.fromkeys(("eclipse-temurin", "openjdk", "amazoncorretto", "tomcat", "gradle", "maven"), 10),
}
"""Seconds that a start takes at the least, by image: servers on the JVM, and others that are known to be slow."""
_MOST_S = max(_SLOW_S.values())
_SERVERS_S = {"mysql": 15, "mongo": 10, "postgres": 8}
"""Servers that make their data at the first boot."""
_SLOW_CHECKS = frozenset({
    *("rabbitmq-diagnostics", "rabbitmqctl", "nodetool", "cqlsh"),
    *("kafka-broker-api-versions.sh", "kafka-topics.sh", "kafka-cluster.sh"),
})  # fmt: skip
_CHECK_S = 10
"""What a check takes that starts a virtual machine of its own (facts: RabbitMQ's and Kafka's)."""


def patience_faults(service: Service, image: str) -> Iterator[Defect]:
    """A service that is called unhealthy before it can be ready, and a check that is stopped before it can answer."""
    wish = service.health
    if wish is None:
        return
    given = wish.start_period_ms + wish.retries * wish.interval_ms
    needed = _needed_s(image) if given < _MOST_S * 1000 else 0
    if given < needed * 1000 and wish.retries and wish.interval_ms:
        why = f", and `{image}` takes {needed} s or more" if needed != _LEAST_S else ""
        yield _defect(service, wish.at, "service", given, str(needed), why)
    tool = _slow_tool(wish)
    if tool and 0 < wish.timeout_ms < _CHECK_S * 1000:
        yield _defect(service, (*wish.at, "timeout"), "check", wish.timeout_ms, str(_CHECK_S), tool)


def order_fault(manifest: Manifest, plan: Plan) -> Iterator[Defect]:
    """A system that takes longer to start than anybody waits, at the check that is put the latest."""
    asked = [
        service for name, service in manifest.services.items() if service.health and _is_asked(plan.units.get(name))
    ]
    latest = max(asked, key=lambda service: service.health.interval_ms if service.health else 0, default=None)
    if latest is not None and latest.health is not None:
        at, given = (*latest.health.at, "interval"), latest.health.interval_ms
        yield _defect(latest, at, "order", given, f"{plan.least_start_ms / 60_000:.0f}", "")


def _is_asked(unit: Unit | None) -> bool:
    return unit is not None and has_check(unit.health)


def _defect(service: Service, at: Route, fault: str, given: int, needed: str, why: str) -> Defect:
    facts = {"unit": service.name, "fault": fault, "given": f"{given / 1000:g}", "needed": needed, "why": why}
    return Defect("health.times", at, facts)


def _needed_s(image: str) -> int:
    reference = image_reference(image) if image and "$" not in image else None
    if reference is None:
        return _LEAST_S
    server = server_of(image)
    if server:
        return _SERVERS_S[server]
    name = reference.repository if reference.is_on_hub else f"{reference.registry}/{reference.repository}"
    names = (name, name.rpartition("/")[0], reference.repository)
    return next((_SLOW_S[one] for one in names if one in _SLOW_S), _LEAST_S)


def _slow_tool(wish: HealthWish) -> str:
    if not wish.command:
        return ""
    words = [flat(word) for word in wish.command]
    names = (command.words[0].rpartition("/")[2] for command in asked_commands(words, shell=wish.shell))
    return next((name for name in names if name in _SLOW_CHECKS), "")
