"""Contexts for the script templates, as the target builds them from a plan, and their rendering."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import jinja2

from compiler.spell.encoded import Encoded
from compiler.spell.shell import shell_comment, shell_word

TEMPLATES = Path(__file__).parents[2] / "templates" / "compose"
SCRIPTS = (
    "scripts/health-check.sh",
    "scripts/logs.sh",
    "scripts/reset.sh",
    "scripts/start.sh",
    "scripts/stop.sh",
    "scripts/test.sh",
    "tests/api-tests.sh",
    "tests/health-checks.sh",
    "tests/smoke-tests.sh",
)


class Unit(NamedTuple):
    """A part that runs, in start order; `dependents` wait for it, `probe` asks its readiness inside it."""

    name: str
    kind: str
    port: int = 0
    readiness: str = ""
    probe: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()


class Secret(NamedTuple):
    """A secret, generated, required or optional."""

    name: str
    how: str
    length: int = 32
    in_url: bool = False
    description: str = ""
    users: tuple[str, ...] = ()
    stored_in: tuple[str, ...] = ()


class RequiredVariable(NamedTuple):
    """A variable that must have a value and is no secret."""

    name: str
    message: str
    users: tuple[str, ...] = ()


class HostPort(NamedTuple):
    """A fixed port of this machine."""

    variable: str
    host: int
    unit: str


class Call(NamedTuple):
    """Who calls whom; `source_probe` asks the target inside the source, `target_probe` inside the target itself."""

    source: str
    target: str
    port: int = 0
    path: str = ""
    source_probe: tuple[str, ...] = ()
    target_probe: tuple[str, ...] = ()
    optional: bool = False


class Environment(NamedTuple):
    """One environment."""

    name: str
    project: str
    files: tuple[str, ...]
    isolated: bool = False
    units: tuple[Unit, ...] = ()
    ports: tuple[HostPort, ...] = ()
    secrets: tuple[Secret, ...] = ()
    required_variables: tuple[RequiredVariable, ...] = ()
    external_networks: tuple[str, ...] = ()
    edges: tuple[Call, ...] = ()
    longest_start_s: int = 120


class Request(NamedTuple):
    """A request of the tests."""

    method: str
    target: str
    path: str
    port: int = 8000
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    expect: int = 200
    contains: str = ""
    save: tuple[tuple[str, str], ...] = ()


class Flow(NamedTuple):
    """Requests that share saved values."""

    name: str
    steps: tuple[Request, ...]


class Context(NamedTuple):
    """What the nine templates are rendered with."""

    environments: tuple[Environment, ...]
    bind: str = "127.0.0.1"
    api_tests: tuple[Request, ...] = ()
    smoke_tests: tuple[Flow, ...] = ()
    uses_jq: bool = False
    gateway_host: str = ""
    gateway_url: str = ""


def render(script: str, context: Context) -> str:
    """The text of one script."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_only_encoded,
    )
    environment.filters |= {"sh": shell_word, "comment": shell_comment, "number": _number}
    return environment.get_template(f"{script}.j2").render(context._asdict())


def write_tree(folder: Path, context: Context) -> Path:
    """The folder, with all nine scripts in it."""
    for script in SCRIPTS:
        path = folder / script
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(script, context), encoding="utf-8")
        path.chmod(0o755)
    return folder


def _only_encoded(value: object) -> object:
    if not isinstance(value, Encoded):
        message = f"not encoded: {value!r}"
        raise TypeError(message)
    return value


def _number(value: int) -> Encoded:
    return Encoded(int(value))
