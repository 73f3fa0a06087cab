"""Versions of images, and what becomes of the data that another version wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.changes.data import volumes_of
from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, ticked
from compiler.changes.sources import FOLLOWS_PARENT, image_changed, image_version_changed
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = regex(r"v?(\d+(?:\.\d+)*)(.*)")


class Upgrade(NamedTuple):
    """How a server takes the data of another version. `{unit}`, `{user}` and `{volume}` are filled in."""

    numbers: int
    """How many numbers of a version make a line that reads its own data; 0 where every newer one reads older data."""
    happens: str
    action: str
    moving: str
    """What to do where it has an empty volume already."""


_DUMP = "dump with the old version while it runs (`docker compose exec -T {unit} pg_dumpall -U {user} >dump.sql`)"
_RESTORE = (
    "compile, start only the server (`docker compose up -d --wait {unit}`), restore "
    "(`docker compose exec -T {unit} psql -U {user} <dump.sql`), and only then run `start.sh`"
)
_MONGO_DUMP = "dump with the old version while it runs (`mongodump --archive`)"
_MONGO_RESTORE = (
    "compile, start only the server (`docker compose up -d --wait {unit}`), restore (`mongorestore --archive`), "
    "and only then run `start.sh`"
)
_FRESH = "give the new one an empty volume (`volume: {volume}-new`)"
_EXPORT = "export the data with the old version while it runs, and import it with the new one before anybody uses it"
_UPGRADES = {
    "postgres": Upgrade(1, "it will not start", f"{_DUMP}, {_FRESH}, {_RESTORE}", f"{_DUMP}, {_RESTORE}"),
    "mongo": Upgrade(
        2,
        "it starts only on data of the line before, with its feature compatibility version set",
        "go one line at a time and set the feature compatibility version before each step; "
        f"or {_MONGO_DUMP}, {_FRESH}, {_MONGO_RESTORE}",
        f"{_MONGO_DUMP}, {_MONGO_RESTORE}",
    ),
    "redis": Upgrade(0, "", "", ""),
    "kafka": Upgrade(0, "", "", ""),
    "rabbitmq": Upgrade(
        1,
        "it starts only where all stable feature flags of the old version are enabled",
        "before the upgrade run `docker compose exec {unit} rabbitmqctl enable_feature_flag all`, with the last "
        f"version of the old line; or {_FRESH} when no message matters",
        "let every message be taken while the old version runs",
    ),
    "elasticsearch": Upgrade(
        1,
        "it starts only on data of the last version of the line before",
        f"go to the last version of the old line first, or {_FRESH} and index again",
        "index again with the new version",
    ),
}
_UNKNOWN = Upgrade(
    1,
    "it may not start",
    f"read what its maker says about upgrades, and {_EXPORT}; a new volume is made with `volume: {{volume}}-new`",
    _EXPORT,
)


class Step(NamedTuple):
    """From one image to another: names, and the numbers and the rest of both tags; no numbers where a tag has none."""

    names: tuple[str, str]
    numbers: tuple[tuple[int, ...], tuple[int, ...]]
    rests: tuple[str, str]
    tags: tuple[str, str]


@breaking
def database_major_changed(spot: Spot) -> Told | None:
    """A server of another major version meets data that an older one wrote: PostgreSQL will not start on it.

    With an empty volume it starts, without the data: the files of the old version cannot be copied to it.

    Do: dump with the old version, start only the new server on an empty volume, restore, and then start the rest.
    """
    upgrade = _upgrade(spot)
    if not _is_newer_line(spot):
        return None
    if _keeps_data(spot):
        return _over_data(spot, upgrade.happens, upgrade.action)
    return _to_empty_volume(spot, upgrade.moving) if _moves_data(spot) else None


@breaking
def database_downgraded(spot: Spot) -> Told | None:
    """An older server meets data that a newer one wrote: hardly any reads it, nor a copy of it.

    Do: stay with the newer version, or export with it, and import into an empty volume.
    """
    if not _is_older_server(spot):
        return None
    action = "stay with the newer version, or export with it and import into an empty volume"
    if _keeps_data(spot):
        happens = "an older version hardly ever reads what a newer one wrote"
        return _over_data(spot, happens, f"{action} (`volume: {{volume}}-old`)")
    return _to_empty_volume(spot, action) if _moves_data(spot) else None


@breaking
def database_image_changed(spot: Spot) -> Told | None:
    """Another image, or another base of it, meets data that exists. Text sorts differently on Alpine and on Debian.

    Do: check that it reads the data; in PostgreSQL `REINDEX` every database after a change of base.
    """
    step = _step(spot)
    is_step = all(step.numbers) and step.numbers[0] != step.numbers[1]
    is_same = step.names[0] == step.names[1] and (step.rests[0] == step.rests[1] or is_step)
    if not _keeps_data(spot) or is_same:
        return None
    was, now = (":".join(filter(None, pair)) for pair in zip(step.names, step.tags, strict=True))
    told = f"{ticked(spot.name)} runs {ticked(now)}, no longer {ticked(was)}, over the data in {_volume(spot)}"
    reindex = "; after a change of base `REINDEX` every database" if _type(spot) == "postgres" else ""
    return Told(told, f"back up the data, and check that the new image reads it{reindex}")


@notable
def database_version_changed(spot: Spot) -> Told | None:
    """A server of another version meets data that it is known to read, or has an empty volume.

    Do: back up the data before: there is no way back.
    """
    if spot.now("units", spot.name, "kind") != "infrastructure":
        return None
    was, now = _step(spot).tags
    if was == now:
        return Told(f"{ticked(spot.name)} runs {ticked(spot.after)}, no longer {ticked(spot.before)}, of one version")
    return Told(f"{ticked(spot.name)} runs version {ticked(now)}, no longer {ticked(was)}")


def loses_data(spot: Spot, name: str) -> bool:
    """Whether a server has another volume, and is of a version to which the data of the old one cannot be copied."""
    here = spot._replace(path=("units", name))
    return _moves_data(here) and (_is_newer_line(here) or _is_older_server(here))


def reference(unit: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the tag of an image, whether they stand apart or in one reference."""
    image, version = str(unit.get("image", "")), str(unit.get("version", ""))
    if version:
        return image, version
    path, _, last = image.partition("@")[0].rpartition("/")
    name, _, tag = last.partition(":")
    return f"{path}/{name}" if path else name, tag or "latest"


def _is_newer_line(spot: Spot) -> bool:
    step, numbers = _step(spot), _upgrade(spot).numbers
    if not numbers or step.names[0] != step.names[1] or not all(step.numbers):
        return False
    return step.numbers[1][:numbers] > step.numbers[0][:numbers]


def _is_older_server(spot: Spot) -> bool:
    step = _step(spot)
    return step.names[0] == step.names[1] and all(step.numbers) and _is_older(*step.numbers)


def _over_data(spot: Spot, happens: str, action: str) -> Told:
    return Told(f"{_versions(spot)}, over the data in {_volume(spot)}: {happens}", _filled(spot, action))


def _to_empty_volume(spot: Spot, action: str) -> Told:
    old = ticked(f"{spot.project}_{volumes_of(spot.was_all('units', spot.name))[0]}")
    told = f"{_versions(spot)}, and starts with the empty volume {_volume(spot)}: its data stays in {old}"
    return Told(f"{told}, and a copy of its files is of no use to the other version", _filled(spot, action))


def _versions(spot: Spot) -> str:
    was, now = _step(spot).tags
    return f"{ticked(spot.name)} runs version {ticked(now)}, no longer {ticked(was)}"


def _filled(spot: Spot, action: str) -> str:
    """The action with the server's own names."""
    user = str(spot.was("units", spot.name, "environment", "POSTGRES_USER") or "postgres")
    names = {"unit": spot.name, "user": user, "volume": volumes_of(spot.now_all("units", spot.name))[0]}
    for key, name in names.items():
        action = action.replace(f"{{{key}}}", name.replace("`", "'"))
    return action


def _volume(spot: Spot) -> str:
    return ticked(f"{spot.project}_{volumes_of(spot.now_all('units', spot.name))[0]}")


def _keeps_data(spot: Spot) -> bool:
    """Whether the same volume was there before."""
    return _is_same_server(spot) and _volumes(spot)[0] == _volumes(spot)[1]


def _moves_data(spot: Spot) -> bool:
    """Whether another volume was there before."""
    return _is_same_server(spot) and _volumes(spot)[0] != _volumes(spot)[1]


def _volumes(spot: Spot) -> tuple[list[str], list[str]]:
    return volumes_of(spot.was_all("units", spot.name)), volumes_of(spot.now_all("units", spot.name))


def _is_same_server(spot: Spot) -> bool:
    """Whether it is infrastructure of one type before and after, with volumes on both sides."""
    old, new = spot.was_all("units", spot.name), spot.now_all("units", spot.name)
    types = [as_mapping(unit.get("settings")).get("type") for unit in (old, new)]
    return new.get("kind") == "infrastructure" and types[0] == types[1] and all(_volumes(spot))


def _upgrade(spot: Spot) -> Upgrade:
    return _UPGRADES.get(_type(spot), _UNKNOWN)


def _type(spot: Spot) -> str:
    return str(spot.now("units", spot.name, "settings", "type"))


def _step(spot: Spot) -> Step:
    old, new = reference(spot.was_all("units", spot.name)), reference(spot.now_all("units", spot.name))
    (was, was_rest), (now, now_rest) = _numbers(old[1]), _numbers(new[1])
    return Step((old[0], new[0]), (was, now), (was_rest, now_rest), (old[1], new[1]))


def _numbers(tag: str) -> tuple[tuple[int, ...], str]:
    match = _NUMBERS.fullmatch(tag)
    return (tuple(int(part) for part in match[1].split(".")), match[2]) if match else ((), tag)


def _is_older(was: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Whether `now` is a lower version, as far as both say: 17 is not older than 17.6."""
    length = min(len(was), len(now))
    return now[:length] < was[:length]


def _is_told_with_version(spot: Spot) -> bool:
    """An image that is spelled in another way: `redis` and `8` for `redis:8`."""
    step = _step(spot)
    is_tagged = step.tags[0] != step.tags[1]
    return is_tagged and spot.sign("units", spot.name, "version") == "" and step.names[0] == step.names[1]


def _is_told_with_image(spot: Spot) -> bool:
    """The image is another one, which is told with both tags, or the same one with a digest."""
    step = _step(spot)
    is_other = step.names[0] != step.names[1] or step.tags[0] == step.tags[1]
    return spot.sign("units", spot.name, "image") == "" and is_other


_SERVER = (database_image_changed, database_major_changed, database_downgraded, database_version_changed)

VERSIONS: Table = {
    "units/*/image": (FOLLOWS_PARENT, Follows(_is_told_with_version), *_SERVER, image_changed),
    "units/*/version": (FOLLOWS_PARENT, Follows(_is_told_with_image), *_SERVER, image_version_changed),
}
