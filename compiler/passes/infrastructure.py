"""Instances of kinds, and one job for each part that is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compiler.model.finding import Defect
from compiler.model.plan import Edge, Image, Mount, MountKind, Unit, UnitKind, Until
from compiler.passes.health import kind_health
from compiler.passes.outputs import fill, instance_values, part_values, shared_passwords, with_shared_password

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.kind import Kind, KindJob, PartFamily
    from compiler.model.manifest import Instance, Manifest, PartWish
    from compiler.model.plan import Port
    from compiler.model.source import Route
    from compiler.model.value import Text
    from compiler.passes.facts import Facts
    from compiler.passes.references import Resolver

FILES = "/periplus"
SCHEMA_FILE = "/periplus-schema.sql"
SEED_FILE = "/periplus-seed.sql"
_NO_LABEL = re.compile(r"[^a-z0-9]+")


class Provision(NamedTuple):
    """The units of one instance: the server, then its jobs; and which jobs a part needs."""

    server: Unit
    jobs: tuple[Unit, ...]
    edges: tuple[Edge, ...]
    parts: Mapping[str, tuple[str, ...]]
    """Part -> the jobs that its users await."""
    shared: tuple[str, ...]
    """The parts that every user of the instance uses: those without a login."""
    seeds: Mapping[str, str]
    """Part -> its seed job, which comes after the migrations of the part's users."""


def provision(
    instance: Instance,
    kind: Kind,
    manifest: Manifest,
    facts: Facts,
    ports: Mapping[str, Port],
    used: frozenset[str],
    resolver: Resolver,
) -> Provision:
    """The server of an instance and the jobs of the parts named in `used`."""
    version = facts.versions.get(instance.name, "")
    values = instance_values(instance, kind, manifest.name, version)
    server = _server(instance, kind, manifest, ports, values, resolver)
    jobs: list[Unit] = []
    edges: list[Edge] = []
    awaited: dict[str, tuple[str, ...]] = {}
    seeds: dict[str, str] = {}
    shared = shared_passwords(instance, kind)
    folder = Mount(MountKind.OUTPUT, f"init-scripts/{instance.name}", FILES, read_only=True)
    scripts = (folder,) if kind.files else ()
    for part in instance.parts:
        family = kind.parts.get(part.family)
        if family is None or part.name not in used:
            continue
        inner = part_values(with_shared_password(part, shared), family, values, instance.name)
        made = tuple(_jobs(instance, part, family, server, inner, scripts))
        jobs.extend(made)
        edges.extend(_waits_for_server(job, server, part) for job in made)
        if len(made) > 1:
            because = (part.at,)
            edges.append(Edge(made[1].name, made[0].name, Until.COMPLETED, "", because, calls=False))
            seeds[part.name] = made[1].name
        awaited[part.name] = tuple(job.name for job in made)
    return Provision(server, tuple(jobs), tuple(edges), awaited, _common_parts(instance, kind), seeds)


def used_parts(instance: Instance, kind: Kind, output: tuple[str, ...]) -> tuple[str, ...]:
    """The parts that a reference to an output uses.

    A part with a login is used by referring to it; one without (a topic) by whoever refers to the instance at all.
    """
    return (output[0],) if len(output) > 1 else _common_parts(instance, kind)


def _common_parts(instance: Instance, kind: Kind) -> tuple[str, ...]:
    """The parts without a login: every user of the instance uses them."""
    return tuple(
        part.name for part in instance.parts if part.family in kind.parts and not kind.parts[part.family].secret
    )


def kind_defects(manifest: Manifest, facts: Facts) -> Iterator[Defect]:
    """What an instance asks of its kind that the kind does not have."""
    for instance in manifest.infrastructure.values():
        kind = facts.kinds.get(instance.name)
        if kind is None:
            accepted = ", ".join(facts.kind_names)
            type_facts = {"type": instance.type, "unit": instance.name, "accepted": accepted}
            yield Defect("kind.unknown", (*instance.at, "type"), type_facts)
            continue
        yield from _unsupported(instance, kind)
        yield from _part_defects(instance, kind, facts)


def _unsupported(instance: Instance, kind: Kind) -> Iterator[Defect]:
    refused = {
        "config": bool(instance.config) and not kind.config,
        "password": instance.password is not None and kind.password == "never",
        "volume": bool(instance.volume) and not kind.data,
        "publish": instance.publish and not any(port.publish for port in kind.ports),
    }
    for key, is_refused in refused.items():
        if is_refused:
            facts = {"type": instance.type, "key": key, "unit": instance.name}
            yield Defect("kind.unsupported", (*instance.at, key), facts)
    for family in dict.fromkeys(part.family for part in instance.parts):
        if family not in kind.parts:
            accepted = ", ".join(kind.parts)
            facts = {"type": instance.type, "key": family, "unit": instance.name, "accepted": accepted}
            yield Defect("kind.unsupported", (*instance.at, family), facts)


def _part_defects(instance: Instance, kind: Kind, facts: Facts) -> Iterator[Defect]:
    for part in instance.parts:
        family = kind.parts.get(part.family)
        for option in part.options if family else ():
            known = _known_options(family) if family else ()
            if option not in known:
                spelled = {"type": instance.type, "key": option, "unit": instance.name, "accepted": ", ".join(known)}
                yield Defect("kind.unsupported", (*part.at, option), spelled)
            elif option in {"schema", "seed"}:
                path = "".join(piece for piece in part.options[option] if isinstance(piece, str))
                if path not in facts.files:
                    yield Defect("data.missing-file", (*part.at, option), {"path": path, "part": part.name})


def _known_options(family: PartFamily) -> tuple[str, ...]:
    login = ("owner", "password") if family.secret else ()
    files = (("schema", family.schema_job), ("seed", family.seed_job))
    known = (*login, *family.options, *(name for name, job in files if job is not None))
    return tuple(dict.fromkeys(known))


def _server(
    instance: Instance,
    kind: Kind,
    manifest: Manifest,
    ports: Mapping[str, Port],
    values: Mapping[str, Text],
    resolver: Resolver,
) -> Unit:
    at = instance.at
    config = resolver.texts(instance.config, instance.name, (*at, "config"))
    arguments = [
        fill(argument, {**values, "key": (key,), "value": value})
        for key, value in config.items()
        for argument in kind.config
    ]
    return Unit(
        name=instance.name,
        kind=UnitKind.INSTANCE,
        role=instance.role or kind.title,
        parent="",
        image=_image(instance, kind, values),
        entrypoint=(),
        command=(*(fill(word, values) for word in kind.command), *arguments),
        environment={
            **{key: fill(text, values) for key, text in kind.environment.items()},
            **resolver.texts(instance.environment, instance.name, (*at, "environment")),
        },
        ports=ports,
        mounts=_data(instance, kind, manifest),
        networks=(),
        health=kind_health(kind, tuple(fill(word, values) for word in kind.health), at),
        profiles=(),
        replicas=None,
        hostname=instance.name if kind.hostname else "",
        settings={
            "type": kind.name,
            "password": kind.password,
            **({"viewer": "yes"} if kind.viewer else {}),
            **{
                family: ", ".join(part.name for part in instance.parts if part.family == family)
                for family in dict.fromkeys(part.family for part in instance.parts)
            },
        },
        develop=None,
        extras={},
        at=at,
    )


def _image(instance: Instance, kind: Kind, values: Mapping[str, Text]) -> Image:
    if instance.image:
        return Image(instance.image, "")
    tag = fill(kind.image_tag, values)
    return Image(kind.image, "".join(piece for piece in tag if isinstance(piece, str)))


def volume_name(instance: Instance) -> str:
    """The volume of an instance's data."""
    return instance.volume or f"{instance.name}-data"


def _data(instance: Instance, kind: Kind, manifest: Manifest) -> tuple[Mount, ...]:
    if not kind.data:
        return ()
    if manifest.environment == "test":
        return (Mount(MountKind.MEMORY, "", kind.data),)
    return (Mount(MountKind.VOLUME, volume_name(instance), kind.data),)


def _jobs(
    instance: Instance,
    part: PartWish,
    family: PartFamily,
    server: Unit,
    values: Mapping[str, Text],
    scripts: tuple[Mount, ...],
) -> Iterator[Unit]:
    job = (family.schema_job if "schema" in part.options else None) or family.job
    if job is None:
        return
    name = f"{instance.name}-{_NO_LABEL.sub('-', part.name.lower()).strip('-')}"
    role = f"makes the {family.singular} {part.name}"
    schema = (_file(part, "schema", SCHEMA_FILE),) if "schema" in part.options else ()
    made = {"family": part.family, "part": part.name}
    options = {key: "".join(piece for piece in values[key] if isinstance(piece, str)) for key in _choices(family)}
    yield _job(name, role, job, (*scripts, *schema), server, values, part.at)._replace(settings={**made, **options})
    if family.seed_job is not None and "seed" in part.options:
        seed = (*scripts, _file(part, "seed", SEED_FILE))
        role = f"fills the {family.singular} {part.name} once"
        filled = _job(f"{name}-seed", role, family.seed_job, seed, server, values, (*part.at, "seed"))
        yield filled._replace(settings=made)


def _choices(family: PartFamily) -> tuple[str, ...]:
    """The options of a part that are no password and no file."""
    return tuple(dict.fromkeys((*family.options, *(("owner",) if family.secret else ()))))


def _file(part: PartWish, option: str, at: str) -> Mount:
    path = "".join(piece for piece in part.options[option] if isinstance(piece, str))
    return Mount(MountKind.PATH, path, at, read_only=True)


def _job(
    name: str,
    role: str,
    job: KindJob,
    files: tuple[Mount, ...],
    server: Unit,
    values: Mapping[str, Text],
    at: Route,
) -> Unit:
    # The image declares its data a volume: each run of a job would leave a nameless one behind.
    scratch = tuple(Mount(MountKind.MEMORY, "", mount.at) for mount in server.mounts)
    return server._replace(
        name=name,
        kind=UnitKind.JOB,
        role=role,
        parent=server.name,
        command=tuple(fill(word, values) for word in job.command),
        environment={key: fill(text, values) for key, text in job.environment.items()},
        ports={},
        mounts=(*files, *scratch),
        health=None,
        hostname="",
        settings={},
        at=at,
    )


def _waits_for_server(job: Unit, server: Unit, part: PartWish) -> Edge:
    until = Until.HEALTHY if server.health is not None else Until.STARTED
    return Edge(job.name, server.name, until, job.role, (part.at,))
