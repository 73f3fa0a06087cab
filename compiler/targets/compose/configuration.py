"""Which gateway configuration an environment mounts: the system's, or its own where it routes otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.targets.compose.emit import configuration_path

if TYPE_CHECKING:
    from compiler.model.manifest import Manifest


def configuration_of(manifest: Manifest, base: Manifest, environment: str) -> str:
    """Its path in the tree."""
    same = _routing(manifest) == _routing(base)
    return configuration_path(base.name, "" if same else environment)


def _routing(manifest: Manifest) -> tuple[object, ...]:
    """All that the gateway's configuration is made of."""
    gateway = manifest.gateway
    routed = (manifest.services.get(route.service) for route in (gateway.routes if gateway else ()))
    return (gateway, *((one.url, [port.container for port in one.ports.values()]) for one in routed if one))
