"""What was decided for one environment. Speaks of health and order, never a word of Compose."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from compiler.model.finding import Defect
from compiler.model.manifest import Flow, Request, Watch
from compiler.model.source import Route
from compiler.model.value import Text
from compiler.text.named import NamedTuple


class HttpGet(NamedTuple):
    """Healthy when a GET answers 2xx or 3xx; `path` starts with a slash."""

    port: int
    path: str


class Connect(NamedTuple):
    """Healthy when the port accepts a connection."""

    port: int


class Execute(NamedTuple):
    """Healthy when the command ends with 0; `shell` means one text for the image's shell."""

    argv: tuple[Text, ...]
    shell: bool = False


Question = HttpGet | Connect | Execute


class Asker(Enum):
    """Which tool inside the image can put an HttpGet or Connect; a cluster asks from outside and ignores it."""

    CURL = "curl"
    WGET = "wget"
    PYTHON = "python"
    NODE = "node"
    BASH = "bash"
    FIRST_FOUND = "first found"
    IMAGE = "image"
    NONE = "none"
    UNKNOWN = "unknown"


class Timing(NamedTuple):
    """All in milliseconds but `retries`; the first question is put after one interval."""

    interval_ms: int
    timeout_ms: int
    retries: int
    grace_ms: int


class Health(NamedTuple):
    """Liveness gates the start order; readiness is what verification asks."""

    liveness: Question | None
    readiness: Question | None
    timing: Timing
    asker: Asker
    at: Route


class Until(Enum):
    """What an edge waits for."""

    NOTHING = "none"
    STARTED = "started"
    HEALTHY = "healthy"
    COMPLETED = "completed"


class Edge(NamedTuple):
    """Calls, and waits for: one record gives the value, the start order, the plan row and the matrix cell.

    `because` holds the references or the `depends_on` that made it. `calls` is false for an edge that is order only
    (a service that awaits a job). `target` may be an external service; then `until` is NOTHING.
    """

    source: str
    target: str
    until: Until
    purpose: str
    because: tuple[Route, ...]
    required: bool = True
    calls: bool = True


class Image(NamedTuple):
    """A published image: `name:version`, or a whole reference in `name` with an empty version.

    `text` is that reference where it has a hole: `${REGISTRY:-registry.example}/shop/web:3`.
    """

    name: str
    version: str
    text: Text = ()


class Build(NamedTuple):
    """A build; paths relative to the manifest's folder, `dockerfile` relative to `context`."""

    context: str
    dockerfile: str
    target: str
    args: Mapping[str, Text]


class Port(NamedTuple):
    """`host` is 0 for an ephemeral port, None where nothing is published; `variable` overrides it in .env."""

    name: str
    container: int
    host: int | None
    variable: str
    scheme: str
    at: Route


class MountKind(Enum):
    """Where a mount comes from."""

    VOLUME = "volume"
    PATH = "path"
    """Relative to the manifest's folder."""
    OUTPUT = "output"
    """Relative to the output directory."""
    MEMORY = "memory"


class Mount(NamedTuple):
    """A mount; for MEMORY the source is empty."""

    kind: MountKind
    source: str
    at: str
    read_only: bool = False


class UnitKind(Enum):
    """What a unit is to the reader."""

    INSTANCE = "infrastructure"
    JOB = "job"
    SERVICE = "service"
    GATEWAY = "gateway"


class DevelopPlan(NamedTuple):
    """What a developer's overlay watches."""

    watch: tuple[Watch, ...]


class Unit(NamedTuple):
    """Anything that runs: a service, an instance of a kind, the gateway, or a job that ends (`kind` is JOB).

    `parent` is the instance or service a job belongs to. `extras` are settings for one target only, by its name.
    """

    name: str
    kind: UnitKind
    role: str
    parent: str
    image: Image | Build
    entrypoint: tuple[Text, ...]
    command: tuple[Text, ...]
    environment: Mapping[str, Text]
    ports: Mapping[str, Port]
    mounts: tuple[Mount, ...]
    networks: tuple[str, ...]
    health: Health | None
    profiles: tuple[str, ...]
    replicas: int | None
    hostname: str
    settings: Mapping[str, str]
    """What else the reader sees: `type`, `databases`, `topics` ... of an instance."""
    develop: DevelopPlan | None
    extras: Mapping[str, Mapping[str, object]]
    at: Route


class External(NamedTuple):
    """A service that is not started, only called."""

    name: str
    role: str
    url: str
    at: Route


class SecretPlan(NamedTuple):
    """A secret with its users; `in_url` lists the users in whose URLs it stands, so it must be URL-safe."""

    name: str
    how: str
    description: str
    length: int
    users: tuple[str, ...]
    in_url: bool
    at: Route


class VariablePlan(NamedTuple):
    """A variable that Compose reads from the environment file, not a secret and not a port."""

    name: str
    default: str | None
    message: str | None
    users: tuple[str, ...]


class NetworkPlan(NamedTuple):
    """A network to make or to find; `actual` is the engine's name where it is fixed."""

    name: str
    driver: str
    internal: bool
    external: bool
    actual: str


class VolumePlan(NamedTuple):
    """A volume that keeps data; `owner` is the unit that writes it."""

    name: str
    owner: str


class RoutePlan(NamedTuple):
    """A way through the gateway; `port` is the service's container port, `host_port` its published one."""

    path: str
    prefix: bool
    service: str
    port: int
    host_port: int | None
    strip_prefix: bool
    access_log: bool
    websocket: bool
    timeout_ms: int
    at: Route


class GatewayPlan(NamedTuple):
    """The reverse proxy as decided; in host mode no unit runs it."""

    mode: str
    host: str
    certificate: str
    key: str
    public_url: Text
    routes: tuple[RoutePlan, ...]
    at: Route


class Plan(NamedTuple):
    """One environment, decided: what every target, page, rule and diff reads. With defects it is never emitted."""

    project: str
    environment: str
    units: Mapping[str, Unit]
    externals: Mapping[str, External]
    edges: tuple[Edge, ...]
    layers: tuple[tuple[str, ...], ...]
    least_start_ms: int
    secrets: Mapping[str, SecretPlan]
    variables: Mapping[str, VariablePlan]
    networks: Mapping[str, NetworkPlan]
    volumes: Mapping[str, VolumePlan]
    gateway: GatewayPlan | None
    api_tests: tuple[Request, ...]
    smoke_tests: tuple[Flow, ...]
    bind: str
    files: Mapping[str, str]
    """Static files of the kinds by path in the output: `init-scripts/postgres/01-create-databases.sql`."""
    defects: tuple[Defect, ...]
    notices: tuple[Defect, ...] = ()
    """What can be emitted all the same, but is worth a word: warnings and notes, never errors."""


class Compilation(NamedTuple):
    """The manifest's own plan, and one for each environment, each resolved as if it were the manifest."""

    base: Plan
    environments: Mapping[str, Plan]
