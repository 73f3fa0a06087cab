"""One fault of every sort, planted into a manifest that has none, with the code of the one finding that is due."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from compiler.edits.edit import edit
from compiler.edits.wishes import Wish
from compiler.model.source import Route
from compiler.passes.parse import parse
from compiler.text.splice import Splice, offset_of, spliced
from tests.rules.typos import MANIFEST, texts_of

if TYPE_CHECKING:
    from pathlib import Path

    from compiler.edits.layout import Value
    from compiler.model.source import Document

REFERENCE = re.compile(r"\$\{([a-z][a-z0-9-]*)\.([A-Za-z0-9_.-]+)\}")
SPEAKING = frozenset({"defaults", "environments", "gateway", "infrastructure", "services"})


class Fault(NamedTuple):
    """What is wrong, where, the codes that may say so, and the manifest that has it."""

    sort: str
    at: Route
    codes: tuple[str, ...]
    text: str


class Sound(NamedTuple):
    """A manifest without a finding, to be spoilt."""

    document: Document
    value: dict[str, Value]

    @classmethod
    def of(cls, folder: Path) -> Sound:
        """The manifest of a folder."""
        parsed = parse(texts_of(folder)[MANIFEST].encode(), MANIFEST)
        return cls(parsed.document, parsed.value)  # type: ignore[arg-type]

    def with_value(self, route: Route, value: Value | None) -> str:
        """The text with something else, or nothing, at a route."""
        return spliced(self.document.text, edit(self.document, dict(self.value), [Wish(route, value)]))

    def with_key(self, route: Route, key: str) -> str:
        """The text with another name for a key."""
        span = self.document.keys[route]
        start = offset_of(self.document.text, span.line, span.column)
        end = offset_of(self.document.text, span.end_line, span.end_column)
        return spliced(self.document.text, [Splice(start, end, key)])

    def at(self, route: Route) -> Value:
        """What stands at a route."""
        found: Value = self.value
        for step in route:
            found = found[step]  # type: ignore[index]
        return found

    def entries(self, *sections: str) -> Iterator[tuple[Route, dict[str, Value]]]:
        """The named mappings of sections that are mappings themselves."""
        for section in sections:
            for name, entry in self.mapping((section,)).items():
                if isinstance(entry, dict):
                    yield (section, name), entry

    def waits(self, route: Route, target: str) -> bool:
        """Whether a service waits for another because of what is written."""
        written = self.mapping((*route, "depends_on", target))
        return written.get("condition") != "none"

    def mapping(self, route: Route) -> dict[str, Value]:
        """The mapping at a route; an empty one where there is none."""
        found: Value = self.value
        for step in route:
            found = found.get(step, "") if isinstance(found, dict) and isinstance(step, str) else ""
        return found if isinstance(found, dict) else {}

    def texts(self) -> Iterator[tuple[Route, str]]:
        """Every scalar that may refer to something."""
        for route in self.document.values:
            value = self.at(route)
            if isinstance(value, str) and route[0] in SPEAKING:
                yield route, value


def faults(folder: Path, only: str = "") -> Iterator[Fault]:
    """Every fault, or those of one sort, at every place of a manifest where it can be planted."""
    sound = Sound.of(folder)
    for sort, code, plant in SORTS:
        for route, text in plant(sound) if only in {"", sort} else ():
            yield Fault(sort, route, tuple(code.split(" or ")), text)


Planting = Iterator[tuple[Route, str]]


def _unknown_key(sound: Sound) -> Planting:
    for route, _ in sound.entries("services", "infrastructure"):
        yield route, sound.with_value((*route, "zzz"), "x")


def _misspelt_key(sound: Sound) -> Planting:
    for route in sound.document.keys:
        if route[-1] in {"environment", "depends_on", "healthcheck", "databases", "infrastructure", "routes", "image"}:
            yield route, sound.with_key(route, f"{route[-1]}x")


def _text_for_mapping(sound: Sound) -> Planting:
    for route, _ in sound.entries("services", "infrastructure"):
        yield route, sound.with_value(route, "x")


def _mapping_for_text(sound: Sound) -> Planting:
    for route, entry in sound.entries("services", "infrastructure"):
        yield from ((route, sound.with_value((*route, key), {"a": "b"})) for key in entry if key in {"role", "type"})


def _no_type(sound: Sound) -> Planting:
    for route, _ in sound.entries("infrastructure"):
        yield route, sound.with_value((*route, "type"), None)


def _no_source(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        for key in ("build", "image", "url"):
            if key in entry and len(entry) > 1:
                yield route, sound.with_value((*route, key), None)


def _unknown_type(sound: Sound) -> Planting:
    for route, _ in sound.entries("infrastructure"):
        yield route, sound.with_value((*route, "type"), "quux")


def _bad_condition(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        for target, written in sound.mapping((*route, "depends_on")).items():
            if isinstance(written, dict) and "url" not in entry:
                yield route, sound.with_value((*route, "depends_on", target, "condition"), "quux")


def _unknown_dependency(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        if "url" not in entry:
            yield route, sound.with_value((*route, "depends_on", "quux"), {"purpose": "x"})


def _referring(
    old: Callable[[re.Match[str]], str], only: Callable[[re.Match[str]], bool]
) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        for route, text in sound.texts():
            for match in REFERENCE.finditer(text):
                if only(match):
                    wrong = text[: match.start()] + old(match) + text[match.end() :]
                    yield route, sound.with_value(route, wrong)

    return plant


_unknown_name = _referring(lambda match: f"${{quux.{match[2]}}}", lambda match: match[1] != "secrets")
_unknown_output = _referring(
    lambda match: f"${{{match[1]}.quux}}", lambda match: match[1] not in {"secrets", "gateway"}
)
_unknown_part = _referring(
    lambda match: f"${{{match[1]}.quux.{match[2].partition('.')[2]}}}", lambda match: "." in match[2]
)
_unknown_secret = _referring(lambda match: f"${{secrets.{match[2]}X}}", lambda match: match[1] == "secrets")
_unclosed = _referring(lambda match: match[0][:-1], lambda _: True)


def _host_port_twice(sound: Sound) -> Planting:
    pinned = [(route, str(entry["port"])) for route, entry in sound.entries("services") if "port" in entry]
    for (_, first), (route, other) in pairwise(pinned):
        if ":" in first and "internal" not in first and "internal" not in other:
            yield route, sound.with_value((*route, "port"), f"{first.partition(':')[0]}:{other.rpartition(':')[2]}")


def _high_host_port(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        port = str(entry.get("port", ""))
        if port and "internal" not in port and "replicas" not in entry:
            yield route, sound.with_value((*route, "port"), f"70000:{port.rpartition(':')[2]}")


def _bad_port(port: str) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        for route, entry in sound.entries("services"):
            if "port" in entry and "replicas" not in entry:
                yield route, sound.with_value((*route, "port"), port)

    return plant


def _no_port(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        if "port" in entry and "healthcheck" in entry:
            yield route, sound.with_value((*route, "port"), None)


def _health(key: str, value: str) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        for route, entry in sound.entries("services"):
            check = entry.get("healthcheck")
            if isinstance(check, dict) and "liveness" in check:
                yield route, sound.with_value((*route, "healthcheck", key), value)

    return plant


def _literal_secret(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        if isinstance(entry.get("environment"), dict):
            yield (
                route,
                sound.with_value((*route, "environment", "API_TOKEN"), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
            )


def _unused_secret(sound: Sound) -> Planting:
    yield (), sound.with_value(("secrets", "NOBODY_ASKS"), "generated")


def _secret_length(sound: Sound) -> Planting:
    for name in sound.mapping(("secrets",)):
        yield ("secrets", name), sound.with_value(("secrets", name), {"value": "generated", "length": "0"})


def _bad_name(section: str) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        overlaid = {step for route in sound.document.keys if route[0] == "environments" for step in route}
        for known in sound.mapping((section,)):
            if known not in overlaid:
                yield (section, known), sound.with_key((section, known), known.swapcase().replace("-", "_"))

    return plant


def _reserved_name(sound: Sound) -> Planting:
    for name in ("secrets", "env", "default"):
        yield ("services", name), sound.with_value(("services", name), {"image": "nginx:1.27"})


def _route(key: str, value: str) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        routes = sound.mapping(("gateway",)).get("routes") or ()
        for index in range(len(routes)):
            at: Route = ("gateway", "routes", index)
            yield at, sound.with_value((*at, key), value)

    return plant


def _same_route(sound: Sound) -> Planting:
    routes = sound.mapping(("gateway",)).get("routes") or []
    for index in range(1, len(routes)):
        first = sound.at(("gateway", "routes", 0, "path"))
        yield ("gateway", "routes", index), sound.with_value(("gateway", "routes", index, "path"), first)


def _unknown_network(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        if "url" not in entry:
            yield route, sound.with_value((*route, "networks"), ["quux"])


def _missing_file(sound: Sound) -> Planting:
    for route in (route for route, entry in sound.entries("infrastructure") if entry["type"] == "postgres"):
        for name, part in sound.mapping((*route, "databases")).items():
            options: Value = {**part, "seed": "./nowhere.sql"} if isinstance(part, dict) else {"seed": "./nowhere.sql"}
            yield route, sound.with_value((*route, "databases", name), options)


def _missing_fragment(sound: Sound) -> Planting:
    included = [*(sound.value.get("include") or ()), "nowhere.yaml"]
    yield ("include",), sound.with_value(("include",), [str(path) for path in included])


def _bad_test(text: str) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        requests = sound.mapping(("tests",)).get("api") or []
        yield ("tests", "api"), sound.with_value(("tests", "api", len(requests)), text)

    return plant


def _bad_range(sound: Sound) -> Planting:
    yield ("ports",), sound.with_value(("ports", "range"), "9000-8000")


def _itself(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        if "url" not in entry:
            name = str(route[-1])
            yield route, sound.with_value((*route, "depends_on", name), {"purpose": "x"})


def _cycle(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        for target in sound.mapping((*route, "depends_on")):
            other = sound.mapping(("services", target))
            if other and not {"url", "profiles"} & {*other, *entry} and sound.waits(route, target):
                yield (
                    route,
                    sound.with_value(("services", target, "depends_on", str(route[-1])), {"condition": "started"}),
                )


def _pinned_replicas(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        port = str(entry.get("port", ""))
        if ":" in port and "internal" not in port and "replicas" not in entry:
            yield route, sound.with_value((*route, "replicas"), "2")


def _image_of_no_form(sound: Sound) -> Planting:
    for route, entry in sound.entries("services"):
        if "image" in entry:
            yield route, sound.with_value((*route, "image"), "Not/An/IMAGE:1:2")


def _gateway_type(sound: Sound) -> Planting:
    if sound.mapping(("gateway",)):
        yield ("gateway",), sound.with_value(("gateway", "type"), "ngnix")


def _line(text: str) -> Callable[[Sound], Planting]:
    def plant(sound: Sound) -> Planting:
        for route, _ in sound.entries("services"):
            span = sound.document.keys[route]
            at = offset_of(sound.document.text, span.line, 1)
            yield route, spliced(sound.document.text, [Splice(at, at, text)])

    return plant


def _version(sound: Sound) -> Planting:
    yield ("version",), sound.with_value(("version",), "2")


def _idle_suppression(sound: Sound) -> Planting:
    found = sound.mapping(("lint",)).get("suppressions") or []
    idle: Value = {"code": "SECRET003", "reason": "old"}
    yield ("lint",), sound.with_value(("lint", "suppressions", len(found)), idle)


def _unknown_code(sound: Sound) -> Planting:
    note: Value = {"severity": "note", "reason": "old"}
    yield ("lint",), sound.with_value(("lint", "severities", "QUUX001"), note)


SORTS: tuple[tuple[str, str, Callable[[Sound], Planting]], ...] = (
    ("unknown key", "SCHEMA001", _unknown_key),
    ("misspelt key", "SCHEMA001", _misspelt_key),
    ("text for mapping", "SCHEMA002", _text_for_mapping),
    ("mapping for text", "SCHEMA002", _mapping_for_text),
    ("no type", "SCHEMA004", _no_type),
    ("no source", "SCHEMA005", _no_source),
    ("unknown version", "SCHEMA003", _version),
    ("unknown type", "KIND001", _unknown_type),
    ("bad condition", "SCHEMA003", _bad_condition),
    ("unknown dependency", "DEP001", _unknown_dependency),
    ("depends on itself", "DEP002", _itself),
    ("unknown name", "REF001", _unknown_name),
    ("unknown output", "REF002", _unknown_output),
    ("unknown part", "REF002", _unknown_part),
    ("unclosed reference", "REF004", _unclosed),
    ("unknown secret", "SECRET002", _unknown_secret),
    ("secret as text", "SECRET001", _literal_secret),
    ("unused secret", "SECRET003", _unused_secret),
    ("secret without length", "SECRET004", _secret_length),
    ("bad name of a secret", "NAME001", _bad_name("secrets")),
    ("bad name of a service", "NAME001", _bad_name("services")),
    ("bad name of an instance", "NAME001", _bad_name("infrastructure")),
    ("bad name of a network", "NAME001", _bad_name("networks")),
    ("reserved name of a service", "NAME002", _reserved_name),
    ("host port twice", "PORT001", _host_port_twice),
    ("port too high", "PORT003", _high_host_port),
    ("container port too high", "PORT003", _bad_port("70000")),
    ("port of no form", "SCHEMA003", _bad_port("80:80:80")),
    ("bad range", "PORT005", _bad_range),
    ("no port", "HEALTH004 or REF002", _no_port),
    ("check of an unknown port", "HEALTH005", _health("port", "quux")),
    ("check every 0s", "HEALTH006", _health("interval", "0s")),
    ("check with a bad time", "SCHEMA003", _health("timeout", "5")),
    ("check with an unknown probe", "SCHEMA003", _health("probe", "quux")),
    ("check of a relative path", "SCHEMA003", _health("liveness", "health")),
    ("route to nobody", "ROUTE002", _route("service", "quux")),
    ("bad path of a route", "ROUTE003", _route("path", "/a//b/")),
    ("route without time", "ROUTE007", _route("timeout", "0s")),
    ("two routes of one path", "ROUTE001", _same_route),
    ("unknown network", "NETWORK001", _unknown_network),
    ("missing file", "DATA003", _missing_file),
    ("missing fragment", "INCLUDE001", _missing_fragment),
    ("test of nobody", "TEST001", _bad_test("GET quux /")),
    ("malformed test", "SCHEMA003", _bad_test("GET /")),
    ("cycle", "DEP003", _cycle),
    ("replicas on one port", "PORT006", _pinned_replicas),
    ("image of no form", "IMAGE001 or SCHEMA003", _image_of_no_form),
    ("unknown kind of gateway", "SCHEMA003", _gateway_type),
    ("tab", "YAML005", _line("\t\n  a:\tb\n")),
    ("mapping in braces", "YAML003", _line("  a: {b: c}\n")),
    ("anchor", "YAML003", _line("  a: &b c\n")),
    ("quote left open", "YAML001", _line("  a: 'b\n")),
    ("idle suppression", "LINT003", _idle_suppression),
    ("unknown code", "LINT001", _unknown_code),
)
