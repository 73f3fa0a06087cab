"""Instances and databases that look renamed: their data, and the passwords in it, keep the old name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compiler.changes.data import volumes_of
from compiler.changes.environment import secrets_in
from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, ticked, whole
from compiler.changes.versions import reference
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Heir(NamedTuple):
    """The instance that mounts the volume of one that is gone; `secrets` are those with another name."""

    name: str
    secrets: tuple[tuple[str, str], ...]


@breaking
def infrastructure_renamed_with_passwords(spot: Spot) -> Told | None:
    """An instance has another name and the volume of before. The volume keeps its passwords; new secrets are generated.

    Do: give the new secrets the old values in each `.env` before the start.
    """
    heir = _heirs(spot).get(spot.name)
    if heir is None or not heir.secrets:
        return None
    pairs = ", ".join(f"{whole(new)} the value of {whole(old)}" for old, new in heir.secrets)
    told = f"{_renamed(spot, heir)}: the passwords in its volume are the old ones"
    return Told(told, f"give {pairs} in each `.env` before the start{_version(spot, heir)}")


@notable
def infrastructure_renamed(spot: Spot) -> Told | None:
    """An instance has another name and the volume of before: its host name and variables change with it.

    Do: check that nothing outside has the old name: scripts, dashboards, variables in `.env`.
    """
    heir = _heirs(spot).get(spot.name)
    if heir is None:
        return None
    outside = "check that nothing outside has the old name: scripts, dashboards, variables in `.env`"
    return Told(_renamed(spot, heir), f"{outside}{_version(spot, heir)}")


@breaking
def database_renamed(spot: Spot) -> Told | None:
    """A database is gone, another one is new, and a service uses the new one instead: the data stays in the old one.

    Do: rename the old database before the first start with the new one, which would make an empty one.
    """
    new = _new_name(spot) if spot.path[3] == "databases" else ""
    if not new:
        return None
    told = f"database {ticked(spot.last)} of {ticked(spot.name)} looks renamed to {ticked(new)}"
    action = "; ".join([*_steps(spot, new), f"or keep the name {whole(spot.last)}"])
    return Told(f"{told}: its data stays in the old one", action, f"{spot.name}.{spot.last}")


def _renamed(spot: Spot, heir: Heir) -> str:
    volume = ticked(volumes_of(as_mapping(spot.before))[0])
    return f"{ticked(spot.name)} looks like it is now called {ticked(heir.name)}, which has its volume {volume}"


def _version(spot: Spot, heir: Heir) -> str:
    """A word about a version that changes with the name, for it is told nowhere else."""
    was, now = (":".join(reference(unit)) for unit in (as_mapping(spot.before), spot.now_all("units", heir.name)))
    return "" if was == now else f"; it runs {whole(now)} over the data of {whole(was)}: rename first, upgrade later"


def _heirs(spot: Spot) -> Mapping[str, Heir]:
    """Instance that is gone -> the one of the same type that is new and mounts its volume."""
    if "heirs" not in spot.memory:
        gone, come = ([path[1] for path, one in spot.found.items() if _is_unit(path, one, sign)] for sign in "-+")
        pairs = [(old, new) for old in gone for new in come if _inherits(spot, old, new)]
        spot.memory["heirs"] = {old: Heir(new, _secrets(spot, old, new)) for old, new in pairs}
    found: Mapping[str, Heir] = spot.memory["heirs"]
    return found


def _is_unit(path: tuple[str, ...], one: Any, sign: str) -> bool:  # noqa: ANN401 - a difference
    return len(path) == 2 and path[0] == "units" and one.sign == sign  # noqa: PLR2004 - the section, and the name


def _inherits(spot: Spot, old: str, new: str) -> bool:
    was, now = spot.was_all("units", old), spot.now_all("units", new)
    kinds = [(unit.get("kind"), as_mapping(unit.get("settings")).get("type")) for unit in (was, now)]
    volumes = volumes_of(was)[:1]
    return kinds[0] == kinds[1] and kinds[0][0] == "infrastructure" and bool(volumes) and volumes == volumes_of(now)[:1]


def _secrets(spot: Spot, old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The secrets of an instance and of the jobs that make its parts, where the volume keeps them: old, new."""
    was, now = spot.was_all("units", old), spot.now_all("units", new)
    pairs = [*_pairs(was, now)]
    before, after = _jobs(spot.was_all("units"), old), _jobs(spot.now_all("units"), new)
    for part in before.keys() & after.keys():
        pairs += _pairs(before[part], after[part])
    given = secrets_in(was.get("command"))  # such a server takes its password anew at each start
    return tuple(sorted({pair for pair in pairs if pair[0] not in given}))


def _pairs(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    old, new = as_mapping(was.get("environment")), as_mapping(now.get("environment"))
    for key in old.keys() & new.keys():
        names = [sorted(secrets_in(side[key])) for side in (old, new)]
        yield from (pair for pair in zip(*names, strict=False) if pair[0] != pair[1])


def _jobs(units: Mapping[str, Any], instance: str) -> dict[str, Mapping[str, Any]]:
    """Part -> the job that makes it."""
    jobs = {name: as_mapping(unit) for name, unit in units.items() if as_mapping(unit).get("of") == instance}
    parts = {name: str(as_mapping(job.get("settings")).get("part")) for name, job in jobs.items()}
    return {part: jobs[name] for name, part in parts.items() if not name.endswith("-seed")}


def _new_name(spot: Spot) -> str:
    """The database of the same instance that is new, and that a service uses instead; empty where it is not clear."""
    families = [path for path in spot.found if path[:4] == spot.path[:4] and len(path) == len(spot.path)]
    come = [path[4] for path in families if spot.sign(*path) == "+"]
    gone = [path[4] for path in families if spot.sign(*path) == "-"]
    likes = [new for new in come if _is_used_instead(spot, spot.last, new)]
    rivals = [old for old in gone if likes and _is_used_instead(spot, old, likes[0])]
    return likes[0] if len(likes) == len(rivals) == 1 else ""


def _is_used_instead(spot: Spot, old: str, new: str) -> bool:
    """Whether some value of a unit that calls the instance has the new name where it had the old one."""
    callers = [point.partition(" -> ")[0] for point in spot.now_all("integration_points") if _calls(point, spot.name)]
    return any(
        _has(one.before, old) and _has(one.after, new) and not _has(one.after, old)
        for caller in callers
        for one in spot.beside("units", caller)
        if one.path[2] == "environment" and spot.now("units", caller, "kind") == "service"
    )


def _calls(point: str, instance: str) -> bool:
    return point.partition(" -> ")[2] == instance


def _has(text: object, name: str) -> bool:
    return bool(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", str(text)))


def _steps(spot: Spot, new: str) -> Iterator[str]:
    kind = spot.now("units", spot.name, "settings", "type")
    if kind != "postgres":
        yield f"copy the data of {whole(spot.last)} to {whole(new)} before the services use it"
        return
    user = spot.now("units", spot.name, "environment", "POSTGRES_USER") or "postgres"
    shell = whole(f"docker compose exec -T {spot.name} psql -U {user}")
    statements = [f'ALTER DATABASE "{spot.last}" RENAME TO "{new}"', *_owner_statements(spot, new)]
    yield f"before the first start: stop the services that use it, and run {_in_order(statements)} with {shell}"


def _owner_statements(spot: Spot, new: str) -> Iterator[str]:
    """What gives the tables to the new login: PostgreSQL keeps them with the old one."""
    before, after = _jobs(spot.was_all("units"), spot.name), _jobs(spot.now_all("units"), spot.name)
    was, now = _owner(before.get(spot.last)), _owner(after.get(new))
    if not was or not now or was == now:
        return
    if was not in map(_owner, after.values()) and now not in map(_owner, before.values()):
        yield f'ALTER ROLE "{was}" RENAME TO "{now}"'
        return
    yield f'\\c "{new}"'
    yield f'REASSIGN OWNED BY "{was}" TO "{now}"'


def _owner(job: Mapping[str, Any] | None) -> str:
    return str(as_mapping(as_mapping(job).get("settings")).get("owner") or "")


def _in_order(statements: list[str]) -> str:
    """Statements in their order, none shortened."""
    return ", then ".join(whole(one) for one in statements)


def _is_heir(spot: Spot) -> bool:
    return any(heir.name == spot.name for heir in _heirs(spot).values())


def _is_secret_of_heir(spot: Spot) -> bool:
    """What becomes of its secrets is told with the instance."""
    return any(spot.name in pair for heir in _heirs(spot).values() for pair in heir.secrets)


def _is_volume_of_heir(spot: Spot) -> bool:
    heir = _heirs(spot).get(str(spot.before))
    return heir is not None and heir.name == spot.after


def _is_new_database(spot: Spot) -> bool:
    """Told with the database that it was."""
    if spot.path[3] != "databases":
        return False
    gone = [one for path, one in spot.found.items() if path[:4] == spot.path[:4] and one.sign == "-"]
    return any(_new_name(spot._replace(path=one.path)) == spot.last for one in gone if len(one.path) == len(spot.path))


RENAMES: Table = {
    "+units/*": (Follows(_is_heir),),
    "-units/*": (infrastructure_renamed_with_passwords, infrastructure_renamed),
    "volumes/*/owner": (Follows(_is_volume_of_heir),),
    "+secrets/*": (Follows(_is_secret_of_heir),),
    "-secrets/*": (Follows(_is_secret_of_heir),),
    "-units/*/parts/*/*": (database_renamed,),
    "+units/*/parts/*/*": (Follows(_is_new_database),),
}
