"""The host ports of a project: who has which, who listens there now, what is free."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from compiler.passes.ports import DEV, HIGHEST, port_key
from compiler.text.display import columns_of, escaped
from compiler.text.named import NamedTuple
from compiler.text.registry import is_owned_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.model.host import Listener
    from compiler.model.manifest import PortSettings
    from compiler.model.plan import Compilation
    from compiler.model.registry import Registry

SCHEMA_VERSION = 1
WRITTEN, LOCKED, CLAIMED, NEW = "written", "lock", "registry", "new"
"""Where a host port comes from: the manifest, the lock, our entry in the registry, or it was the next free one."""


class Published(NamedTuple):
    """A host port of the project; `key` is what lock and registry call it, `source` where it comes from."""

    port: int
    key: str
    unit: str
    name: str
    variable: str
    only_dev: bool
    source: str


class PortReport(NamedTuple):
    """All that is known of a project's host ports."""

    project: str
    settings: PortSettings
    registry: Registry
    published: tuple[Published, ...]
    listeners: Mapping[int, Sequence[Listener]] = {}

    @property
    def span(self) -> range:
        """Where ports are allocated."""
        return range(self.settings.low, min(self.settings.high, HIGHEST) + 1)

    def asked(self) -> frozenset[int]:
        """The ports of which it is told who listens there."""
        return frozenset((*self.span, *self.registry.owners, *(one.port for one in self.published)))

    def others(self) -> dict[int, str]:
        """What the registry says besides: of others in the range, and of ours what is published no more."""
        held = {one.port for one in self.published}
        return {
            port: owner
            for port, owner in sorted(self.registry.owners.items())
            if port not in held and (port in self.span or owner.startswith(f"{self.project}/"))
        }

    def strangers(self) -> list[int]:
        """Where somebody listens in the range, without anybody having said so."""
        known = {one.port for one in self.published} | self.others().keys()
        return [port for port in sorted(self.listeners) if port in self.span and port not in known]

    def reserved(self) -> dict[str, range]:
        """What of the range the registry means for others, by name."""
        found = {
            name: range(max(ports.start, self.span.start), min(ports.stop, self.span.stop))
            for name, ports in self.registry.ranges.items()
            if name != self.project
        }
        return {name: ports for name, ports in found.items() if ports}

    def free(self) -> list[range]:
        """The ports of the range that nobody has, nobody listens on, and the registry means for nobody else."""
        meant = self.registry.ranges.get(self.project, range(0))
        taken = {one.port for one in self.published} | self.listeners.keys()
        taken |= {port for port, owner in self.registry.owners.items() if not is_owned_by(owner, self.project)}
        taken |= {port for ports in self.reserved().values() for port in ports if port not in meant}
        return _runs(port for port in self.span if port not in taken)


def published_ports(
    compilation: Compilation, chosen: Mapping[str, int], locked: Mapping[str, int], registry: Registry
) -> tuple[Published, ...]:
    """The host ports of the system and of dev, by number; `chosen` are those nobody wrote, `locked` the lock's."""
    plans = (compilation.base, compilation.environments[DEV])
    every = [(plan, unit, port) for plan in plans for unit in plan.units.values() for port in unit.ports.values()]
    found: dict[tuple[int, str], Published] = {}
    for plan, unit, port in every:
        if not port.host:
            continue
        key = port_key(unit.name, port.name)
        sources = {
            NEW: True,
            CLAIMED: registry.owners.get(port.host) == f"{plan.project}/{key}",
            LOCKED: locked.get(key) == port.host,
            WRITTEN: chosen.get(key) != port.host,
        }
        source = [name for name, holds in sources.items() if holds][-1]
        one = Published(port.host, key, unit.name, port.name, port.variable, plan is not compilation.base, source)
        found.setdefault((port.host, key), one)
    return tuple(sorted(found.values()))


def ports_text(report: PortReport) -> str:
    """The list as a person reads it."""
    return "".join(f"{escaped(line)}\n" for line in _lines(report))


def ports_json(report: PortReport) -> str:
    """The list for a program."""
    registry = report.registry
    meant = registry.ranges.get(report.project)
    document = {
        "schema_version": SCHEMA_VERSION,
        "project": report.project,
        "bind": report.settings.bind,
        "range": _span(report.span),
        "registry": {"path": registry.path, "range": _span(meant) if meant else None} if registry.path else None,
        "ports": [_published_record(one, report) for one in report.published],
        "others": [
            {
                "port": port,
                "owner": owner,
                "is_ours": owner.startswith(f"{report.project}/"),
                **_listening(port, report),
            }
            for port, owner in report.others().items()
        ],
        "strangers": [{"port": port, **_listening(port, report)} for port in report.strangers()],
        "reserved": [{"name": name, **_span(ports)} for name, ports in report.reserved().items()],
        "free": [_span(ports) for ports in report.free()],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _published_record(one: Published, report: PortReport) -> dict[str, object]:
    return {
        "port": one.port,
        "service": one.unit,
        "name": one.name,
        "variable": one.variable,
        "only_dev": one.only_dev,
        "source": one.source,
        "owner": report.registry.owners.get(one.port),
        **_listening(one.port, report),
    }


def _listening(port: int, report: PortReport) -> dict[str, object]:
    return {
        "listeners": [
            {
                "address": one.address,
                "process": one.process or None,
                "pid": one.pid or None,
                "container": one.container or None,
                "project": one.project or None,
            }
            for one in report.listeners.get(port, ())
        ]
    }


def _span(ports: range) -> dict[str, int]:
    return {"first": ports.start, "last": ports.stop - 1}


def _lines(report: PortReport) -> Iterator[str]:
    settings, registry = report.settings, report.registry
    yield f"{report.project}: {settings.low}-{settings.high} on {settings.bind}"
    yield from _table(_published_rows(report))
    others = report.others()
    if others:
        yield f"also in {registry.path}:"
        yield from _table([(str(port), *_other(port, owner, report)) for port, owner in others.items()])
    strangers = report.strangers()
    if strangers:
        yield "in use, though nobody has them:"
        yield from _table([(str(port), _listeners(port, report)) for port in strangers])
    reserved = [f"{_spelled(ports)} {name}" for name, ports in report.reserved().items()]
    if reserved:
        yield f"meant for others: {', '.join(reserved)}"
    meant = registry.ranges.get(report.project)
    if meant and not set(meant) & set(report.span):
        yield f"{registry.path} means {_spelled(meant)} for {report.project}: write it as `ports.range`"
    yield f"free: {', '.join(_spelled(ports) for ports in report.free()) or 'none'}"


def _published_rows(report: PortReport) -> list[tuple[str, ...]]:
    has_registry = bool(report.registry.path)
    head = ("PORT", "SERVICE", "FROM", *(["REGISTRY"] if has_registry else []), "LISTENING NOW")
    rows = [
        (
            str(one.port),
            f"{one.key} (dev)" if one.only_dev else one.key,
            one.source,
            *([report.registry.owners.get(one.port, "-")] if has_registry else []),
            _listeners(one.port, report),
        )
        for one in report.published
    ]
    return [head, *rows] if rows else [("no host port is published",)]


def _other(port: int, owner: str, report: PortReport) -> tuple[str, str]:
    is_stale = owner.startswith(f"{report.project}/")
    told = "not published: `periplus ports claim` gives it back" if is_stale else ""
    listening = _listeners(port, report)
    return owner or "somebody", told or ("" if listening == "-" else listening)


def _listeners(port: int, report: PortReport) -> str:
    told = dict.fromkeys(_listener(one, report) for one in report.listeners.get(port, ()))
    return ", ".join(told) or "-"


def _listener(one: Listener, report: PortReport) -> str:
    if one.container:
        whose = "" if not one.project else " (ours)" if one.project == report.project else f" of project {one.project}"
        return f"container {one.container}{whose}"
    process = f"{one.process}, process {one.pid}" if one.pid else "another program"
    return process if one.address == report.settings.bind else f"{process}, at {one.address}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows in columns, two blanks apart."""
    widths = [max(columns_of(escaped(row[index])) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        cells = (cell + " " * (width - columns_of(escaped(cell))) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _runs(ports: Iterable[int]) -> list[range]:
    """Numbers in order as ranges: 1, 2, 3, 7 become 1-3 and 7."""
    grouped = ([port for _, port in group] for _, group in groupby(enumerate(ports), lambda pair: pair[1] - pair[0]))
    return [range(run[0], run[-1] + 1) for run in grouped]


def _spelled(ports: range) -> str:
    return str(ports.start) if len(ports) == 1 else f"{ports.start}-{ports.stop - 1}"
