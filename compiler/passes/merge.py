"""Documents, defaults and environments become one canonical tree; clashes name both places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.model.finding import Defect
from compiler.model.source import Place, Route
from compiler.passes.mistakes import meant_instead
from compiler.passes.widen import SECTIONS
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.passes.widen import Wide

_SOURCES = ("build", "image", "url")
_EMPTY_OVERLAY: dict[str, Any] = {}


class Merged(NamedTuple):
    """A canonical tree with where its parts were written."""

    value: dict[str, Any]
    moved: dict[Route, Place]
    defects: tuple[Defect, ...]


def merge_documents(wides: tuple[Wide, ...]) -> Merged:
    """The manifest with its fragments, defaults merged into each service."""
    main, *fragments = wides
    value = {key: entry for key, entry in main.value.items() if key not in {"defaults", "environments", "routes"}}
    for section in SECTIONS:
        value[section] = dict(main.value[section])
    value["tests"] = {key: list(entries) for key, entries in main.value["tests"].items()}
    moved = dict(main.moved)
    defects = [defect for wide in wides for defect in wide.defects]
    owner = {(section, name): main.path for section in SECTIONS for name in value[section]}
    for name, service in value["services"].items():
        value["services"][name] = with_defaults(service, main.value["defaults"], name, main.path, moved)
    for fragment in fragments:
        _add_fragment(fragment, main, value, moved, owner, defects)
    return Merged(value, moved, tuple(defects))


def overlay_environment(merged: Merged, main: Wide, environment: str) -> Merged:
    """The canonical tree of one environment: a whole system of its own, sharing what the environment leaves alone."""
    overlay = main.value["environments"].get(environment, _EMPTY_OVERLAY)
    value = dict(merged.value)
    moved = dict(merged.moved)
    defects: list[Defect] = []
    note = _Notes(main, ("environments", environment), moved)
    for section in SECTIONS:
        entries = overlay.get(section)
        if entries:
            value[section] = dict(value[section])
        for name, entry in (entries or {}).items():
            known = value[section].get(name)
            at = (section, name)
            note.of(entry, at)
            if known is None:
                here = moved[at] = Place(main.path, ("environments", environment, *at))
                defects.extend(_half(section, name, entry, here._replace(part="key"), merged.value[section]))
                value[section][name] = entry
                if section == "services":
                    value[section][name] = with_defaults(entry, main.value["defaults"], name, main.path, moved)
                continue
            if section == "services":
                known = _without_rivals(known, entry)
            value[section][name] = deep_merge(known, _without_empty(entry))
    for key in ("gateway", "ports", "tests"):
        if key in overlay:
            value[key] = deep_merge(value.get(key) or {}, overlay[key])
            note.of(overlay[key], (key,))
    return Merged(value, moved, (*merged.defects, *defects))


def with_defaults(
    service: dict[str, Any], defaults: dict[str, Any], name: str, path: str, moved: dict[Route, Place]
) -> dict[str, Any]:
    """The service with what it does not say itself; an external service takes no defaults."""
    if "url" in service:
        return service
    result = dict(service)
    for key, default in _without_empty(defaults).items():
        default_here = _fitting(key, default, service, name)
        own = result.get(key)
        if own in (None, [], ""):
            result[key] = default_here
            moved[("services", name, key)] = Place(path, ("defaults", key))
        elif isinstance(own, dict) and isinstance(default_here, dict):
            for inner in default_here.keys() - own.keys():
                moved[("services", name, key, inner)] = Place(path, ("defaults", key, inner))
            result[key] = deep_merge(default_here, own)
        if result[key] == {} and key == "healthcheck":
            del result[key]
    return result


def deep_merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Mappings key by key, `base`'s order first; anything else is replaced."""
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        result[key] = deep_merge(known, value) if both and isinstance(known, dict) else value
    return result


def _fitting(key: str, default: Any, service: dict[str, Any], name: str) -> Any:
    if key == "depends_on" and isinstance(default, dict):
        return {target: written for target, written in default.items() if target != name}
    if key != "healthcheck" or not isinstance(default, dict):
        return default
    own = service.get("healthcheck") or {}
    http = {"liveness", "readiness", "port", "probe"}
    if not service.get("ports"):
        return {} if "command" not in {**default, **own} else {k: v for k, v in default.items() if k not in http}
    return _without_rival_check(default, own)


def _without_rivals(known: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """What an environment builds on: what it says instead of something else takes that something's place."""
    if any(key in entry for key in _SOURCES):
        known = {key: item for key, item in known.items() if key not in _SOURCES}
    check, own = known.get("healthcheck"), entry.get("healthcheck")
    return {**known, "healthcheck": _without_rival_check(check, own)} if check and own else known


def _without_rival_check(check: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Whoever says how to ask replaces the other way of asking, too."""
    rival = {"command": "liveness", "liveness": "command"}
    replaced = {rival[key] for key in own if key in rival} - own.keys()
    return {key: value for key, value in check.items() if key not in replaced}


def _add_fragment(
    fragment: Wide,
    main: Wide,
    value: dict[str, Any],
    moved: dict[Route, Place],
    owner: dict[tuple[str, str], str],
    defects: list[Defect],
) -> None:
    written: dict[Route, list[tuple[Route, Place]]] = {}
    for at, place in fragment.moved.items():
        written.setdefault(at[:2], []).append((at, place))
    for section in SECTIONS:
        for name, entry in fragment.value[section].items():
            here = Place(fragment.path, (section, name), "key")
            if (section, name) in owner:
                there = Place(owner[section, name], (section, name), "key")
                defects.append(Defect("include.clash", here, {"name": name, "section": section}, (there,)))
                continue
            owner[section, name] = fragment.path
            moved[(section, name)] = here._replace(part="value")
            moved.update(written.get((section, name), ()))
            if section != "services":
                value[section][name] = entry
                continue
            own = with_defaults(entry, fragment.value["defaults"], name, fragment.path, moved)
            value[section][name] = with_defaults(own, main.value["defaults"], name, main.path, moved)
    _add_routes(fragment, value, moved, defects)
    for key in ("api", "smoke"):
        for index, entry in enumerate(fragment.value["tests"][key]):
            moved["tests", key, len(value["tests"][key])] = Place(fragment.path, ("tests", key, index))
            value["tests"][key].append(entry)


def _add_routes(fragment: Wide, value: dict[str, Any], moved: dict[Route, Place], defects: list[Defect]) -> None:
    routes = fragment.value.get("routes") or []
    if routes and "gateway" not in value:
        defects.append(Defect("route.no-gateway", Place(fragment.path, ("routes",), "key"), {}))
        return
    if not routes:
        return
    known = value["gateway"]["routes"] = list(value["gateway"].get("routes") or ())
    for index, route in enumerate(routes):
        moved["gateway", "routes", len(known)] = Place(fragment.path, ("routes", index))
        known.append(route)


def _half(section: str, name: str, entry: dict[str, Any], at: Place, known: Mapping[str, object]) -> tuple[Defect, ...]:
    """An entry that only an environment has must be whole; with fragments that is known only here."""
    is_service = section == "services" and not any(key in entry for key in _SOURCES)
    if not is_service and not (section == "infrastructure" and "type" not in entry):
        return ()
    facts = {"where": f"{section}.{name}", "subject": name, "key": "type", "example": "postgres", "found": ""}
    facts |= meant_instead(name, known)
    return (Defect("schema.one-of" if is_service else "schema.missing-key", at, facts),)


def _without_empty(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value not in ([], {})}


class _Notes:
    """Notes in `moved` where each leaf that an environment writes stands: in the environment, in its own shorthand."""

    def __init__(self, main: Wide, prefix: Route, moved: dict[Route, Place]) -> None:
        self.main = main
        self.prefix = prefix
        self.moved = moved
        self._below: dict[Route, list[Route]] = {}

    def of(self, entry: object, at: Route) -> None:
        """Everything in an entry."""
        if entry in ([], {}):
            return
        if isinstance(entry, dict):
            for key, value in entry.items():
                self.of(value, (*at, key))
            return
        if isinstance(entry, list):
            self._forget(at)
        route = (*self.prefix, *at)
        self.moved[at] = self.main.moved.get(route, Place(self.main.path, route))

    def _forget(self, at: Route) -> None:
        """What stood at and below a list: the environment's list takes its place."""
        if not self._below:
            for route in self.moved:
                for length in range(1, len(route) + 1):
                    self._below.setdefault(route[:length], []).append(route)
        for stale in self._below.get(at, ()):
            self.moved.pop(stale, None)
