"""Instances of kinds, and one job for each part that is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Edge, Image, Mount, MountKind, Unit, UnitKind, Until
from compiler.passes.health import kind_health
from compiler.passes.made import Made, made
from compiler.passes.outputs import fill
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.kind import Kind, KindJob, PartFamily
    from compiler.model.manifest import Instance, PartWish
    from compiler.model.plan import Port
    from compiler.model.source import Route
    from compiler.model.value import Text
    from compiler.passes.outputs import Equipped
    from compiler.passes.recall import Recall
    from compiler.passes.references import Resolver

FILES = "/periplus"
SCHEMA_FILE = "/periplus-schema.sql"
SEED_FILE = "/periplus-seed.sql"
_NO_LABEL = regex(r"[^a-z0-9]+")


class Awaited(NamedTuple):
    """What an instance makes its users wait for."""

    server: str
    edges: tuple[Edge, ...]
    """Of its jobs."""
    parts: Mapping[str, tuple[str, ...]]
    """Part -> the jobs that its users await."""
    shared: tuple[str, ...]
    """The parts that every user of the instance uses: those without a login."""
    seeds: Mapping[str, str]
    """Part -> its seed job, which comes after the migrations of the part's users."""


class Provision(NamedTuple):
    """The units of one instance: the server, then its jobs; and what its users wait for."""

    server: Made
    jobs: tuple[Made, ...]
    awaited: Awaited


def provision(
    one: Equipped, server: Unit, parts: Mapping[Route, Mapping[str, Text]], used: frozenset[str], recall: Recall
) -> Provision:
    """The jobs of the parts named in `used`, beside the server of an instance; `parts` are their placeholders."""
    instance, kind = one.instance, one.kind
    folder = Mount(MountKind.OUTPUT, f"init-scripts/{instance.name}", FILES, read_only=True)
    scripts = (folder,) if kind.files else ()
    until = Until.HEALTHY if server.health is not None else Until.STARTED
    common = recall.one(_job_base(server), until, scripts, of=server.at)
    jobs: list[Made] = []
    edges: list[Edge] = []
    awaited: dict[str, tuple[str, ...]] = {}
    seeds: dict[str, str] = {}
    for part in instance.parts:
        family = kind.parts.get(part.family)
        if family is None or part.name not in used:
            continue
        of_part, waiting = recall(_of_part, part, family, parts[part.at], common, of=part.at)
        names = tuple(job.unit.name for job in of_part)
        jobs.extend(of_part)
        edges.extend(waiting)
        if len(names) > 1:
            seeds[part.name] = names[1]
        awaited[part.name] = names
    shared = common_parts(instance, kind)
    return Provision(made(server), tuple(jobs), Awaited(instance.name, tuple(edges), awaited, shared, seeds))


def _of_part(
    part: PartWish, family: PartFamily, values: Mapping[str, Text], common: tuple[Unit, Until, tuple[Mount, ...]]
) -> tuple[tuple[Made, ...], tuple[Edge, ...]]:
    """The jobs of one part, and what they wait for."""
    base, until, scripts = common
    jobs = tuple(_jobs(part, family, base, values, scripts))
    edges = [Edge(job.name, base.parent, until, job.role, (part.at,)) for job in jobs]
    if len(jobs) > 1:
        edges.append(Edge(jobs[1].name, jobs[0].name, Until.COMPLETED, "", (part.at,), calls=False))
    return tuple(made(job) for job in jobs), tuple(edges)


def common_parts(instance: Instance, kind: Kind) -> tuple[str, ...]:
    """The parts without a login: every user of the instance uses them."""
    return tuple(
        part.name for part in instance.parts if part.family in kind.parts and not kind.parts[part.family].secret
    )


def kind_defects(
    infrastructure: Mapping[str, Instance],
    kinds: Mapping[str, Kind | None],
    kind_names: tuple[str, ...],
    files: frozenset[str],
) -> Iterator[Defect]:
    """What an instance asks of its kind that the kind does not have; `files` are the schemas and seeds there are."""
    for instance in infrastructure.values():
        kind = kinds.get(instance.name)
        if kind is None:
            accepted = ", ".join(kind_names)
            type_facts = {"type": instance.type, "unit": instance.name, "accepted": accepted}
            yield Defect("kind.unknown", (*instance.at, "type"), type_facts)
            continue
        yield from _unsupported(instance, kind)
        yield from _part_defects(instance, kind, files)


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


def _part_defects(instance: Instance, kind: Kind, files: frozenset[str]) -> Iterator[Defect]:
    for part in instance.parts:
        family = kind.parts.get(part.family)
        for option in part.options if family else ():
            known = _known_options(family) if family else ()
            if option not in known:
                spelled = {"type": instance.type, "key": option, "unit": instance.name, "accepted": ", ".join(known)}
                yield Defect("kind.unsupported", (*part.at, option), spelled)
            elif option in {"schema", "seed"}:
                path = "".join(piece for piece in part.options[option] if isinstance(piece, str))
                if path not in files:
                    yield Defect("data.missing-file", (*part.at, option), {"path": path, "part": part.name})


def _known_options(family: PartFamily) -> tuple[str, ...]:
    login = ("owner", "password") if family.secret else ()
    files = (("schema", family.schema_job), ("seed", family.seed_job))
    known = (*login, *family.options, *(name for name, job in files if job is not None))
    return tuple(dict.fromkeys(known))


def server_unit(
    one: Equipped,
    environment: str,
    ports: Mapping[str, Port],
    values: Mapping[str, Text],
    resolver: Resolver,
) -> Unit:
    """The server of an instance; `values` are the placeholders of its kind's texts."""
    instance, kind = one.instance, one.kind
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
        mounts=_data(instance, kind, environment),
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


def _data(instance: Instance, kind: Kind, environment: str) -> tuple[Mount, ...]:
    if not kind.data:
        return ()
    if environment == "test":
        return (Mount(MountKind.MEMORY, "", kind.data),)
    return (Mount(MountKind.VOLUME, volume_name(instance), kind.data),)


def _jobs(
    part: PartWish, family: PartFamily, base: Unit, values: Mapping[str, Text], scripts: tuple[Mount, ...]
) -> Iterator[Unit]:
    job = (family.schema_job if "schema" in part.options else None) or family.job
    if job is None:
        return
    name = f"{base.parent}-{_NO_LABEL.sub('-', part.name.lower()).strip('-')}"
    role = f"makes the {family.singular} {part.name}"
    schema = (_file(part, "schema", SCHEMA_FILE),) if "schema" in part.options else ()
    made = {"family": part.family, "part": part.name}
    options = {key: "".join(piece for piece in values[key] if isinstance(piece, str)) for key in _choices(family)}
    base = base._replace(name=name, role=role, settings={**made, **options}, at=part.at)
    yield _with_job(base, job, (*scripts, *schema), values)
    if family.seed_job is not None and "seed" in part.options:
        role = f"fills the {family.singular} {part.name} once"
        base = base._replace(name=f"{name}-seed", role=role, settings=made, at=(*part.at, "seed"))
        yield _with_job(base, family.seed_job, (*scripts, _file(part, "seed", SEED_FILE)), values)


def _choices(family: PartFamily) -> tuple[str, ...]:
    """The options of a part that are no password and no file."""
    return tuple(dict.fromkeys((*family.options, *(("owner",) if family.secret else ()))))


def _file(part: PartWish, option: str, at: str) -> Mount:
    path = "".join(piece for piece in part.options[option] if isinstance(piece, str))
    return Mount(MountKind.PATH, path, at, read_only=True)


def _job_base(server: Unit) -> Unit:
    """What all jobs of a server have in common: its image, and no data of their own."""
    # The image declares its data a volume: each run of a job would leave a nameless one behind.
    scratch = tuple(Mount(MountKind.MEMORY, "", mount.at) for mount in server.mounts)
    return server._replace(
        kind=UnitKind.JOB, parent=server.name, ports={}, mounts=scratch, health=None, hostname="", settings={}
    )


def _with_job(base: Unit, job: KindJob, files: tuple[Mount, ...], values: Mapping[str, Text]) -> Unit:
    return base._replace(
        command=tuple(fill(word, values) for word in job.command),
        environment={key: fill(text, values) for key, text in job.environment.items()},
        mounts=(*files, *base.mounts),
    )
