"""What is decided and yet doubtful: found once everything else is decided, by looking at one thing alone."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Unit, UnitKind
from compiler.model.value import Variable, literal
from compiler.passes.bare_names import bare_name_defects
from compiler.passes.images import server_image_defects, service_image_defects
from compiler.passes.mounts import certificate_defects, mount_defects
from compiler.passes.owned_keys import server_key_defects, service_key_defects
from compiler.passes.ports import DEV
from compiler.passes.upstreams import upstream_defects
from compiler.spell.nginx import is_route_path, route_location
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.kind import Kind
    from compiler.model.manifest import Gateway, Instance, Manifest, RouteWish, Service
    from compiler.model.plan import Plan, SecretPlan
    from compiler.model.source import Files
    from compiler.model.value import Text
    from compiler.passes.dockerfile import Dockerfile
    from compiler.passes.facts import Facts
    from compiler.passes.recall import Recall

_LOOPBACK = ("127.", "::1", "::ffff:127.")
_IN_URL = regex(r"://[^/?#@\s]{0,255}:[^/?#@\s]{0,255}(\0)[^/?#@\s]{0,255}@")
_HOLE = "\0"
"""A hole, a NUL here, where the password of a URL stands; bounded, so that no text takes long."""
_DEBUGGER = regex(r"(?:^|[\s=])(?:--inspect(?:-brk)?|-agentlib:jdwp|-Xrunjdwp|debugpy|dlv)(?![\w-])")
_OPTIONS = ("NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS")
_DEBUG_PORTS = (5858, 9229)
"""Node's; those of other debuggers are other programs' own as well."""
_DEBUG_NAMES = frozenset({"debugger", "debugpy", "delve", "dlv", "inspector", "jdwp"})
_PLACEHOLDER = regex(r"/[:*]")


_IMPOSSIBLE = frozenset({"image.malformed", "mount.root", "mount.twice", "name.bad", "path.outside"})
"""What no engine does; all else can be emitted all the same."""


def doubts(plan: Plan, manifest: Manifest, facts: Facts, files: Files, recall: Recall) -> Plan:
    """The plan of one environment with all that is doubtful in it."""
    found = _found(plan, manifest, facts, files, recall)
    impossible = [defect for defect in found if defect.kind in _IMPOSSIBLE]
    notices = [defect for defect in found if defect.kind not in _IMPOSSIBLE]
    return plan._replace(defects=(*plan.defects, *impossible), notices=(*plan.notices, *notices))


def _found(plan: Plan, manifest: Manifest, facts: Facts, files: Files, recall: Recall) -> list[Defect]:
    found = [*_nothing(manifest), *_reachable(manifest, plan)]
    started = (name for name, service in manifest.services.items() if not service.url)
    names = recall.of_names(*manifest.infrastructure, *started)
    for name, service in manifest.services.items():
        found += recall(_of_service, service, facts.dockerfiles.get(name), names, manifest.output, files, of=name)
    if manifest.environment == DEV:
        found = [defect for defect in found if defect.kind != "port.debugger"]
    for name, instance in manifest.infrastructure.items():
        unit = plan.units.get(name)
        if unit is not None and unit.kind is UnitKind.INSTANCE:
            found += recall(_of_instance, instance, unit, facts.kinds.get(name), of=name)
    found += recall(_of_secrets, plan.secrets)
    found += _of_variables(plan.units)
    if manifest.gateway is not None:
        found += recall(_of_gateway, manifest.gateway, manifest.output, files)
    return found


def _nothing(manifest: Manifest) -> Iterator[Defect]:
    """A manifest of which nothing would be started."""
    if not manifest.infrastructure and all(service.url for service in manifest.services.values()):
        yield Defect("service.none", ("name",), {"name": manifest.name})


def _reachable(manifest: Manifest, plan: Plan) -> Iterator[Defect]:
    """Ports that are published for more than this machine."""
    bind = manifest.ports.bind
    if not bind.startswith(_LOOPBACK) and _is_address(bind):
        published = [
            unit.name for unit in plan.units.values() if any(one.host is not None for one in unit.ports.values())
        ]
        if published:
            yield Defect(
                "port.beyond-loopback", (*manifest.ports.at, "bind"), {"bind": bind, "units": ", ".join(published)}
            )


def _is_address(text: str) -> bool:
    import ipaddress  # noqa: PLC0415 - only where it is not the usual one

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _of_service(
    service: Service,
    dockerfile: Dockerfile | None,
    names: frozenset[str],
    output: str,
    files: Files,
) -> tuple[Defect, ...]:
    if service.url:
        return ()
    return (
        *service_image_defects(service),
        *service_key_defects(service),
        *mount_defects(service, output, files),
        *upstream_defects(service, dockerfile, names, files),
        *bare_name_defects(service, names),
        *islice(_debugger(service), 1),
    )


def _of_instance(instance: Instance, unit: Unit, kind: Kind | None) -> tuple[Defect, ...]:
    decided = {key for key, text in kind.environment.items() if "{" in text} if kind is not None else set()
    return (*server_image_defects(instance, unit), *server_key_defects(instance, frozenset(decided)))


def _debugger(service: Service) -> Iterator[Defect]:
    """What a service says outside `develop` that makes a debugger listen."""
    words = " ".join(literal(word) or "" for word in service.command) if service.command else ""
    if words and _DEBUGGER.search(words):
        yield Defect("port.debugger", (*service.at, "command"), {"unit": service.name})
    for key in _OPTIONS:
        if key in service.environment and _DEBUGGER.search(literal(service.environment[key]) or ""):
            yield Defect("port.debugger", (*service.at, "environment", key), {"unit": service.name})
    for port in service.ports.values():
        is_debuggers = port.container in _DEBUG_PORTS or port.name in _DEBUG_NAMES
        if port.published and is_debuggers and port.name != "debug":
            yield Defect("port.debugger", port.at, {"unit": service.name, "port": str(port.container)})


def _of_secrets(secrets: Mapping[str, SecretPlan]) -> tuple[Defect, ...]:
    """Secrets that a person gives and a URL takes: what start.sh generates is always safe there."""
    return tuple(
        Defect("secret.given-in-url", secret.at, {"name": secret.name, "users": ", ".join(secret.users)})
        for secret in secrets.values()
        if secret.in_url and secret.how != "generated"
    )


def _of_variables(units: Mapping[str, Unit]) -> Iterator[Defect]:
    """Plain variables that are the password of a URL: nobody looks at their characters. Each is told once."""
    seen: set[str] = set()
    for unit in units.values():
        for key, text in unit.environment.items() if unit.kind is not UnitKind.JOB else ():
            name = _password_variable(text) if len(text) > 1 else ""
            if name and name not in seen:
                seen.add(name)
                yield Defect(
                    "secret.variable-in-url", (*unit.at, "environment", key), {"name": name, "unit": unit.name}
                )


def _password_variable(text: Text) -> str:
    """The variable that is the password of a URL in a text. One with a default is a secret written as text."""
    holes = [piece.name for piece in text if isinstance(piece, Variable) and not piece.default]
    found = _IN_URL.search("".join(_HOLE if _is_hole(one) else one if isinstance(one, str) else "0" for one in text))
    return holes[found.string.count(_HOLE, 0, found.start(1))] if found is not None else ""


def _is_hole(piece: object) -> bool:
    return isinstance(piece, Variable) and not piece.default


def _of_gateway(gateway: Gateway, output: str, files: Files) -> tuple[Defect, ...]:
    return (
        *certificate_defects(gateway, output, files),
        *_alike_routes(gateway),
        *_placeholders(gateway),
    )


def _alike_routes(gateway: Gateway) -> Iterator[Defect]:
    """Routes that differ in nothing but the case of their letters: nginx tells them apart, people do not."""
    seen: dict[str, RouteWish] = {}
    for route in gateway.routes:
        if not is_route_path(route.path):
            continue
        plain = route_location(route.path).rstrip("/")
        first = seen.setdefault(plain.casefold(), route)
        if route_location(first.path).rstrip("/") != plain:
            facts = {"path": route.path, "other": first.path}
            yield Defect("route.case", (*route.at, "path"), facts, ((*first.at, "path"),))


def _placeholders(gateway: Gateway) -> Iterator[Defect]:
    """Paths with what other routers fill: here `/:id` stands for itself."""
    for route in gateway.routes:
        if _PLACEHOLDER.search(route.path):
            yield Defect("route.placeholder", (*route.at, "path"), {"path": route.path})
