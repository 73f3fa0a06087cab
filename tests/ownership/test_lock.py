from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compiler.model.source import Place
from compiler.ownership.lock import Lock, Read, is_older, is_same_lock, read_lock, write_lock

LOCK = Lock("0.1.0", {"web": 3000, "api/metrics": 9090}, {"db/postgres": "15.4"})
KEPT = LOCK._replace(kept=("README.md", "scripts/start.sh"))


def read(text: str | bytes, version: str = "0.1.0") -> Read:
    return read_lock(
        text if isinstance(text, str) else text.decode("utf-8", "replace"), "integration.lock.json", version
    )


def kinds(found: Read) -> list[str]:
    return [defect.kind for defect in found.defects]


def lock_with(**entries: object) -> str:
    return json.dumps({"format": 1, "periplus": "0.1.0", "ports": {}, "versions": {}, **entries})


def test_no_lock_is_an_empty_one() -> None:
    assert read_lock(None, "integration.lock.json", "0.1.0") == Read(Lock())


def entries(found: Read) -> list[str]:
    """What was left out of a lock, as its one notice says."""
    assert [notice.kind for notice in found.notices] in ([], ["lock.entry"])
    return [entry for notice in found.notices for entry in notice.facts["entries"].split("\n")]


def test_what_is_written_is_read_again() -> None:
    assert read(write_lock(LOCK)) == Read(LOCK)
    assert read(write_lock(KEPT)) == Read(KEPT)


def test_one_entry_a_line_sorted_by_name() -> None:
    assert write_lock(LOCK) == (
        "{\n"
        '  "format": 1,\n'
        '  "periplus": "0.1.0",\n'
        '  "ports": {\n'
        '    "api/metrics": 9090,\n'
        '    "web": 3000\n'
        "  },\n"
        '  "versions": {\n'
        '    "db/postgres": "15.4"\n'
        "  }\n"
        "}\n"
    )


def test_kept_paths_stand_one_a_line_and_not_at_all_where_there_are_none() -> None:
    assert write_lock(KEPT._replace(kept=("scripts/start.sh", "README.md"))) == write_lock(LOCK).replace(
        '"15.4"\n  }\n', '"15.4"\n  },\n  "kept": [\n    "README.md",\n    "scripts/start.sh"\n  ]\n'
    )


names = st.from_regex(r"[a-z][a-z0-9-]{0,20}(/[a-z]{1,9})?", fullmatch=True)
locks = st.builds(
    Lock,
    st.from_regex(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True),
    st.dictionaries(names, st.integers(1, 65_535)),
    st.dictionaries(names, st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)),
    st.frozensets(names).map(lambda found: tuple(sorted(found))),
)


@settings(max_examples=40)
@given(locks)
def test_any_lock_is_read_as_it_was_written(lock: Lock) -> None:
    assert read_lock(write_lock(lock), "integration.lock.json", lock.periplus) == Read(lock)


@settings(max_examples=40)
@given(locks, names, st.integers(1, 65_535))
def test_one_more_port_is_one_more_line(lock: Lock, name: str, port: int) -> None:
    assume(lock.ports)
    before, after = (set(write_lock(one).replace(",\n", "\n").split("\n")) for one in (lock, _with(lock, name, port)))
    assert after - before <= {f'    "{name}": {port}'}


def _with(lock: Lock, name: str, port: int) -> Lock:
    return lock._replace(ports={**lock.ports, name: port})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        "{}",
        '{"format": "1"}',
        '{"format": true}',
        b"\xff\xfe",
        b"\x00" * 100,
        "[" * 100_000,
        '{"format": 1, "a":' * 50_000,
        '{"format": ' + "9" * 5_000 + "}",
    ],
)
def test_what_is_no_lock_is_unreadable(text: str | bytes) -> None:
    assert kinds(read(text)) == ["lock.unreadable"]
    assert read(text).lock == Lock()


def test_huge_nesting_in_an_entry_is_left_out_or_unreadable() -> None:
    found = read('{"format": 1, "ports": {"a": ' + "[" * 500 + "]" * 500 + "}}")
    assert found.lock.ports == {}


CONFLICT = """\
{
  "format": 1,
  "periplus": "0.1.0",
  "ports": {
<<<<<<< ours
    "api": 3000
=======
    "web": 3000
>>>>>>> theirs
  },
  "versions": {}
}
"""


@pytest.mark.parametrize("text", [CONFLICT, CONFLICT.replace("=======\n", "||||||| base\n=======\n")])
def test_of_a_conflict_both_sides_count_and_of_two_holders_the_smaller_name(text: str) -> None:
    found = read(text)
    assert kinds(found) == []
    assert [(notice.kind, notice.at.line) for notice in found.notices if isinstance(notice.at, Place)] == [
        ("lock.conflict", 5)
    ]
    assert found.lock.ports == {"api": 3000}


def test_of_a_conflict_the_choices_of_both_sides_are_kept() -> None:
    assert read(CONFLICT.replace('"web": 3000', '"web": 3001')).lock.ports == {"api": 3000, "web": 3001}
    assert read(CONFLICT.replace('"web": 3000', '"api": 2999')).lock.ports == {"api": 2999}


def test_of_a_conflict_what_either_side_keeps_is_kept() -> None:
    ours, theirs = (write_lock(LOCK._replace(kept=kept)) for kept in (("README.md",), (".gitignore",)))
    mine, yours = (side.split('"kept": [\n')[1].split("  ]")[0] for side in (ours, theirs))
    text = ours.replace(mine, f"<<<<<<< ours\n{mine}=======\n{yours}>>>>>>> theirs\n")
    assert read(text).lock == LOCK._replace(kept=(".gitignore", "README.md"))


def test_a_conflict_that_leaves_no_lock_on_one_side_is_unreadable() -> None:
    found = read(CONFLICT.replace('"web": 3000', '"web": '))
    assert kinds(found) == ["lock.unreadable"]
    assert found.lock.ports == {}


@pytest.mark.parametrize(
    ("writer", "reader", "is_newer"),
    [
        ("0.2.0", "0.1.0", True),
        ("1.0.0", "0.9.9", True),
        ("0.10.0", "0.9.0", True),
        ("0.1.9", "0.1.0", False),
        ("0.1.0", "0.2.0", False),
        ("0.9.0", "0.10.0", False),
        ("", "0.1.0", False),
        ("nonsense", "0.1.0", False),
    ],
)
def test_a_lock_of_a_newer_periplus_is_not_read(writer: str, reader: str, is_newer: bool) -> None:
    found = read(lock_with(periplus=writer, ports={"a": 1}), reader)
    assert kinds(found) == (["lock.newer"] if is_newer else [])
    assert found.lock.ports == ({} if is_newer else {"a": 1})


@pytest.mark.parametrize(
    ("writer", "is_old"),
    [("0.9.9", True), ("0.10.0", True), ("0.11.0", False), ("0.11.7", False), ("", False), ("nonsense", False)],
)
def test_a_lock_of_an_older_minor_version_is_known_as_such(writer: str, is_old: bool) -> None:
    assert is_older(Lock(writer), "0.11.3") is is_old


def test_a_newer_format_is_not_read() -> None:
    assert kinds(read(lock_with(format=2))) == ["lock.newer"]
    assert [one.facts["format"] for one in read(lock_with(format=2)).defects] == ["2"]
    assert [one.facts["format"] for one in read(lock_with(periplus="0.2.0")).defects] == [""]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("0.1.0", "0.1.0", True),
        ("0.1.3", "0.1.0", True),
        ("0.1.0", "0.1.30", True),
        ("0.2.0", "0.1.0", False),
        ("1.1.0", "0.1.0", False),
        ("", "0.1.0", False),
        ("nonsense", "0.1.0", False),
    ],
)
def test_a_lock_that_differs_in_the_patch_version_alone_is_the_same(one: str, other: str, is_same: bool) -> None:
    ours, theirs = (write_lock(LOCK._replace(periplus=version)) for version in (one, other))
    assert (is_same_lock(ours, theirs), is_same_lock(theirs, ours)) == (is_same, is_same)
    assert not is_same_lock(ours, theirs.replace("3000", "3001"))
    assert not is_same_lock(ours, theirs.replace("\n", ""))


def test_an_entry_that_is_there_twice_is_told_where_it_is_said_again() -> None:
    text = write_lock(LOCK).replace('    "web": 3000\n', '    "web": 3000,\n    "web": 4000\n')
    found = read(text)
    (notice,) = found.notices
    assert found.lock.ports["web"] == 4000
    assert (notice.kind, notice.facts["entries"]) == ("lock.repeated", "web")
    assert notice.at == Place("integration.lock.json", line=text.split("\n").index('    "web": 4000') + 1)


def test_a_key_that_no_lock_has_counts_for_nothing() -> None:
    found = read(lock_with(prots={"web": 3000}))
    assert (found.lock, entries(found)) == (Lock("0.1.0"), ["prots"])


@pytest.mark.parametrize(
    "port", [-1, 0, 65_536, 10**30, True, False, "3000", 3000.0, None, [3000], {"host": 3000}, 1e999]
)
def test_a_port_that_is_none_is_left_out(port: object) -> None:
    found = read(lock_with(ports={"bad": port, "good": 3000}))
    assert (found.lock, entries(found)) == (Lock("0.1.0", {"good": 3000}), ["bad"])


@pytest.mark.parametrize(
    "version", ["", " ", "../x", "15/../..", "1 2", "1\n", "$(id)", "`id`", '"', "a" * 129, 15, True, None, ["15"]]
)
def test_a_version_that_is_none_is_left_out(version: object) -> None:
    found = read(lock_with(versions={"bad/postgres": version, "good/postgres": "15.4"}))
    assert (found.lock, entries(found)) == (Lock("0.1.0", {}, {"good/postgres": "15.4"}), ["bad/postgres"])


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "", "a/b/c", "a/../../x", "~/x", "a b", "a\n", "é"])
def test_the_name_of_no_unit_is_left_out(name: str) -> None:
    found = read(lock_with(ports={name: 3000}, versions={name: "1"}))
    assert (found.lock, set("\n".join(entries(found)).split("\n"))) == (Lock("0.1.0"), set(name.split("\n")))


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        "",
        ".",
        "a/..",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "a\nb",
        "a\0",
        ".periplus/unchanged",
        7,
        None,
    ],
)
def test_a_kept_path_that_leads_elsewhere_is_left_out(path: object) -> None:
    found = read(lock_with(kept=["README.md", path]))
    assert (found.lock.kept, bool(entries(found))) == (("README.md",), True)


def test_what_was_left_out_is_told_at_its_line() -> None:
    text = write_lock(KEPT).replace("README.md", "../x").replace("3000", "300000")
    found = read(text)
    (notice,) = found.notices
    assert (entries(found), notice.at) == (["web", "../x"], Place("integration.lock.json", line=6))


@pytest.mark.parametrize("value", [[1], "x", 7, None, True, {"ports": {}}])
def test_entries_of_another_shape_are_none(value: object) -> None:
    found = read(lock_with(ports=value, versions=value, kept="README.md"))
    assert (found.lock, entries(found)[-1]) == (Lock("0.1.0"), "kept")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"format": st.just(1)}, optional=dict.fromkeys(("periplus", "ports", "versions", "kept"), json_values)
    )
)
def test_whatever_it_says_only_ports_versions_and_paths_inside_come_out(value: dict[str, object]) -> None:
    lock = read(json.dumps(value)).lock
    assert all(type(port) is int and 0 < port < 65_536 for port in lock.ports.values())
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", version, re.ASCII) for version in lock.versions.values())
    assert all(not path.startswith("/") and ".." not in path.split("/") for path in lock.kept)


@given(st.binary(max_size=60))
def test_no_content_raises(content: bytes) -> None:
    assert read(content).defects
