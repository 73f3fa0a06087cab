"""What the plan needs besides manifest and kinds: Dockerfiles, the port registry, schema and seed files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.registry import Registry
from compiler.model.source import Place
from compiler.model.value import literal
from compiler.passes.dockerfile import read_dockerfile
from compiler.text.named import NamedTuple
from compiler.text.registry import Fault, RegistryError, read_registry_text
from compiler.text.unread import is_gits, is_searched, is_unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import BuildWish, Instance, Manifest, Service
    from compiler.model.source import Files, Route
    from compiler.passes.dockerfile import Dockerfile
    from compiler.passes.recall import Recall

_FAULTS: Mapping[Fault, str] = {
    Fault.UNREADABLE: "registry.unreadable",
    Fault.CONFLICT: "registry.conflict",
    Fault.TWICE: "registry.twice",
    Fault.PORT: "registry.port",
}


class RegistryRead(NamedTuple):
    """What the machine's registry says, and what is wrong with it."""

    registry: Registry
    defects: tuple[Defect, ...] = ()


class Missing(NamedTuple):
    """A build without its Dockerfile, and folders beside its own that have one."""

    has_folder: bool
    others: tuple[str, ...]


def is_inside(path: str, reach: int) -> bool:
    """Whether a path relative to the manifest's folder stays in the repository."""
    if path.startswith(("/", "~")):
        return False
    parts = posixpath.normpath(path).split("/")
    return sum(part == ".." for part in parts) <= reach


def dockerfiles_of(services: Mapping[str, Service], files: Files, recall: Recall) -> dict[str, Dockerfile | None]:
    """The Dockerfile of every service that is built inside the repository."""
    return {
        name: recall(_dockerfile_of, service.build, files, of=name)
        for name, service in services.items()
        if service.build is not None
    }


def _dockerfile_of(build: BuildWish, files: Files) -> Dockerfile | None:
    path = posixpath.join(build.context, build.dockerfile)
    content = files.read(path) if is_inside(path, files.reach) else None
    if content is None:
        return None
    return read_dockerfile(content.decode("utf-8", "replace"), build.target, _literal_args(build))


def missing_dockerfiles(
    services: Mapping[str, Service], dockerfiles: Mapping[str, Dockerfile | None], files: Files
) -> dict[str, Missing]:
    """The services whose Dockerfile is not in a repository that is there to see.

    A manifest that stands alone, or whose sources are elsewhere, is no mistake: it is there to see when something of it
    is, another Dockerfile or anything in the folder of the build.
    """
    absent = [
        service
        for name, service in services.items()
        if service.build is not None and name in dockerfiles and dockerfiles[name] is None
    ]
    is_seen = any(dockerfile is not None for dockerfile in dockerfiles.values())
    found: dict[str, Missing] = {}
    beside: dict[str, tuple[str, ...]] = {}
    for service in absent:
        build = service.build
        if build is None or not _is_plain(build, files.reach):
            continue
        folder = posixpath.normpath(build.context)
        is_own = not folder.strip("./")  # above the manifest, or its own: what stands there says nothing
        has_folder = is_own or bool(files.glob(f"{folder}/*") or files.glob(f"{folder}/*/*"))
        above = posixpath.dirname(folder)
        if not is_own and above not in beside:
            beside[above] = files.glob(posixpath.join(above, "*", "Dockerfile"))
        others = () if is_own else beside[above]
        if is_seen or others or (has_folder and not is_own):
            found[service.name] = Missing(has_folder, tuple(f"./{posixpath.dirname(path)}" for path in others))
    return found


def _is_plain(build: BuildWish, reach: int) -> bool:
    """Whether the path of its Dockerfile is known, and in the repository."""
    path = posixpath.join(build.context, build.dockerfile)
    return is_inside(path, reach) and {"$", "*", "?", "[", ":"}.isdisjoint(path)


def _literal_args(build: BuildWish) -> dict[str, str]:
    known = ((name, literal(text)) for name, text in build.args.items())
    return {name: text for name, text in known if text is not None}


def part_files(infrastructure: Mapping[str, Instance], files: Files) -> frozenset[str]:
    """The schema and seed files that exist."""
    named = {
        "".join(piece for piece in part.options[option] if isinstance(piece, str))
        for instance in infrastructure.values()
        for part in instance.parts
        for option in ("schema", "seed")
        if option in part.options
    }
    return frozenset(path for path in named if is_inside(path, files.reach) and files.read(path) is not None)


def path_defects(manifest: Manifest, reach: int) -> tuple[Defect, ...]:
    """Paths that leave the repository; a build context may, it is then not read."""
    written: list[tuple[str, Route, int]] = [(manifest.output, ("output",), 0)]
    written += [(manifest.ports.registry, ("ports", "registry"), reach)] if manifest.ports.registry else []
    for instance in manifest.infrastructure.values():
        for part in instance.parts:
            for option in ("schema", "seed"):
                if option in part.options:
                    path = "".join(piece for piece in part.options[option] if isinstance(piece, str))
                    written.append((path, (*part.at, option), reach))
    for service in manifest.services.values():
        written += [(volume.source, volume.at, reach) for volume in service.volumes if volume.source[:1] in "./~"]
        for watch in service.develop.watch if service.develop else ():
            written.append((watch.path, (*watch.at, "path"), reach))
    gateway = manifest.gateway
    if gateway is not None and gateway.mode == "container" and gateway.certificate:
        written.append((gateway.certificate, (*gateway.at, "tls", "certificate"), reach))
        written.append((gateway.key, (*gateway.at, "tls", "key"), reach))
    found = [
        Defect("path.outside", at, {"path": path}) for path, at, allowed in written if not is_inside(path, allowed)
    ]
    if is_unread(manifest.ports.registry):
        found.append(Defect("path.outside", ("ports", "registry"), {"path": manifest.ports.registry}))
    contexts = ((service.build.context, service.build.at) for service in manifest.services.values() if service.build)
    absolute = [(path, at) for path, at in contexts if path.startswith("/") or path.removeprefix("./").startswith("~")]
    found.extend(Defect("path.outside", (*at, "context"), {"path": path.removeprefix("./")}) for path, at in absolute)
    parts = posixpath.normpath(manifest.output).split("/")
    is_taken = parts == ["."] or any(map(is_gits, parts)) or parts[0].endswith(".lock.json")
    if is_taken or is_searched(manifest.output):
        found.append(Defect("path.outside", ("output",), {"path": manifest.output}))
    return tuple(found)


def read_registry(manifest: Manifest, files: Files) -> RegistryRead:
    """The seeds' `PORT_REGISTRY.json`: `.allocations` maps ports to owners, `.metadata.port_ranges` names to ranges."""
    path = manifest.ports.registry
    if not path or not is_inside(path, files.reach) or is_unread(path):
        return RegistryRead(Registry())
    content = files.read(path)
    if content is None:
        return RegistryRead(Registry(path), (Defect("registry.missing", ("ports", "registry"), {"path": path}),))
    try:
        read = read_registry_text(content.decode("utf-8"))
    except UnicodeDecodeError:
        return RegistryRead(Registry(path), (Defect("registry.unreadable", Place(path, line=1), {"path": path}),))
    except RegistryError as error:
        return RegistryRead(Registry(path), (_registry_defect(path, error),))
    owners = {entry.port: entry.owner for entry in read.entries}
    return RegistryRead(Registry(path, owners, {entry.port: entry.place for entry in read.entries}, read.ranges))


def _registry_defect(path: str, error: RegistryError) -> Defect:
    place = Place(path, line=error.line, column=error.column)
    earlier = (Place(path, line=error.earlier[0], column=error.earlier[1]),) if error.earlier else ()
    return Defect(_FAULTS[error.fault], place, {"path": path, "what": error.what}, earlier)
