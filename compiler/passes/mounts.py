"""What services mount: files that are not there, two things at one place, volumes that no engine makes."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.passes.inputs import is_inside
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Gateway, Service, VolumeWish
    from compiler.model.source import Files, Route

_VOLUME = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_UNSEEN = frozenset({".git", ".venv", "__pycache__", "node_modules"})
"""Folders that nobody looks into (compiler/hands/globs.py)."""
_READ = ("/docker-entrypoint-initdb.d/", "/etc/", "/usr/local/etc/", "/usr/share/")
"""Where programs find what they do not make themselves."""
_WILD = frozenset("*?[")
_POSTGRES = regex(
    r"(?:(?:docker\.io/|public\.ecr\.aws/docker/|mirror\.gcr\.io/)?library/|docker\.io/)?postgres:(\d+)(?!\d).*"
)
_FIRST_MOVED, _OLD_DATA = 18, "/var/lib/postgresql/data"
"""Since this version the image has its data in a folder of the version, and stops where something is mounted here."""


def mount_defects(service: Service, output: str, files: Files) -> Iterator[Defect]:
    """What is wrong with the volumes and environment files of a service."""
    facts = {"unit": service.name}
    for volume in service.volumes:
        if not volume.source.startswith((".", "/", "~")):
            if not _VOLUME.fullmatch(volume.source):
                grammar = {"what": "volume", "name": volume.source, "grammar": _VOLUME.pattern}
                yield Defect("name.bad", volume.at, grammar)
        elif _is_read(volume) and is_missing(volume.source, output, files):
            yield Defect("mount.missing", volume.at, {**facts, "path": volume.source, "target": volume.target})
    yield from _old_data(service)
    yield from _crowded(service)
    yield from _environment_files(service, output, files)


def certificate_defects(gateway: Gateway, output: str, files: Files) -> Iterator[Defect]:
    """The certificate or key of a gateway that runs here, where they are not there."""
    for key, path in (("certificate", gateway.certificate), ("key", gateway.key)):
        if gateway.mode == "container" and path and is_missing(path, output, files):
            yield Defect("mount.no-certificate", (*gateway.at, "tls", key), {"path": path, "what": key})


def is_missing(path: str, output: str, files: Files) -> bool:
    """Whether the repository has neither a file of that path nor one below it.

    What leaves the repository, is generated, or lies where nobody looks, is not said to be missing.
    """
    plain = posixpath.normpath(path)
    is_generated = f"{plain}/".startswith(f"{posixpath.normpath(output)}/")
    is_looked_at = _UNSEEN.isdisjoint(plain.split("/")) and _WILD.isdisjoint(plain)
    if plain.strip("./") == "" or is_generated or not is_looked_at or not is_inside(path, files.reach):
        return False
    try:
        return not any(files.glob(f"{plain}{below}") for below in ("", "/*", "/**/*"))
    except OSError:  # whatever cannot be looked at is there
        return False


def _is_read(volume: VolumeWish) -> bool:
    """Whether the program is to read what is mounted: an empty folder that it writes its data into is made for that."""
    names = (posixpath.basename(path.rstrip("/")) for path in (volume.source, volume.target))
    is_file = any("." in name.lstrip(".") for name in names if not name.endswith(".d"))
    return volume.read_only or is_file or f"{volume.target}/".startswith(_READ)


def _old_data(service: Service) -> Iterator[Defect]:
    """The data of PostgreSQL where its image had it once (https://github.com/docker-library/postgres/pull/1259)."""
    found = _POSTGRES.fullmatch(service.image) if service.volumes else None
    if found is None or int(found[1][:3]) < _FIRST_MOVED:
        return
    if "PGDATA" in service.environment or "entrypoint" in service.compose:
        return
    for volume in service.volumes:
        if posixpath.normpath(volume.target) == _OLD_DATA:
            yield Defect("mount.old-data", volume.at, {"unit": service.name, "image": service.image})


def _crowded(service: Service) -> Iterator[Defect]:
    """Two things at one place of the container, or one in place of everything."""
    if not service.volumes and "tmpfs" not in service.compose:
        return
    seen: dict[str, Route] = {}
    temporary = _entries(service.compose.get("tmpfs"))
    wanted = [(volume.target, volume.at) for volume in service.volumes]
    wanted += [(str(text).partition(":")[0], (*service.at, "compose", "tmpfs")) for text in temporary]
    for target, at in wanted:
        facts = {"unit": service.name, "target": target}
        first = seen.setdefault(posixpath.normpath(target), at)
        if posixpath.normpath(target) == "/":
            yield Defect("mount.root", at, facts)
        elif first is not at:
            yield Defect("mount.twice", at, facts, (first,))


def _environment_files(service: Service, output: str, files: Files) -> Iterator[Defect]:
    at = (*service.at, "compose", "env_file")
    for entry in _entries(service.compose.get("env_file")):
        detail = entry if isinstance(entry, dict) else {"path": entry}
        path = str(detail["path"])
        if "$" in path:
            continue
        if not is_inside(path, files.reach):
            yield Defect("path.outside", at, {"path": path})
        elif detail.get("required", True) not in {False, "false"} and is_missing(path, output, files):
            yield Defect("mount.no-environment-file", at, {"unit": service.name, "path": path})


def _entries(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
