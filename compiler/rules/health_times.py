"""A health check whose times do not work out.

A service has `start_period` and then `retries` times `interval` until it is called unhealthy; whoever waits for it then
gives up at once. A check itself has `timeout`. Written too short, both fail on a busy machine and in CI: any service
gets 5 s at the least, one on the Java virtual machine 10 s, a database that makes its data at the first boot 8 to 15 s,
Kafka, RabbitMQ and Keycloak 20 s, Elasticsearch and OpenSearch 30 s, Cassandra 45 s. A check that starts a virtual
machine of its own, such as `rabbitmq-diagnostics`, takes up to 10 s.

What a service waits for does not count: its own time begins when its container is started, and that is when all it
waits for is ready. And `start.sh` waits for as long as all checks on the longest way together may take, and two minutes
more: no order of start is longer than that. Who is in a hurry is the person, or the job of a CI that ends after ten
minutes. A check is put for the first time after one `interval`, so intervals on the longest way add up; where they come
to more than ten minutes, that is said of the longest of them.

Bad:
```yaml
version: 1
name: shop
services:
  search:
    image: opensearchproject/opensearch:2.19.1
    healthcheck:
      command: curl -fs http://127.0.0.1:9200/_cluster/health
      start_period: 5s
      interval: 2s
      retries: 3
```
Good:
```yaml
version: 1
name: shop
services:
  search:
    image: opensearchproject/opensearch:2.19.1
    healthcheck:
      command: curl -fs http://127.0.0.1:9200/_cluster/health
      start_period: 60s
      interval: 2s
      retries: 10
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_FAULTS = {
    "service": (
        "",
        "`{unit}` is called unhealthy after {given} s{why}",
        "{given} s in all",
        "give it more time: `start_period` and `retries` times `interval` should be {needed} s at the least",
    ),
    "check": (
        "/timeout",
        "the health check of `{unit}` has {given} s to answer, and `{why}` may take {needed} s",
        "too short",
        "write `timeout: {needed}s` or more, and `interval: {needed}s`",
    ),
    "order": (
        "/interval",
        "the system is up after {needed} min at the earliest: `{unit}` alone is first asked after {given} s",
        "the longest on the way",
        "write a shorter `interval`, such as `5s`: nothing that waits for it starts sooner",
    ),
}
"""What is said, by what is wrong: the key, the message, the label, the remedy."""


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("health.times"):
        unit, given, needed, fault = (defect.facts[key] for key in ("unit", "given", "needed", "fault"))
        part, message, label, remedy = _FAULTS[fault]
        why = defect.facts["why"]
        yield Finding(
            subject=f"{unit}/healthcheck{part}",
            message=message.format(unit=unit, given=given, needed=needed, why=why),
            labels=(Label(defect.at, label.format(given=given), "value" if part else "key"),),
            help=remedy.format(needed=needed),
        )


RULE = Rule("HEALTH011", "times", Severity.WARNING, _check)
