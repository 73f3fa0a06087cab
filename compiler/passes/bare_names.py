"""References that miss their form: `${api_url}` is a variable, and `$api.url` is plain text, where `api` is a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.value import Variable
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Service
    from compiler.model.source import Route
    from compiler.model.value import Template

_OUTPUTS = ("url", "host", "port")
_BARE = regex(r"\$([a-z][a-z0-9-]*)\.(url|host|port)(?![\w.-])")


def bare_name_defects(service: Service, names: frozenset[str]) -> Iterator[Defect]:
    """What is probably meant to refer to one of the names; a variable with a default or message is meant as one."""
    for at, text in _texts(service):
        for piece in text:
            if isinstance(piece, str):
                found = _plain(piece, names) if "$" in piece else None
            else:
                found = _variable(piece, names) if isinstance(piece, Variable) else None
            if found is not None:
                yield Defect("reference.bare-name", at, dict(zip(("text", "name", "output"), found, strict=True)))


def _texts(service: Service) -> Iterator[tuple[Route, Template]]:
    for key, text in service.environment.items():
        yield (*service.at, "environment", key), text
    for text in service.command:
        yield (*service.at, "command"), text
    if service.build is not None:
        for key, text in service.build.args.items():
            yield (*service.build.at, "args", key), text


def _plain(text: str, names: frozenset[str]) -> tuple[str, str, str] | None:
    found = _BARE.search(text)
    return (found.group(), found[1], found[2]) if found is not None and found[1] in names else None


def _variable(variable: Variable, names: frozenset[str]) -> tuple[str, str, str] | None:
    """Lower case only: what is written in capitals is meant as a variable."""
    name = variable.name.replace("_", "-")
    if variable.default is not None or variable.message is not None or name != name.lower():
        return None
    text = f"${{{variable.name}}}"
    if name in names:
        return text, name, "url"
    of, _, output = name.rpartition("-")
    return (text, of, output) if of in names and output in _OUTPUTS else None
