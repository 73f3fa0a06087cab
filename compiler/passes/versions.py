"""Which version of its kind an instance gets, and what the lock remembers of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.passes.gateway import DEFAULT_VERSION
from compiler.passes.gateway import NAME as GATEWAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Manifest

_SERVER = "nginx"


def version_key(name: str, type_name: str) -> str:
    """How the lock calls a chosen version: an instance that becomes another kind gets a new one."""
    return f"{name}/{type_name}"


def known_version(manifest: Manifest, name: str, locked: Mapping[str, str]) -> str:
    """The version that is written, that the tag of an image of one's own tells, or that the lock has; else empty."""
    instance = manifest.infrastructure[name]
    return instance.version or _tag(instance.image) or locked.get(version_key(name, instance.type), "")


def gateway_version(locked: Mapping[str, str]) -> str:
    """The gateway's version where the manifest has none."""
    return locked.get(version_key(GATEWAY, _SERVER), DEFAULT_VERSION)


def given_settings(manifest: Manifest, name: str) -> frozenset[str]:
    """The settings of an instance that the rules of its kind may ask for."""
    instance = manifest.infrastructure[name]
    given = {"password": instance.password is not None, "config": bool(instance.config), "publish": instance.publish}
    return frozenset(key for key, is_given in given.items() if is_given)


def chosen_versions(manifest: Manifest, versions: Mapping[str, str]) -> dict[str, str]:
    """The versions that the manifest leaves open, for the lock."""
    chosen = {
        version_key(name, instance.type): versions[name]
        for name, instance in manifest.infrastructure.items()
        if not instance.version and not instance.image and name in versions
    }
    gateway = manifest.gateway
    if gateway is not None and gateway.mode == "container" and not gateway.version:
        chosen[version_key(GATEWAY, gateway.type)] = versions[GATEWAY]
    return chosen


def _tag(image: str) -> str:
    """The version that an image of one's own carries, as far as its tag tells; `latest` without one."""
    if not image:
        return ""
    last = image.partition("@")[0].rpartition("/")[2]
    return last.partition(":")[2] or "latest"
