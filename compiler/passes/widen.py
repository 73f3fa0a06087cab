"""Shorthand made long: one document in the canonical shape, and where each moved thing was written."""

from __future__ import annotations

import posixpath
import shlex
from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.model.source import Place, Route
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compiler.passes.include import Piece

SECTIONS = ("networks", "secrets", "infrastructure", "services")
"""Named things that fragments may add to."""

_SHORTHAND = (
    ("port", "ports", "default"),
    ("build", "build", "context"),
    ("healthcheck", "healthcheck", "liveness"),
    ("migrate", "migrate", "command"),
)
"""A key that may be short, the key it stands for, and the key within that."""


class Wide(NamedTuple):
    """A document in canonical shape; `moved` maps canonical routes to where they were written.

    `defects` are of what it says both short and long.
    """

    path: str
    value: dict[str, Any]
    moved: dict[Route, Place]
    defects: list[Defect]


def widen(piece: Piece) -> Wide:
    """The canonical shape of one document. Paths in it become relative to the manifest's folder."""
    wide = Wide(piece.path, {}, {}, [])
    folder = posixpath.dirname(piece.path)
    value = piece.value
    for section in SECTIONS:
        entries = _mapping(value.get(section))
        wide.value[section] = {
            name: _ENTRY[section](entry, (section, name), wide, folder) for name, entry in entries.items()
        }
    wide.value["defaults"] = _service(value.get("defaults") or {}, ("defaults",), wide, folder)
    gateway = value.get("gateway")
    if gateway:
        wide.value["gateway"] = _gateway(gateway, folder)
    if value.get("routes"):
        wide.value["routes"] = [dict(route) for route in value["routes"]]
    tests = _mapping(value.get("tests"))
    wide.value["tests"] = {"api": list(tests.get("api") or ()), "smoke": list(tests.get("smoke") or ())}
    wide.value["environments"] = {
        name: _environment(overlay, ("environments", name), wide, folder)
        for name, overlay in _mapping(value.get("environments")).items()
    }
    for key in ("name", "output", "targets", "ports", "lint"):
        if value.get(key):
            wide.value[key] = value[key]
    return wide


def _environment(overlay: object, at: Route, wide: Wide, folder: str) -> dict[str, Any]:
    value = _mapping(overlay)
    result: dict[str, Any] = {
        section: {
            name: _ENTRY[section](entry, (*at, section, name), wide, folder)
            for name, entry in _mapping(value.get(section)).items()
        }
        for section in SECTIONS
    }
    if value.get("gateway"):
        result["gateway"] = _gateway(value["gateway"], folder)
    if value.get("tests"):
        result["tests"] = dict(value["tests"])
    if value.get("ports"):
        result["ports"] = dict(value["ports"])
    return result


def _network(entry: object, _at: Route, _wide: Wide, _folder: str) -> dict[str, Any]:
    if isinstance(entry, dict):
        return dict(entry)
    return {"external": "true"} if entry == "external" else {"driver": entry or "bridge"}


def _secret(entry: object, _at: Route, _wide: Wide, _folder: str) -> dict[str, Any]:
    return dict(entry) if isinstance(entry, dict) else {"value": entry or "generated"}


def _instance(entry: object, _at: Route, _wide: Wide, folder: str) -> dict[str, Any]:
    value = dict(_mapping(entry))
    for options in _mapping(value.get("databases")).values():
        for key in ("schema", "seed"):
            if isinstance(options, dict) and options.get(key):
                options[key] = rebase(options[key], folder)
    return value


def _service(entry: object, at: Route, wide: Wide, folder: str) -> dict[str, Any]:
    value = dict(_mapping(entry))
    for short, key, inner in _SHORTHAND:
        if short in value and not isinstance(value[short], dict):
            if inner in _mapping(value.get(key)):
                there = Place(wide.path, (*at, key, inner), "key")
                wide.defects.append(Defect("port.default-twice", Place(wide.path, (*at, short), "key"), {}, (there,)))
            value[key] = {inner: value.pop(short), **_mapping(value.get(key))}
            wide.moved[(*at, key, inner)] = Place(wide.path, (*at, short))
    for key in ("environment", "depends_on", "ports", "healthcheck", "develop", "compose"):
        if key in value:
            value[key] = dict(_mapping(value[key]))
    return {**value, **_rebased(value, folder)}


def _rebased(value: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The parts of a service that hold paths, with the paths seen from the manifest's folder."""
    found: dict[str, Any] = {"volumes": [_volume(volume, folder) for volume in value.get("volumes") or ()]}
    if "build" in value:
        found["build"] = {**value["build"], "context": rebase(value["build"]["context"], folder)}
    if value.get("compose", {}).get("env_file"):
        found["compose"] = {**value["compose"], "env_file": _env_file(value["compose"]["env_file"], folder)}
    if "develop" in value:
        watches = value["develop"].get("watch") or ()
        watch = [{**watch, "path": rebase(watch["path"], folder)} for watch in watches]
        found["develop"] = {**value["develop"], "watch": watch}
    return found


def _gateway(gateway: Mapping[str, Any], folder: str) -> dict[str, Any]:
    value = dict(gateway)
    tls = value.get("tls")
    if tls:
        value["tls"] = {key: path if path.startswith("/") else rebase(path, folder) for key, path in tls.items()}
    return value


def _env_file(written: object, folder: str) -> object:
    if isinstance(written, list):
        return [_env_file(item, folder) for item in written]
    if isinstance(written, dict):
        return {**written, "path": rebase(str(written["path"]), folder)}
    return rebase(str(written), folder)


def _volume(text: str, folder: str) -> str:
    source, separator, rest = text.partition(":")
    return f"{rebase(source, folder)}{separator}{rest}" if source.startswith(".") else text


def rebase(path: str, folder: str) -> str:
    """A path written in a document of `folder`, relative to the manifest's folder; `./` in front when it goes down."""
    if path.startswith("/"):
        return path
    joined = posixpath.normpath(posixpath.join(folder, path))
    return joined if joined.startswith("..") or joined == "." else f"./{joined}"


def words(value: object) -> list[str]:
    """A command as a list: a list as it stands, text split as a POSIX shell splits words. Raises ValueError."""
    return list(value) if isinstance(value, list) else shlex.split(str(value))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_ENTRY: Mapping[str, Callable[[object, Route, Wide, str], dict[str, Any]]] = {
    "networks": _network,
    "secrets": _secret,
    "infrastructure": _instance,
    "services": _service,
}
