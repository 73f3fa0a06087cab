"""Versions of images, and what becomes of the data that another version wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from compiler.changes.data import volumes_of
from compiler.changes.kind import Follows, Spot, Table, Told, as_mapping, breaking, notable, ticked
from compiler.changes.sources import FOLLOWS_PARENT, image_changed, image_version_changed

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = re.compile(r"v?(\d+(?:\.\d+)*)(.*)")


class Upgrade(NamedTuple):
    """How a server takes the data of another version. `{unit}`, `{volume}` and `{project}` are filled in."""

    numbers: int
    """How many numbers of a version make a line that reads its own data; 0 where every newer one reads older data."""
    happens: str
    action: str


_UPGRADES = {
    "postgres": Upgrade(
        1,
        "it will not start",
        "dump with the old version (`docker compose exec -T {unit} pg_dumpall -U postgres >dump.sql`), "
        "give the new one an empty volume (`volume: {volume}-new`), start it, and restore "
        "(`docker compose exec -T {unit} psql -U postgres <dump.sql`)",
    ),
    "mongo": Upgrade(
        2,
        "it starts only on data of the line before, with its feature compatibility version set",
        "go one line at a time and set the feature compatibility version before each step, or dump with the old "
        "version (`mongodump --archive`), give the new one an empty volume (`volume: {volume}-new`), and restore",
    ),
    "redis": Upgrade(0, "", ""),
    "kafka": Upgrade(0, "", ""),
    "rabbitmq": Upgrade(
        1,
        "it starts only where all stable feature flags of the old version are enabled",
        "before the upgrade run `docker compose exec {unit} rabbitmqctl enable_feature_flag all`, with the last "
        "version of the old line; or give the new one an empty volume (`volume: {volume}-new`) when no message matters",
    ),
    "elasticsearch": Upgrade(
        1,
        "it starts only on data of the last version of the line before",
        "go to the last version of the old line first, or give the new one an empty volume (`volume: {volume}-new`) "
        "and index again",
    ),
}
_UNKNOWN = Upgrade(
    1,
    "it may not start",
    "read what its maker says about upgrades, and export the data with the old version before; "
    "a new volume is made with `volume: {volume}-new`",
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

    Do: dump with the old version, start the new one on an empty volume, restore.
    """
    step, upgrade = _step(spot), _upgrade(spot)
    if not _keeps_data(spot) or not upgrade.numbers or step.names[0] != step.names[1] or not all(step.numbers):
        return None
    was, now = (numbers[: upgrade.numbers] for numbers in step.numbers)
    return _over_data(spot, step, upgrade.happens, upgrade.action) if now > was else None


@breaking
def database_downgraded(spot: Spot) -> Told | None:
    """An older server meets data that a newer one wrote: hardly any reads it.

    Do: stay with the newer version, or export with it, and import into an empty volume.
    """
    step = _step(spot)
    if not _keeps_data(spot) or step.names[0] != step.names[1] or not all(step.numbers) or not _is_older(*step.numbers):
        return None
    action = "stay with the newer version, or export with it and import into an empty volume (`volume: {volume}-old`)"
    return _over_data(spot, step, "an older version hardly ever reads what a newer one wrote", action)


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
    return Told(f"{ticked(spot.name)} runs {ticked(now)}, no longer {ticked(was)}, over the data in {_volume(spot)}")


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


def _over_data(spot: Spot, step: Step, happens: str, action: str) -> Told:
    was, now = step.tags
    told = f"{ticked(spot.name)} runs version {ticked(now)}, no longer {ticked(was)}, over the data in {_volume(spot)}"
    volume = volumes_of(spot.now_all("units", spot.name))[0].replace("`", "'")
    filled = action.replace("{unit}", spot.name.replace("`", "'")).replace("{volume}", volume)
    return Told(f"{told}: {happens}", filled)


def _volume(spot: Spot) -> str:
    return ticked(f"{spot.project}_{volumes_of(spot.now_all('units', spot.name))[0]}")


def _keeps_data(spot: Spot) -> bool:
    """Whether the same volume was there before."""
    old, new = spot.was_all("units", spot.name), spot.now_all("units", spot.name)
    same = new.get("kind") == "infrastructure" and volumes_of(new) and volumes_of(old) == volumes_of(new)
    return bool(same) and as_mapping(old.get("settings")).get("type") == as_mapping(new.get("settings")).get("type")


def _upgrade(spot: Spot) -> Upgrade:
    return _UPGRADES.get(str(spot.now("units", spot.name, "settings", "type")), _UNKNOWN)


def _step(spot: Spot) -> Step:
    old, new = _reference(spot.was_all("units", spot.name)), _reference(spot.now_all("units", spot.name))
    (was, was_rest), (now, now_rest) = _numbers(old[1]), _numbers(new[1])
    return Step((old[0], new[0]), (was, now), (was_rest, now_rest), (old[1], new[1]))


def _reference(unit: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the tag of an image, whether they stand apart or in one reference."""
    image, version = str(unit.get("image", "")), str(unit.get("version", ""))
    if version:
        return image, version
    path, _, last = image.partition("@")[0].rpartition("/")
    name, _, tag = last.partition(":")
    return f"{path}/{name}" if path else name, tag or "latest"


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
