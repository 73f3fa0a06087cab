"""All kinds of change, by area; of several entries for one path the first that recognises the difference counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.changes.data import DATA
from compiler.changes.environment import ENVIRONMENT
from compiler.changes.health import HEALTH
from compiler.changes.jobs import JOBS
from compiler.changes.kind import ChangeKind
from compiler.changes.logins import LOGINS
from compiler.changes.networks import NETWORKS
from compiler.changes.order import ORDER
from compiler.changes.ports import PORTS
from compiler.changes.project import PROJECT, something_else
from compiler.changes.renames import RENAMES
from compiler.changes.routes import ROUTES
from compiler.changes.secrets import SECRETS
from compiler.changes.services import SERVICES
from compiler.changes.sources import SOURCES
from compiler.changes.versions import VERSIONS
from compiler.changes.volumes import VOLUMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.changes.kind import Table

AREAS: Mapping[str, Table] = {
    "The project": PROJECT,
    "The gateway": ROUTES,
    "Host ports": PORTS,
    "Versions over data": VERSIONS,
    "Renamed data": RENAMES,
    "Volumes and mounts": VOLUMES,
    "Jobs": JOBS,
    "Passwords": LOGINS,
    "Infrastructure": DATA,
    "Services": SERVICES,
    "Images and commands": SOURCES,
    "Environment and settings": ENVIRONMENT,
    "Secrets and variables": SECRETS,
    "Order": ORDER,
    "Networks": NETWORKS,
    "Health checks": HEALTH,
}
SOMETHING_ELSE: ChangeKind = something_else
"""What is told of a difference that no entry explains."""


def kinds_of_change() -> Mapping[str, tuple[ChangeKind, ...]]:
    """Area -> its kinds, each once."""
    told: set[str] = {SOMETHING_ELSE.name}
    found: dict[str, tuple[ChangeKind, ...]] = {}
    for title, table in AREAS.items():
        here = {entry.name: entry for entries in table.values() for entry in entries if isinstance(entry, ChangeKind)}
        found[title] = tuple(kind for name, kind in here.items() if name not in told)
        told |= here.keys()
    return {**found, "Everything else": (SOMETHING_ELSE,)}
