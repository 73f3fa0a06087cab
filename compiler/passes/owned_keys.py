"""Environment variables that belong to the image or the loader, and pairs that differ in nothing but case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.value import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.manifest import Develop, Instance, Service
    from compiler.model.source import Route
    from compiler.model.value import Template

_OWNED = {
    "BASH_ENV": "every script that Bash runs in the container begins with that file",
    "LD_AUDIT": "the loader runs that library in every program of the container",
    "LD_LIBRARY_PATH": "every program of the container takes its libraries from there first",
    "LD_PRELOAD": "the loader puts that library into every program of the container",
    "PATH": "it takes the place of the image's own, so its programs may not be found",
    "PYTHONHOME": "Python looks for its own library there, and does not start without it",
}
"""Those that can keep a container from starting, each with why; `HOME`, `HOSTNAME` and options of programs cannot."""
_FOLDERS = ("/usr/bin", "/bin")
_TWICE = frozenset({"all_proxy", "ftp_proxy", "http_proxy", "https_proxy", "no_proxy"})
"""Written both ways on purpose: programs disagree about their case."""


def service_key_defects(service: Service) -> Iterator[Defect]:
    """The keys of a service's environment, and of what it adds while developing."""
    yield from _defects(service.name, service.environment, (*service.at, "environment"))
    develop: Develop | None = service.develop
    if develop is not None:
        yield from _defects(service.name, develop.environment, (*develop.at, "environment"))


def server_key_defects(instance: Instance, owned: frozenset[str]) -> Iterator[Defect]:
    """The keys of an instance's environment; `owned` are those that its kind sets itself."""
    at = (*instance.at, "environment")
    yield from _defects(instance.name, instance.environment, at)
    for key in instance.environment:
        if key in owned:
            yield Defect("variable.of-kind", (*at, key), {"unit": instance.name, "key": key, "type": instance.type})


def _defects(unit: str, environment: Mapping[str, Template], at: Route) -> Iterator[Defect]:
    seen: dict[str, str] = {}
    for key, text in environment.items():
        if key in _OWNED and not _is_whole_path(key, text):
            yield Defect("variable.owned", (*at, key), {"unit": unit, "key": key, "reason": _OWNED[key]})
        first = seen.setdefault(key.lower(), key)
        if first != key and key.lower() not in _TWICE and environment[first] != text:
            yield Defect("variable.case", (*at, key), {"unit": unit, "key": key, "other": first}, ((*at, first),))


def _is_whole_path(key: str, text: Template) -> bool:
    """Whether a `PATH` names the folders of the system as well, and nothing of the host's."""
    folders = (literal(text) or "").split(":")
    return key == "PATH" and all(folder in folders for folder in _FOLDERS)
