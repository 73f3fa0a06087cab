"""A kind of infrastructure, as its `kind.yaml` says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from compiler.model.plan import Timing


class KindPort(NamedTuple):
    """A port of the server; `publish` says whether `publish: true` shows it on the host."""

    name: str
    container: int
    scheme: str
    publish: bool


class KindJob(NamedTuple):
    """One job a part: a command that is safe to repeat. Texts hold `{placeholder}`s."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    files: tuple[str, ...]


class PartFamily(NamedTuple):
    """What an instance may hold: databases, topics. `options` maps an option to its default template."""

    name: str
    singular: str
    grammar: str
    options: Mapping[str, str]
    secret: bool
    """Whether a part has a login of its own: options `owner` and `password`."""
    job: KindJob | None
    schema_job: KindJob | None
    seed_job: KindJob | None
    outputs: Mapping[str, str]


class Kind(NamedTuple):
    """A kind with its rules applied for one version and one set of options. Texts hold `{placeholder}`s."""

    name: str
    title: str
    default_version: str
    image: str
    image_tag: str
    password: str
    """`always`, `optional` or `never`."""
    user: str
    ports: tuple[KindPort, ...]
    data: str
    hostname: bool
    command: tuple[str, ...]
    environment: Mapping[str, str]
    config: tuple[str, ...]
    """Arguments added to the command for each entry of `config`; placeholders {key} and {value}."""
    health: tuple[str, ...]
    image_health: bool
    timing: Timing
    parts: Mapping[str, PartFamily]
    outputs: Mapping[str, str]
    viewer: bool
    client: tuple[str, ...]
    """Unused parts of the message for a person: how to open a shell on it."""
    files: Mapping[str, str]
    verified_on: str
