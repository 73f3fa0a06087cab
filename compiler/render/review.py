"""The present configuration, as a review shows it, and what it would change in the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import Asker, HttpGet, UnitKind
from compiler.targets.compose.words import duration
from compiler.text.display import columns_of, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.manifest import Manifest
    from compiler.model.plan import Compilation, Plan, Unit


def configuration_text(compilation: Compilation, manifest: Manifest) -> str:
    """Services, infrastructure, networks and environments of a manifest, a line for each."""
    plan = compilation.base
    lines = [plan.project]
    services = [_service(unit) for unit in plan.units.values() if unit.kind is UnitKind.SERVICE]
    services += [("gateway", _ports(unit), "", "") for unit in plan.units.values() if unit.kind is UnitKind.GATEWAY]
    services += [(one.name, one.url, "", "external") for one in plan.externals.values()]
    lines += _table(("services", "host port", "networks", "health"), services)
    instances = [_instance(unit) for unit in plan.units.values() if unit.kind is UnitKind.INSTANCE]
    if instances:
        lines += _table(("infrastructure", "version", "host port"), instances)
    networks = [(one.name, "external" if one.external else one.driver) for one in plan.networks.values()]
    lines += _table(("networks", ""), [("default", "the project's own"), *networks])
    lines += _table(("environments", ""), _environments(compilation))
    settings = manifest.ports
    lines.append(f"host ports are allocated from {settings.low}-{settings.high}, on {settings.bind}")
    return "".join(f"{line}\n" for line in lines)


def text_difference(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What changes in texts by path, as a unified difference; empty where nothing does."""
    from difflib import unified_diff  # noqa: PLC0415 - only a review needs it

    lines: list[str] = []
    for path, text in after.items():
        old, new = before[path].splitlines(), text.splitlines()
        lines += unified_diff(old, new, path, path, lineterm="", n=2)
    return "".join(f"{escaped(line)}\n" for line in lines)


def moved_ports(before: Plan, after: Plan) -> Iterator[tuple[str, int, int | None]]:
    """Host ports that are others now, by unit: the port before, and now."""
    for name, unit in before.units.items():
        for key, port in unit.ports.items():
            other = after.units[name].ports.get(key) if name in after.units else None
            if port.host and other is not None and other.host != port.host:
                yield (name if key == "default" else f"{name}/{key}"), port.host, other.host


def _service(unit: Unit) -> tuple[str, ...]:
    return unit.name, _ports(unit), ", ".join(unit.networks) or "-", _health(unit)


def _instance(unit: Unit) -> tuple[str, ...]:
    version = getattr(unit.image, "version", "") or getattr(unit.image, "name", "")
    return unit.name, f"{unit.settings.get('type', '')} {version}".strip(), _ports(unit)


def _ports(unit: Unit) -> str:
    """The host ports, by name where there are several."""
    published = [(name, port) for name, port in unit.ports.items() if port.host]
    if len(published) == 1:
        return str(published[0][1].host)
    return ", ".join(f"{name} {port.host}" for name, port in published) or "internal"


def _health(unit: Unit) -> str:
    health = unit.health
    if health is None or health.asker is Asker.NONE:
        return "no check"
    asked = health.liveness.path if isinstance(health.liveness, HttpGet) else "a command"
    if health.asker is Asker.IMAGE:
        asked = "the image's own"
    timing = health.timing
    times = f"every {duration(timing.interval_ms)}, {duration(timing.timeout_ms)} each, {timing.retries} times"
    return f"{asked}, {times}, after {duration(timing.grace_ms)}"


def _environments(compilation: Compilation) -> list[tuple[str, ...]]:
    words = {"dev": "adds to the system while developing"}
    return [(name, words.get(name, "a whole copy of its own")) for name in compilation.environments]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns below their titles; the first title says what the rows are."""
    indented = [(f"  {first}", *rest) for first, *rest in rows]
    table = [[escaped(cell) for cell in row] for row in (head, *indented)]
    widths = [max(columns_of(row[index]) for row in table) for index in range(len(head))]
    for row in table:
        cells = (cell + " " * (width - columns_of(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
