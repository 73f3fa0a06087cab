"""Host ports: written ones win, then the lock's, then those we claimed, then the lowest free (DESIGN section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.plan import Port
from compiler.model.source import Place
from compiler.text.registry import is_owned_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.model.manifest import Manifest
    from compiler.model.registry import Registry
    from compiler.model.source import Route
    from compiler.passes.facts import Facts

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


def allocate_ports(manifest: Manifest, facts: Facts) -> PortTable:
    """Decide every host port. In a copy that runs beside the system all of them are ephemeral (0)."""
    wishes = tuple(_wishes(manifest, facts))
    defects = [*_impossible(manifest, wishes)]
    hosts = _ephemeral(wishes) if is_copy(manifest.environment) else _hosts(manifest, facts, wishes, defects)
    ports: dict[str, dict[str, Port]] = {}
    for wish in wishes:
        host = hosts.get(port_key(wish.unit, wish.name)) if wish.published else None
        variable = port_variable(wish.unit, wish.name)
        ports.setdefault(wish.unit, {})[wish.name] = Port(
            wish.name, wish.container, host, variable, wish.scheme, wish.at
        )
    pinned = {port_key(wish.unit, wish.name) for wish in wishes if wish.host is not None}
    chosen = {key: port for key, port in hosts.items() if key not in pinned and port}
    return PortTable(ports, chosen, tuple(defects))


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


def _wishes(manifest: Manifest, facts: Facts) -> Iterator[Wish]:
    for service in manifest.services.values():
        for port in service.ports.values():
            yield Wish(service.name, port.name, port.container, port.host, port.published, service.protocol, port.at)
        develop = service.develop if manifest.environment == DEV else None
        if develop is not None and develop.debug_port is not None:
            at = (*develop.at, "debug_port")
            yield Wish(service.name, "debug", develop.debug_port, develop.debug_port, True, "tcp", at)
    yield from _instance_wishes(manifest, facts)
    gateway = manifest.gateway
    if gateway is not None and gateway.mode == "container":
        at = ("gateway", "port") if gateway.port is not None else ("gateway",)
        container = GATEWAY_TLS_PORT if gateway.certificate else GATEWAY_PORT
        scheme = "https" if gateway.certificate else "http"
        yield Wish("gateway", "default", container, gateway.port, True, scheme, at)


def _instance_wishes(manifest: Manifest, facts: Facts) -> Iterator[Wish]:
    for instance in manifest.infrastructure.values():
        kind = facts.kinds.get(instance.name)
        for index, port in enumerate(kind.ports if kind else ()):
            at = (*instance.at, "publish") if instance.publish else instance.at
            host = instance.publish_port if index == 0 else None
            yield Wish(
                instance.name, port.name, port.container, host, instance.publish and port.publish, port.scheme, at
            )


def _impossible(manifest: Manifest, wishes: tuple[Wish, ...]) -> Iterator[Defect]:
    low, high = manifest.ports.low, manifest.ports.high
    if not 0 < low <= high <= HIGHEST:
        yield Defect("port.bad-range", ("ports", "range"), {"range": f"{low}-{high}"})
    for wish in wishes:
        for port in (wish.container, wish.host):
            if port is not None and not 0 < port <= HIGHEST:
                yield Defect("port.out-of-range", wish.at, {"port": str(port), "unit": wish.unit})
    for service in manifest.services.values():
        published = [port for port in service.ports.values() if port.published]
        if service.replicas is not None and service.replicas > 1 and published and not is_copy(manifest.environment):
            facts = {"unit": service.name, "replicas": str(service.replicas)}
            yield Defect("port.replicas", published[0].at, facts, ((*service.at, "replicas"),))


def _ephemeral(wishes: tuple[Wish, ...]) -> dict[str, int]:
    return {port_key(wish.unit, wish.name): 0 for wish in wishes if wish.published}


class _Allocation(NamedTuple):
    """Host ports handed out so far; `foreign` belong to others on this machine.

    `order` is how free ones are handed out, a port being as good as its place in it.
    """

    manifest: Manifest
    foreign: Mapping[int, str]
    order: Sequence[int]
    taken: dict[int, Wish]
    hosts: dict[str, int]

    def is_free(self, port: int) -> bool:
        """Whether a port of the range belongs to nobody."""
        return port in _range(self.manifest) and port not in self.taken and port not in self.foreign

    def give(self, wish: Wish, port: int) -> None:
        """Hand a port out; the first to have it keeps it."""
        self.hosts[port_key(wish.unit, wish.name)] = port
        self.taken.setdefault(port, wish)

    def next(self) -> int | None:
        """The free port to hand out next."""
        return next((port for port in self.order if self.is_free(port)), None)


def _hosts(manifest: Manifest, facts: Facts, wishes: tuple[Wish, ...], defects: list[Defect]) -> dict[str, int]:
    registry = facts.registry
    foreign = {port: owner for port, owner in registry.owners.items() if not is_owned_by(owner, manifest.name)}
    allocation = _Allocation(manifest, foreign, _order(manifest, registry), {}, {})
    published = [wish for wish in wishes if wish.published]
    for wish in published:
        if wish.host is not None:
            allocation.give(wish, wish.host)
    unpinned = [wish for wish in published if wish.host is None]
    for kept in (facts.allocations, _claimed(manifest, registry)):
        for wish in unpinned:
            _keep(wish, kept, allocation)
    for wish in unpinned:
        if port_key(wish.unit, wish.name) not in allocation.hosts:
            _allocate(wish, allocation, defects)
    for wish in published:
        defects.extend(_conflicts(wish, registry, allocation))
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


def _keep(wish: Wish, kept: Mapping[str, int], allocation: _Allocation) -> None:
    key = port_key(wish.unit, wish.name)
    port = kept.get(key)
    if key not in allocation.hosts and port is not None and allocation.is_free(port):
        allocation.give(wish, port)


def _allocate(wish: Wish, allocation: _Allocation, defects: list[Defect]) -> None:
    port = allocation.next()
    if port is None:
        facts = {"unit": wish.unit, "range": _spelled(allocation.manifest)}
        defects.append(Defect("port.exhausted", wish.at, facts))
        return
    allocation.give(wish, port)


def _conflicts(wish: Wish, registry: Registry, allocation: _Allocation) -> Iterator[Defect]:
    """Who else has the port that is written for a wish."""
    if wish.host is None:
        return
    facts = {
        "port": str(wish.host),
        "unit": wish.unit,
        "free": str(allocation.next() or ""),
        "range": _spelled(allocation.manifest),
    }
    if wish.host in allocation.foreign:
        line, column = registry.places[wish.host]
        place = Place(registry.path, line=line, column=column)
        yield Defect("port.registered", wish.at, {**facts, "owner": allocation.foreign[wish.host]}, (place,))
    holder = allocation.taken[wish.host]
    if holder is not wish:
        yield Defect("port.conflict", wish.at, {**facts, "other": holder.unit}, (holder.at,))


def _spelled(manifest: Manifest) -> str:
    return f"{manifest.ports.low}-{manifest.ports.high}"
