"""`periplus ports`: the host ports of a project, who has them, and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.commands.project_ports import planned_run, project_ports
from compiler.commands.saying import say
from compiler.hands.containers import published
from compiler.hands.host import listeners
from compiler.render.ports import PortReport, ports_json, ports_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from compiler.commands.settings import Settings
    from compiler.model.host import Listener


def command(settings: Settings, manifest: Sequence[str], output_format: str | None) -> None:
    """List the host ports of a project."""
    run = planned_run(settings, manifest)
    ports = project_ports(run, settings)
    say(ports.moves, err=True, nl=False)
    report = PortReport(ports.manifest.name, ports.manifest.ports, ports.registry, ports.published)
    told = report._replace(listeners=_listening(report.asked()))
    say(ports_json(told) if output_format == "json" else ports_text(told), nl=False)


def _listening(ports: Collection[int]) -> Mapping[int, Sequence[Listener]]:
    """Who listens on which port: containers under their own name, not under that of Docker's proxy."""
    found: dict[int, list[Listener]] = {}
    for one in published(ports):
        found.setdefault(one.port, []).append(one)
    contained = frozenset(found)
    for one in listeners(ports):
        if one.port not in contained:
            found.setdefault(one.port, []).append(one)
    return found
