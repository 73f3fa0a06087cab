"""Host ports: written ones win, then the lock's, then those we claimed, then the lowest free (DESIGN section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Port
from compiler.model.source import Place
from compiler.text.named import NamedTuple
from compiler.text.registry import is_owned_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.kind import Kind
    from compiler.model.manifest import Gateway, Instance, Manifest, PortSettings, Service
    from compiler.model.registry import Registry
    from compiler.model.source import Route
    from compiler.passes.facts import Facts
    from compiler.passes.recall import Recall

HIGHEST = 65_535
DEV = "dev"
GATEWAY_PORT = 80
GATEWAY_TLS_PORT = 443


class Wish(NamedTuple):
    """A port to publish or not; `host` is a pinned port."""

    unit: str
    name: str
    container: int
    host: int | None
    published: bool
    scheme: str
    at: Route


class PortTable(NamedTuple):
    """All ports by unit and name; `chosen` are the allocated ones, for the lock."""

    ports: Mapping[str, Mapping[str, Port]]
    chosen: Mapping[str, int]
    defects: tuple[Defect, ...]


def allocate_ports(manifest: Manifest, facts: Facts, recall: Recall) -> PortTable:
    """Decide every host port. In a copy that runs beside the system all of them are ephemeral (0)."""
    services = manifest.services
    debugged = tuple(_debugged(services)) if manifest.environment == DEV else ()
    wishes = recall.every(_wishes, services, debugged, manifest.infrastructure, facts.kinds, manifest.gateway)
    keys = recall.every(_keys, wishes)
    defects = [*recall.every(_impossible, manifest.ports, wishes)]
    if is_copy(manifest.environment):
        given: tuple[int | None, ...] = tuple(0 if wish.published else None for wish in wishes)
        return PortTable(recall(_table, wishes, given), {}, tuple(defects))
    defects.extend(recall.every(_crowded, services))
    hosts = _hosts(manifest, facts, tuple(zip(keys, wishes, strict=True)), defects)
    given = tuple(hosts.get(key) if wish.published else None for key, wish in zip(keys, wishes, strict=True))
    pinned = {key for key, wish in zip(keys, wishes, strict=True) if wish.host is not None}
    chosen = {key: port for key, port in hosts.items() if key not in pinned and port}
    return PortTable(recall(_table, wishes, given), chosen, tuple(defects))


def is_copy(environment: str) -> bool:
    """Whether an environment is a whole system of its own beside the manifest's."""
    return environment not in {"", DEV}


def port_key(unit: str, name: str) -> str:
    """How lock and registry call a port: `auth-service`, `auth-service/admin`."""
    return unit if name == "default" else f"{unit}/{name}"


def port_variable(unit: str, name: str) -> str:
    """The variable that overrides a host port: `AUTH_SERVICE_PORT`, `AUTH_SERVICE_ADMIN_PORT`."""
    words = unit if name == "default" else f"{unit}_{name}"
    return f"{words.replace('-', '_').upper()}_PORT"


def _keys(wishes: tuple[Wish, ...]) -> Iterator[str]:
    return (port_key(wish.unit, wish.name) for wish in wishes)


def _table(wishes: tuple[Wish, ...], hosts: tuple[int | None, ...]) -> dict[str, dict[str, Port]]:
    ports: dict[str, dict[str, Port]] = {}
    for wish, host in zip(wishes, hosts, strict=True):
        variable = port_variable(wish.unit, wish.name)
        port = Port(wish.name, wish.container, host, variable, wish.scheme, wish.at)
        ports.setdefault(wish.unit, {})[wish.name] = port
    return ports


def _debugged(services: Mapping[str, Service]) -> Iterator[str]:
    for name, service in services.items():
        if service.develop is not None and service.develop.debug_port is not None:
            yield name


def _wishes(
    services: Mapping[str, Service],
    debugged: tuple[str, ...],
    infrastructure: Mapping[str, Instance],
    kinds: Mapping[str, Kind | None],
    gateway: Gateway | None,
) -> Iterator[Wish]:
    with_debugger = frozenset(debugged)
    for name, service in services.items():
        for port in service.ports.values():
            yield Wish(name, port.name, port.container, port.host, port.published, service.protocol, port.at)
        develop = service.develop if name in with_debugger else None
        if develop is not None and develop.debug_port is not None:
            at = (*develop.at, "debug_port")
            yield Wish(name, "debug", develop.debug_port, develop.debug_port, True, "tcp", at)
    yield from _instance_wishes(infrastructure, kinds)
    if gateway is not None and gateway.mode == "container":
        at = ("gateway", "port") if gateway.port is not None else ("gateway",)
        container = GATEWAY_TLS_PORT if gateway.certificate else GATEWAY_PORT
        scheme = "https" if gateway.certificate else "http"
        yield Wish("gateway", "default", container, gateway.port, True, scheme, at)


def _instance_wishes(infrastructure: Mapping[str, Instance], kinds: Mapping[str, Kind | None]) -> Iterator[Wish]:
    for instance in infrastructure.values():
        kind = kinds.get(instance.name)
        for index, port in enumerate(kind.ports if kind else ()):
            at = (*instance.at, "publish") if instance.publish else instance.at
            host = instance.publish_port if index == 0 else None
            yield Wish(
                instance.name, port.name, port.container, host, instance.publish and port.publish, port.scheme, at
            )


def _impossible(settings: PortSettings, wishes: tuple[Wish, ...]) -> Iterator[Defect]:
    low, high = settings.low, settings.high
    if not 0 < low <= high <= HIGHEST:
        yield Defect("port.bad-range", ("ports", "range"), {"range": f"{low}-{high}"})
    for wish in wishes:
        for port in (wish.container, wish.host):
            if port is not None and not 0 < port <= HIGHEST:
                yield Defect("port.out-of-range", wish.at, {"port": str(port), "unit": wish.unit})


def _crowded(services: Mapping[str, Service]) -> Iterator[Defect]:
    """Services that run more than once and would publish one port."""
    for service in services.values():
        if service.replicas is None or service.replicas <= 1:
            continue
        published = [port for port in service.ports.values() if port.published]
        if published:
            facts = {"unit": service.name, "replicas": str(service.replicas)}
            yield Defect("port.replicas", published[0].at, facts, ((*service.at, "replicas"),))


class _Allocation:
    """Host ports handed out so far; `foreign` belong to others on this machine.

    `order` is how free ones are handed out, a port being as good as its place in it.
    """

    def __init__(self, within: range, foreign: Mapping[int, str], order: Iterable[int]) -> None:
        self.within = within
        self.foreign = foreign
        self.taken: dict[int, Wish] = {}
        self.hosts: dict[str, int] = {}
        self._order = iter(order)
        self._next = next(self._order, None)

    def is_free(self, port: int) -> bool:
        """Whether a port of the range belongs to nobody."""
        return port in self.within and port not in self.taken and port not in self.foreign

    def give(self, key: str, wish: Wish, port: int) -> None:
        """Hand a port out; the first to have it keeps it."""
        self.hosts[key] = port
        self.taken.setdefault(port, wish)

    def next(self) -> int | None:
        """The free port to hand out next. What is taken stays so: no port is looked at twice."""
        while self._next is not None and not self.is_free(self._next):
            self._next = next(self._order, None)
        return self._next

    def propose(self, wish: Wish) -> int | None:
        """A free port that nobody else is told of."""
        port = self.next()
        if port is not None:
            self.taken[port] = wish
        return port


def _hosts(
    manifest: Manifest, facts: Facts, wishes: tuple[tuple[str, Wish], ...], defects: list[Defect]
) -> dict[str, int]:
    """The host port of each published wish, by its key; the wishes come with theirs."""
    registry = facts.registry
    foreign = {port: owner for port, owner in registry.owners.items() if not is_owned_by(owner, manifest.name)}
    allocation = _Allocation(_range(manifest), foreign, _order(manifest, registry))
    published = [(key, wish) for key, wish in wishes if wish.published]
    pinned = [wish for _, wish in published if wish.host is not None]
    for key, wish in published:
        if wish.host is not None:
            allocation.give(key, wish, wish.host)
    unpinned = [(key, wish) for key, wish in published if wish.host is None]
    for kept in (facts.allocations, _claimed(manifest, registry)):
        for key, wish in unpinned if kept else ():
            _keep(key, wish, kept, allocation)
    for key, wish in unpinned:
        if key not in allocation.hosts:
            _allocate(key, wish, _spelled(manifest), allocation, defects)
    for wish in pinned:
        defects.extend(_conflicts(wish, registry, _spelled(manifest), allocation))
    return allocation.hosts


def _order(manifest: Manifest, registry: Registry) -> Sequence[int]:
    """The range: first what the registry means for us, then for nobody, then for others; last what we claim already.

    That a range is meant for somebody is advice: `ports.range` says what can be had.
    """
    meant = registry.ranges.get(manifest.name, range(0))
    others = [ports for name, ports in registry.ranges.items() if name != manifest.name]

    def rank(port: int) -> tuple[bool, bool, bool]:
        owner = registry.owners.get(port)
        is_ours = port in meant or owner == manifest.name
        is_others = not is_ours and any(port in ports for ports in others)
        return owner not in {None, manifest.name}, is_others, not is_ours

    ports = _range(manifest)
    return sorted(ports, key=rank) if registry.path else ports


def _claimed(manifest: Manifest, registry: Registry) -> Mapping[str, int]:
    """What the registry says is ours, by port key; of two ports of one name the lower in the range."""
    prefix = f"{manifest.name}/"
    ports = sorted((port for port in registry.owners if port in _range(manifest)), reverse=True)
    owned = ((registry.owners[port], port) for port in ports)
    return {owner.removeprefix(prefix): port for owner, port in owned if owner.startswith(prefix)}


def _range(manifest: Manifest) -> range:
    return range(manifest.ports.low, min(manifest.ports.high, HIGHEST) + 1)


def _keep(key: str, wish: Wish, kept: Mapping[str, int], allocation: _Allocation) -> None:
    port = kept.get(key)
    if port is not None and key not in allocation.hosts and allocation.is_free(port):
        allocation.give(key, wish, port)


def _allocate(key: str, wish: Wish, spelled: str, allocation: _Allocation, defects: list[Defect]) -> None:
    port = allocation.next()
    if port is None:
        defects.append(Defect("port.exhausted", wish.at, {"unit": wish.unit, "range": spelled}))
        return
    allocation.give(key, wish, port)


def _conflicts(wish: Wish, registry: Registry, spelled: str, allocation: _Allocation) -> Iterator[Defect]:
    """Who else has the port that is written for a wish."""
    port = wish.host or 0
    holder = allocation.taken[port]
    if holder is wish and port not in allocation.foreign:
        return
    facts = {"port": str(port), "unit": wish.unit, "free": str(allocation.propose(wish) or ""), "range": spelled}
    if port in allocation.foreign:
        line, column = registry.places[port]
        place = Place(registry.path, line=line, column=column)
        yield Defect("port.registered", wish.at, {**facts, "owner": allocation.foreign[port]}, (place,))
    if holder is not wish:
        yield Defect("port.conflict", wish.at, {**facts, "other": holder.unit}, (holder.at,))


def _spelled(manifest: Manifest) -> str:
    return f"{manifest.ports.low}-{manifest.ports.high}"
