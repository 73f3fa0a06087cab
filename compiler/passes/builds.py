"""Builds that cannot be made, and ports that the Dockerfile does not know of."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.passes.bases import base_notices
from compiler.passes.health import named_at
from compiler.text.image import image_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import PortWish, Service
    from compiler.passes.dockerfile import Dockerfile
    from compiler.passes.inputs import Missing

_EXPOSE_NOTHING = frozenset({
    *("scratch", "alpine", "busybox", "debian", "ubuntu", "fedora", "python", "node", "golang", "ruby", "rust", "php"),
    *("eclipse-temurin", "openjdk", "amazoncorretto", "openjdk", "perl", "elixir", "erlang", "oven/bun", "swift"),
})  # fmt: skip
"""Images that expose no port themselves; of another, the Dockerfile does not tell all."""
_DEBUGGERS = frozenset({5858, 9229, 5005, 5678, 40000, 2345})
_EXPOSE_SOMETHING = ("apache", "fpm")
"""Variants of these that do."""


def build_notices(service: Service, dockerfile: Dockerfile | None, missing: Missing | None) -> Iterator[Defect]:
    """What is wrong with the build of a service; `missing` says what of it is not there."""
    build = service.build
    if build is None:
        return
    facts = {"unit": service.name, "context": build.context, "dockerfile": build.dockerfile}
    if missing is not None:
        folder = "" if missing.has_folder else "yes"
        at = build.at if folder else named_at(build)
        yield Defect("build.missing", at, {**facts, "folder": folder, "others": ", ".join(missing.others)})
    elif dockerfile is not None and build.target and not dockerfile.target_found and "$" not in build.target:
        stages = ", ".join(filter(None, dockerfile.stages))
        yield Defect("build.unknown-target", (*build.at, "target"), {**facts, "name": build.target, "accepted": stages})
    elif dockerfile is not None and not dockerfile.stages:
        yield Defect("build.no-stage", build.at, facts)
    elif dockerfile is not None:
        yield from base_notices(service, dockerfile)
        yield from _unexposed(service, dockerfile)


_HIGHEST = 65535


def _unexposed(service: Service, dockerfile: Dockerfile) -> Iterator[Defect]:
    """Ports that the Dockerfile does not expose, while it exposes others: perhaps one that no port here means."""
    wanted = [port for port in service.ports.values() if not _is_debugger(port)]
    left = [port for port in dockerfile.exposes if port not in {one.container for one in wanted}]
    if not dockerfile.exposes or not dockerfile.exposes_all or not _exposes_nothing(dockerfile.base):
        return
    for port in wanted:
        if port.container not in dockerfile.exposes and not _is_told(service, port) and port.container <= _HIGHEST:
            build = service.build
            path = posixpath.normpath(posixpath.join(build.context, build.dockerfile)) if build else ""
            exposed = ", ".join(map(str, left or dockerfile.exposes))
            facts = {"unit": service.name, "port": str(port.container), "exposed": exposed, "path": path}
            yield Defect("build.unexposed-port" if left else "build.further-port", port.at, facts)


def _is_debugger(port: PortWish) -> bool:
    """Whether a debugger listens there: no image exposes that."""
    return port.container in _DEBUGGERS or any(word in port.name for word in ("debug", "inspect"))


def _exposes_nothing(base: str) -> bool:
    reference = image_reference(base) if base else None
    if base.startswith("gcr.io/distroless/"):
        return True
    if reference is None or not reference.is_on_hub or any(word in reference.tag for word in _EXPOSE_SOMETHING):
        return False
    return reference.repository in _EXPOSE_NOTHING


def _is_told(service: Service, port: PortWish) -> bool:
    """Whether the manifest tells the program itself to listen there."""
    number = str(port.container)
    texts = [*service.environment.values(), *service.command]
    return any(isinstance(piece, str) and number in piece for text in texts for piece in text)
