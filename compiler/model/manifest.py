"""What was written: the manifest of one environment after fragments, defaults and shorthand are merged.

Every value keeps the route at which it stands in the canonical shape (`at`), so that a finding can point at it.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.source import Route
from compiler.model.value import Template
from compiler.text.named import NamedTuple


class Secret(NamedTuple):
    """An environment variable that is never written down; `how` is generated, required or optional."""

    name: str
    how: str
    description: str
    length: int
    at: Route


class Network(NamedTuple):
    """A network beside the project's own; `actual` is its name on the engine, empty for the project's choice."""

    name: str
    driver: str
    internal: bool
    external: bool
    actual: str
    at: Route


class PortSettings(NamedTuple):
    """`low`-`high` inclusive: where host ports are allocated; `bind` is the host address they are published on."""

    bind: str
    low: int
    high: int
    registry: str
    at: Route


class PortWish(NamedTuple):
    """A port a service listens on; `host` is a pinned host port; not `published` means reachable inside only."""

    name: str
    container: int
    host: int | None
    published: bool
    at: Route


class HealthWish(NamedTuple):
    """How a service says that it lives (`liveness`) and that it can work (`readiness`); times in milliseconds."""

    liveness: str
    readiness: str
    command: tuple[Template, ...]
    shell: bool
    port: str
    probe: str
    interval_ms: int
    timeout_ms: int
    retries: int
    start_period_ms: int
    at: Route


class Dependency(NamedTuple):
    """A written dependency; `condition` is empty where the target decides."""

    target: str
    purpose: str
    condition: str
    required: bool
    at: Route


class BuildWish(NamedTuple):
    """A build; `context` is relative to the manifest's folder, `dockerfile` to the context."""

    context: str
    dockerfile: str
    target: str
    args: Mapping[str, Template]
    at: Route


class Migration(NamedTuple):
    """A command that ends, in the service's own image; `entrypoint` is empty where the image's counts."""

    entrypoint: tuple[Template, ...]
    command: tuple[Template, ...]
    at: Route


class Watch(NamedTuple):
    """A path to watch while developing; `path` relative to the manifest's folder."""

    path: str
    action: str
    target: str
    ignore: tuple[str, ...]
    at: Route


class Develop(NamedTuple):
    """What the dev overlay adds to a service."""

    command: tuple[Template, ...]
    debug_port: int | None
    environment: Mapping[str, Template]
    watch: tuple[Watch, ...]
    at: Route


class VolumeWish(NamedTuple):
    """A mount of a service: a named volume, or a path (starts with `.`) relative to the manifest's folder."""

    source: str
    target: str
    read_only: bool
    at: Route


class Service(NamedTuple):
    """A service of the team: built, taken from an image, or external (`url`)."""

    name: str
    role: str
    build: BuildWish | None
    image: str
    url: str
    protocol: str
    ports: Mapping[str, PortWish]
    health: HealthWish | None
    environment: Mapping[str, Template]
    depends_on: Mapping[str, Dependency]
    migrate: Migration | None
    develop: Develop | None
    profiles: tuple[str, ...]
    replicas: int | None
    command: tuple[Template, ...]
    volumes: tuple[VolumeWish, ...]
    networks: tuple[str, ...] | None
    """None: every declared network."""
    compose: Mapping[str, object]
    at: Route


class PartWish(NamedTuple):
    """Something an instance holds: `family` is databases, topics, ...; options as written."""

    family: str
    name: str
    options: Mapping[str, Template]
    at: Route


class Instance(NamedTuple):
    """A piece of infrastructure of a kind from the catalogue."""

    name: str
    type: str
    version: str
    image: str
    role: str
    password: Template | None
    parts: tuple[PartWish, ...]
    volume: str
    publish: bool
    publish_port: int | None
    environment: Mapping[str, Template]
    config: Mapping[str, Template]
    at: Route


class RouteWish(NamedTuple):
    """A way through the gateway; `timeout_ms` bounds reading and sending."""

    path: str
    service: str
    strip_prefix: bool
    access_log: bool
    websocket: bool
    timeout_ms: int
    at: Route


class Gateway(NamedTuple):
    """The reverse proxy; `mode` is container or host."""

    type: str
    mode: str
    version: str
    host: str
    certificate: str
    key: str
    port: int | None
    routes: tuple[RouteWish, ...]
    at: Route


class Request(NamedTuple):
    """One HTTP request of the tests. `${name}` in path, headers, body and contains is a saved value."""

    method: str
    target: str
    path: str
    headers: Mapping[str, str]
    body: str
    expect: int
    contains: str
    save: Mapping[str, str]
    at: Route


class Flow(NamedTuple):
    """Requests in order that share saved values."""

    name: str
    steps: tuple[Request, ...]
    at: Route


class Tests(NamedTuple):
    """Requests that stand alone, and flows."""

    api: tuple[Request, ...]
    smoke: tuple[Flow, ...]


class SeverityWish(NamedTuple):
    """How much the findings of a code are to weigh: error, warning or note."""

    code: str
    severity: str
    reason: str
    at: Route


class Suppression(NamedTuple):
    """Findings that are not told: those of a code about a subject, in which `*` is any text; all where it is empty."""

    code: str
    subject: str
    reason: str
    at: Route


class Lint(NamedTuple):
    """What the manifest says of findings."""

    severities: tuple[SeverityWish, ...]
    suppressions: tuple[Suppression, ...]


class Manifest(NamedTuple):
    """The whole of what was written for one environment (`environment` is empty for the manifest itself)."""

    name: str
    environment: str
    output: str
    networks: Mapping[str, Network]
    ports: PortSettings
    secrets: Mapping[str, Secret]
    infrastructure: Mapping[str, Instance]
    services: Mapping[str, Service]
    gateway: Gateway | None
    tests: Tests
    lint: Lint | None = None
