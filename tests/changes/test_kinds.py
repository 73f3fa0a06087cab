from __future__ import annotations

import copy
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from compiler.changes import Weight, tell_changes
from compiler.changes.kinds import AREAS, kinds_of_change
from tests.changes.cases import BASE, CASES, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from syrupy.assertion import SnapshotAssertion

    from compiler.changes import Change
    from compiler.changes.kind import ChangeKind

KINDS: Mapping[str, ChangeKind] = {kind.name: kind for kinds in kinds_of_change().values() for kind in kinds}
EDITS: Mapping[str, tuple[str, Any]] = {
    "host-port-unfixed": ("units/api/ports/default/host", 0),
    "host-port-fixed": ("units/api/ports/default/host", 8001),
    "port-variable-renamed": ("units/api/ports/default/variable", "OTHER_PORT"),
    "gateway-address-changed": ("gateway/public_url", "http://elsewhere"),
    "generated-mount-changed": ("units/gateway/mounts/~etc~nginx~conf.d~default.conf/source", "nginx/other.conf"),
    "job-changed": ("units/db-orders/command", ["psql"]),
    "hostname-changed": ("units/db/hostname", "db"),
    "dependency-calls-changed": ("integration_points/api -> db/calls", False),
    "something-else": ("more", {"of": "it"}),
}
"""What another version of Periplus or of a kind can bring about, but no manifest: a path in the plan, and its value."""


def edited(path: str, value: object) -> dict[str, Any]:
    """The plan of the manifest with one value replaced; `~` is a slash."""
    found = copy.deepcopy(document(BASE))
    *way, last = (key.replace("~", "/") for key in path.split("/"))
    inner = found["plan"]
    for key in way:
        inner = inner[key]
    inner[last] = value
    return found


@cache
def changes_of(name: str) -> tuple[Change, ...]:
    """What is told of the case of a kind."""
    if name in CASES:
        return tell_changes(document(CASES[name].before), document(CASES[name].after))
    path, value = EDITS[name]
    before = edited(path, 0) if name == "host-port-fixed" else document(BASE)
    return tell_changes(before, edited(path, value))


def test_every_kind_has_a_case_and_no_case_is_of_no_kind() -> None:
    assert {*CASES, *EDITS} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_case_of_a_kind_is_told_with_its_weight(name: str) -> None:
    told = [change for change in changes_of(name) if change.kind == name]
    assert told
    assert {change.weight for change in told} == {KINDS[name].weight}


def test_how_each_kind_reads(snapshot: SnapshotAssertion) -> None:
    lines = [
        f"{kind.weight.value} {name} [{change.subject}]: {change.told}"
        + (f"\n  do: {change.action}" if change.action else "")
        for name, kind in KINDS.items()
        for change in changes_of(name)
        if change.kind == name
    ]
    assert "\n".join(lines) == snapshot


def test_what_else_is_told_of_each_case(snapshot: SnapshotAssertion) -> None:
    """Nothing is told twice in other words: a follower is told with its cause."""
    lines = {name: [change.kind for change in changes_of(name) if change.kind != name] for name in KINDS}
    assert "\n".join(f"{name}: {', '.join(others)}" for name, others in lines.items() if others) == snapshot


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_documented(kind: ChangeKind) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.name)
    assert kind.meaning.endswith(".")
    assert not kind.action.endswith(".")
    assert kind.action or kind.weight is not Weight.BREAKING, "whoever breaks something says what to do"


@pytest.mark.parametrize("name", KINDS)
def test_a_sentence_is_one_line_of_ticked_words(name: str) -> None:
    for change in changes_of(name):
        for text in (change.told, change.action):
            assert "\n" not in text
            assert text.count("`") % 2 == 0
            assert "``" not in text
            assert not text.endswith(".")
        assert change.subject
        assert change.place.startswith("/")


def test_no_kind_stands_in_two_areas() -> None:
    names = [kind.name for kinds in kinds_of_change().values() for kind in kinds]
    assert len(names) == len(set(names))
    assert set(AREAS) < set(kinds_of_change())


def test_a_dump_is_named_where_postgresql_will_not_start() -> None:
    (told,) = (one for one in changes_of("database-major-changed") if one.weight is Weight.BREAKING)
    assert "it will not start" in told.told
    assert "`shop_db-data`" in told.told
    for step in ("pg_dumpall", "`volume: db-data-new`", "restore"):
        assert step in told.action


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("version: 7.2", "version: 8.2", "database-version-changed"),
        ("version: 7.2", "version: 7.0", "database-downgraded"),
        ("version: 7.2", "version: 7", "database-version-changed"),
        ("    version: 7.2\n", "    image: redis:8\n", "database-version-changed"),
        ("    version: 15.2\n", "    image: postgres:16-alpine\n", "database-major-changed"),
        ("    version: 15.2\n", f"    image: postgres:15.2-alpine@sha256:{'0' * 64}\n", "database-version-changed"),
        ("    version: 15.2\n", "    image: postgres:latest\n", "database-image-changed"),
        ("    version: 15.2\n", "    version: 16.1\n    volume: fresh\n", "database-major-changed"),
        ("    version: 15.2\n", "    version: 15.8\n    volume: fresh\n", "database-version-changed"),
        ("    version: 7.2\n", "    version: 7.0\n    volume: fresh\n", "database-downgraded"),
    ],
)
def test_what_a_version_does_to_data(before: str, after: str, kind: str) -> None:
    told = tell_changes(document(BASE), document(BASE.replace(before, after)))
    assert [one.kind for one in told if one.kind.startswith(("database", "image"))] == [kind]


def test_from_postgresql_18_on_the_data_stands_elsewhere_which_is_told_with_the_version() -> None:
    told = tell_changes(document(BASE), document(BASE.replace("version: 15.2", "version: 18.0")))
    assert [one.kind for one in told] == ["database-major-changed"]


@pytest.mark.parametrize("version", ["16.1", "18.0"])
def test_a_major_version_with_an_empty_volume_needs_a_dump_and_no_copy(version: str) -> None:
    after = BASE.replace("    version: 15.2\n", f"    version: {version}\n    volume: fresh\n")
    told = tell_changes(document(BASE), document(after))
    (breaking,) = [one for one in told if one.weight is Weight.BREAKING]
    assert breaking.kind == "database-major-changed"
    assert "`shop_fresh`" in breaking.told
    assert "`shop_db-data`" in breaking.told
    steps = [breaking.action.index(step) for step in ("pg_dumpall", "up -d --wait db`", "<dump.sql", "`start.sh`")]
    assert steps == sorted(steps)
    assert "docker run" not in breaking.action
    assert "volume:" not in breaking.action


def test_an_action_is_never_shortened() -> None:
    name = "a-volume-with-quite-a-long-name-" * 3
    before = BASE.replace("    version: 15.2\n", f"    version: 15.2\n    volume: {name}old\n")
    after = BASE.replace("    version: 15.2\n", f"    version: 15.2\n    volume: {name}new\n")
    (one,) = tell_changes(document(before), document(after))
    copy = f"docker run --rm -v shop_{name}old:/from:ro -v shop_{name}new:/to alpine cp -a /from/. /to"
    assert one.action == f"keep the name `{name}old`, or stop the unit and copy the data: `{copy}`"


def test_a_renamed_instance_keeps_its_passwords_in_its_volume() -> None:
    told = changes_of("infrastructure-renamed-with-passwords")
    (one,) = [one for one in told if one.weight is Weight.BREAKING]
    assert one.action == (
        "give `PG_ORDERS_PASSWORD` the value of `DB_ORDERS_PASSWORD`, `PG_PASSWORD` the value of `DB_PASSWORD` "
        "in each `.env` before the start"
    )
    assert not [one for one in told if one.kind.startswith(("secret", "volume", "infrastructure-added"))]


def test_a_version_that_changes_with_the_name_of_an_instance_is_told() -> None:
    case = CASES["infrastructure-renamed-with-passwords"]
    (one, *_) = tell_changes(document(BASE), document(case.after.replace("15.2", "16.1")))
    assert one.action.endswith(
        "it runs `postgres:16.1-alpine` over the data of `postgres:15.2-alpine`: rename first, upgrade later"
    )


STOCK_TOO = BASE.replace("      orders:\n", "      orders:\n      stock:\n").replace(
    "      PLAIN: one\n", "      PLAIN: one\n      STOCK_URL: ${db.stock.url}\n"
)


@pytest.mark.parametrize(
    ("before", "pairs", "renamed"),
    [
        (STOCK_TOO, {"orders:": "sales:", "db.orders": "db.sales"}, ["db.orders"]),
        (
            STOCK_TOO,
            {"orders:": "sales:", "db.orders": "db.sales", "stock:": "goods:", "db.stock": "db.goods"},
            ["db.orders", "db.stock"],
        ),
        (STOCK_TOO, {"orders:": "sales:", "db.orders": "db.stock", "db.stock": "db.sales"}, []),
        (BASE.replace("${db.orders.url}", "none"), {"orders:": "sales:"}, []),
    ],
)
def test_which_database_looks_renamed(before: str, pairs: Mapping[str, str], renamed: list[str]) -> None:
    after = re.sub("|".join(map(re.escape, pairs)), lambda match: pairs[match.group()], before)
    told = tell_changes(document(before), document(after))
    assert [one.subject for one in told if one.kind == "database-renamed"] == renamed
    assert any(one.kind == "database-removed" for one in told) == (not renamed)


def test_the_tables_of_a_renamed_database_go_to_its_new_login() -> None:
    (one, *_) = changes_of("database-renamed")
    assert '`ALTER DATABASE "orders" RENAME TO "sales"`, then `ALTER ROLE "orders" RENAME TO "sales"`' in one.action
    owned = BASE.replace("      orders:\n", "      orders:\n        owner: clerk\n")
    after = owned.replace("orders:\n", "sales:\n").replace("db.orders", "db.sales")
    (one, *_) = tell_changes(document(owned), document(after))
    assert "ROLE" not in one.action


def test_an_old_port_that_another_unit_has_is_not_to_be_set_again() -> None:
    after = BASE.replace("8001:", "8003:").replace("8002:", "8001:")
    api, web = [one for one in tell_changes(document(BASE), document(after)) if one.kind == "host-port-changed"]
    assert api.action.endswith("`8001` belongs to `web` from now on")
    assert web.action.endswith("who needs the old one sets `WEB_PORT=8002` in `.env`")
