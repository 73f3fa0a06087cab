"""Random manifests, small and varied, and the changes a team makes to them: all from one `random.Random`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    Change = tuple[str, "System"]

NAMES = ("accounts", "billing", "cart", "delivery", "events", "front", "goods", "help")
STORES = {
    "db": ("postgres", ("14", "16", "")),
    "documents": ("mongo", ("7", "")),
    "cache": ("redis", ("7", "")),
    "bus": ("rabbitmq", ("4", "")),
}
DATABASES = ("main", "audit", "search")
HOLDERS = frozenset({"postgres", "mongo"})


class Service(NamedTuple):
    """A service; it uses stores (or `store.database`) and other services whose names come before its own."""

    port: str = ""
    version: int = 1
    check: bool = False
    uses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    develop: str = ""
    networks: tuple[str, ...] = ()


class Store(NamedTuple):
    """An infrastructure instance."""

    version: str = ""
    databases: tuple[str, ...] = ()
    publish: bool = False


class System(NamedTuple):
    """A manifest as it is written."""

    services: Mapping[str, Service]
    stores: Mapping[str, Store]
    routes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    environments: Mapping[str, str] = {}
    comments: tuple[str, ...] = ()
    low: int = 8000

    def text(self) -> str:
        """The manifest; what is not there any more is not referred to."""
        return "\n".join(_lines(self)) + "\n"


def first(random: Random) -> System:
    """A system to begin with."""
    system = System({"front": Service("8000", check=True)}, {})
    for _ in range(random.randint(2, 7)):
        system = change(system, random)[1]
    return system


def change(system: System, random: Random) -> Change:
    """What was changed, and the system after it."""
    return random.choice(_CHANGES)(system, random)


def _add_service(system: System, random: Random) -> Change:
    free = [name for name in NAMES if name not in system.services]
    if not free:
        return _remove_service(system, random)
    name = random.choice(free)
    entries = list(system.services.items())
    entries.insert(random.randint(0, len(entries)), (name, _service(name, system, random)))
    return f"add {name}", system._replace(services=dict(entries))


def _service(name: str, system: System, random: Random) -> Service:
    stores = [
        f"{store}.{database}" if database else store
        for store, one in system.stores.items()
        for database in one.databases or ("",)
    ]
    usable = [*stores, *(other for other in system.services if other < name)]
    return Service(
        random.choice(["", "8000", "8000", "internal:9000", f"{random.randint(9000, 9999)}:8000"]),
        random.randint(1, 9),
        random.random() < 0.5,
        tuple(random.sample(usable, min(len(usable), random.randint(0, 3)))),
        tuple(random.sample(("plain", "$$5", "${OTHER:-x}", "a: b # c"), random.randint(0, 2))),
        random.choice(["", "", "command", "debug"]),
        system.networks if random.random() < 0.5 else (),
    )


def _remove_service(system: System, random: Random) -> Change:
    if len(system.services) < 2:
        return _add_service(system, random)
    name = random.choice(list(system.services))
    services = {one: service for one, service in system.services.items() if one != name}
    return f"remove {name}", system._replace(services=services)


def _rename_service(system: System, random: Random) -> Change:
    old = random.choice(list(system.services))
    new = f"{old.split('-')[0]}-{random.randint(2, 99)}"
    services = {new if name == old else name: service for name, service in system.services.items()}
    return f"rename {old} to {new}", system._replace(services=services)


def _rewrite_service(system: System, random: Random) -> Change:
    name = random.choice(list(system.services))
    services = {**system.services, name: _service(name, system, random)}
    return f"rewrite {name}", system._replace(services=services)


def _next_version(system: System, random: Random) -> Change:
    name = random.choice(list(system.services))
    service = system.services[name]
    services = {**system.services, name: service._replace(version=service.version + 1)}
    return f"next version of {name}", system._replace(services=services)


def _other_port(system: System, random: Random) -> Change:
    name = random.choice(list(system.services))
    port = random.choice(["", "8000", "internal:9000", f"{random.randint(9000, 9999)}:8000"])
    services = {**system.services, name: system.services[name]._replace(port=port)}
    return f"port of {name}: {port}", system._replace(services=services)


def _reorder(system: System, random: Random) -> Change:
    names = random.sample(list(system.services), len(system.services))
    return "reorder", system._replace(services={name: system.services[name] for name in names})


def _rewrite_store(system: System, random: Random) -> Change:
    name = random.choice(list(STORES))
    kind, versions = STORES[name]
    databases = tuple(random.sample(DATABASES, random.randint(1, 3))) if kind in HOLDERS else ()
    store = Store(random.choice(versions), databases, random.random() < 0.3)
    return f"store {name}", system._replace(stores={**system.stores, name: store})


def _remove_store(system: System, random: Random) -> Change:
    if not system.stores:
        return _rewrite_store(system, random)
    name = random.choice(list(system.stores))
    stores = {one: store for one, store in system.stores.items() if one != name}
    return f"remove store {name}", system._replace(stores=stores)


def _reroute(system: System, random: Random) -> Change:
    names = random.sample(list(system.services), random.randint(0, len(system.services)))
    return f"routes {names}", system._replace(routes=tuple(names))


def _networks(system: System, random: Random) -> Change:
    networks = tuple(random.sample(("back", "edge"), random.randint(0, 2)))
    return f"networks {networks}", system._replace(networks=networks)


def _environments(system: System, random: Random) -> Change:
    names = random.sample(("dev", "test", "staging"), random.randint(0, 2))
    settings = {name: random.choice(("debug", "info")) for name in names}
    return f"environments {settings}", system._replace(environments=settings)


def _comment(system: System, random: Random) -> Change:
    return "comment", system._replace(comments=(*system.comments[-2:], f"note {random.randint(1, 99)}"))


def _range(system: System, random: Random) -> Change:
    low = random.choice((8000, 8010, 8500))
    return f"range from {low}", system._replace(low=low)


_CHANGES = (
    _add_service,
    _add_service,
    _add_service,
    _remove_service,
    _rename_service,
    _rewrite_service,
    _next_version,
    _other_port,
    _reorder,
    _rewrite_store,
    _rewrite_store,
    _remove_store,
    _reroute,
    _networks,
    _environments,
    _comment,
    _range,
)


def _lines(system: System) -> Iterator[str]:
    yield from ("version: 1", "name: shop", *(f"# {comment}" for comment in system.comments))
    yield from ("ports:", f"  range: {system.low}-{system.low + 60}")
    if system.networks:
        yield from ("networks:", *(f"  {name}: bridge" for name in system.networks))
    if system.stores:
        yield "infrastructure:"
    for name, store in system.stores.items():
        yield from (f"  {name}:", f"    type: {STORES[name][0]}")
        yield from [f"    version: {store.version}"] if store.version else []
        yield from ["    publish: true"] if store.publish else []
        yield from ["    databases:", *(f"      {one}:" for one in store.databases)] if store.databases else []
    yield "services:"
    for name, service in system.services.items():
        yield from _service_lines(name, service, system)
    yield from _routes(system)
    yield from ["environments:"] if system.environments else []
    for name, level in system.environments.items():
        yield from (f"  {name}:", "    services:", f"      {next(iter(system.services))}:", "        environment:")
        yield f"          LEVEL: {level}"


def _service_lines(name: str, service: Service, system: System) -> Iterator[str]:
    yield from (f"  {name}:", f"    image: example/{name}:{service.version}")
    yield from [f"    port: {service.port}"] if service.port else []
    if service.port and service.check:
        yield from ("    healthcheck:", "      liveness: /health", "      probe: curl")
    networks = [one for one in service.networks if one in system.networks]
    yield from ["    networks:", *(f"      - {one}" for one in networks)] if networks else []
    values = [*(f"${{{use}.{_output(use)}}}" for use in service.uses if _is_there(use, name, system))]
    values += [f'"{text}"' for text in service.texts]
    yield from ["    environment:"] if values else []
    yield from (f"      VALUE_{number}: {value}" for number, value in enumerate(values))
    if service.develop == "command":
        yield from ("    develop:", "      command: run --reload")
    elif service.develop == "debug":
        yield from ("    develop:", "      command: run --debug", f"      debug_port: {9220 + service.version}")


def _output(use: str) -> str:
    return "host" if use in STORES else "url"


def _is_there(use: str, name: str, system: System) -> bool:
    store, _, database = use.partition(".")
    if store in STORES:
        return store in system.stores and (not database or database in system.stores[store].databases)
    return use < name and use in system.services and bool(system.services[use].port)


def _routes(system: System) -> Iterator[str]:
    names = [name for name in system.routes if name in system.services and system.services[name].port]
    yield from ["gateway:", "  routes:"] if names else []
    for name in names:
        yield from (f"    - path: /{name}/", f"      service: {name}")
