"""The drill: whatever else changes, nobody's host port moves; and two branches that took one port agree again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.hands.shipped import shipped_files
from compiler.model.registry import Registry
from compiler.pipeline import Request, lock_text, plan_manifest
from compiler.render.ports import published_ports
from tests.support import MappingFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.pipeline import Planned

FIRST, LAST = 9000, 9031
LOCK, REGISTRY = "integration.lock.json", "PORTS.json"
NAMES = ["api", "bank", "cart", "door", "edge", "fund", "gate"]
OTHERS = ["bank/x", "shopping/web"]
OURS = ["shop", "shop/api", "shop/bank", "shop/cart/admin", "shop/old"]


class Wanted(NamedTuple):
    """A service: the host port that is written, 0 where one is allocated; whether it has a second; is it dev's alone."""

    host: int
    has_admin: bool
    is_dev: bool


class Given(NamedTuple):
    """What a registry says."""

    owners: Mapping[int, str]
    ranges: Mapping[str, str]


WANTED = st.builds(Wanted, st.just(0) | st.integers(FIRST, LAST + 20), st.booleans(), st.booleans())
SPANS = st.tuples(st.integers(FIRST - 5, LAST), st.integers(0, 30)).map(lambda two: f"{two[0]}-{sum(two)}")
RANGES = st.dictionaries(st.sampled_from(["shop", "bank", "odd"]), SPANS | st.just("none"), max_size=3)


@st.composite
def systems(draw: st.DrawFn) -> dict[str, Wanted]:
    """Services in any order, no two written on one host port."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    found: dict[str, Wanted] = {}
    for name in names:
        one = draw(WANTED)
        pinned = {other.host for other in found.values()}
        found[name] = one._replace(host=0 if one.host in pinned else one.host)
    return found


@st.composite
def registries(draw: st.DrawFn, system: Mapping[str, Wanted]) -> Given:
    """A registry that gives to others nothing that is written here."""
    pinned = {one.host for one in system.values()}
    ports = draw(st.sets(st.integers(FIRST - 1, FIRST + 14), max_size=10))
    owners = {port: draw(st.sampled_from(OURS if port in pinned else [*OTHERS, *OURS])) for port in ports}
    return Given(owners, draw(RANGES))


def manifest_text(system: Mapping[str, Wanted]) -> str:
    """The manifest of a system, those of dev alone under its own head."""
    head = f"version: 1\nname: shop\nports:\n  range: {FIRST}-{LAST}\n  registry: {REGISTRY}\n"
    common = {name: one for name, one in system.items() if not one.is_dev}
    dev = {name: one for name, one in system.items() if one.is_dev}
    services = _services(common, "") or "  lone:\n    image: x:1\n"
    further = _services(dev, "    ")
    return f"{head}services:\n{services}" + (f"environments:\n  dev:\n    services:\n{further}" if dev else "")


def _services(system: Mapping[str, Wanted], indent: str) -> str:
    return "".join(
        f"{indent}  {name}:\n{indent}    image: x:1\n{indent}    port: {f'{one.host}:' if one.host else ''}80\n"
        + (f"{indent}    ports:\n{indent}      admin: 81\n" if one.has_admin else "")
        for name, one in system.items()
    )


def planned(system: Mapping[str, Wanted], registry: Given, lock: str = "") -> Planned:
    """The system as it is decided; it has no error."""
    said = {
        "metadata": {"port_ranges": registry.ranges},
        "allocations": {str(k): v for k, v in registry.owners.items()},
    }
    texts = {"integration.yaml": manifest_text(system), REGISTRY: json.dumps(said), **({LOCK: lock} if lock else {})}
    files = MappingFiles({path: text.encode() for path, text in texts.items()})
    found = plan_manifest(Request("integration.yaml", files, shipped_files(), lambda _output, _wanted: {}))
    assert found.compilation is not None, found.diagnostics
    return found


def ports_of(found: Planned) -> dict[str, int]:
    """The host port of every service and port, dev's too; each has one, and none is given twice."""
    assert found.compilation is not None
    ports = {one.key: one.port for one in published_ports(found.compilation, found.lock.ports, {}, Registry())}
    assert len(set(ports.values())) == len(ports)
    return ports


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, Wanted], Given, dict[str, Wanted], Given]:
    """A system with its registry, and both again after edits that concern nobody's port.

    Services come, go and change places; the registry gives away ports that nobody here has, and means ranges for
    whomever it likes.
    """
    system = draw(systems())
    registry = draw(registries(system))
    kept = {name: one for name, one in system.items() if draw(st.booleans())}
    added = {name: one for name, one in draw(systems()).items() if name not in system}
    held = {*ports_of(planned(system, registry)).values()}
    added = {name: one._replace(host=0 if one.host in held else one.host) for name, one in added.items()}
    order = draw(st.permutations([*kept, *added]))
    after = {name: {**kept, **added}[name] for name in order}
    then = draw(registries(after))
    foreign = {port: owner for port, owner in then.owners.items() if port not in held or owner in OURS}
    return system, registry, after, then._replace(owners=foreign)


@settings(max_examples=15)
@given(changes())
def test_nobodys_port_moves(change: tuple[dict[str, Wanted], Given, dict[str, Wanted], Given]) -> None:
    system, registry, after, then = change
    first = planned(system, registry)
    before, found = ports_of(first), planned(after, then, lock_text(first))
    now = ports_of(found)
    assert {key: now[key] for key in before if key in now} == {key: before[key] for key in before if key in now}
    allocated = {key: port for key, port in now.items() if found.lock.ports.get(key) == port}
    foreign = {port for port, owner in then.owners.items() if owner in OTHERS}
    assert not foreign & set(now.values())
    assert all(FIRST <= port <= LAST for port in allocated.values())
    again = planned(after, then, lock_text(found))
    assert (ports_of(again), lock_text(again)) == (now, lock_text(found))


@settings(max_examples=15)
@given(systems(), st.data())
def test_what_is_claimed_comes_back_without_the_lock(system: dict[str, Wanted], data: st.DataObject) -> None:
    registry = data.draw(registries(system))
    ports = ports_of(planned(system, registry))
    owners = {port: owner for port, owner in registry.owners.items() if owner not in OURS}
    claimed = {**owners, **{port: f"shop/{key}" for key, port in ports.items()}}
    order = data.draw(st.permutations(list(system)))
    again = planned({name: system[name] for name in order}, Given(claimed, data.draw(RANGES)))
    assert ports_of(again) == ports


class Branches(NamedTuple):
    """What two branches make of one system."""

    base: dict[str, Wanted]
    ours: dict[str, Wanted]
    theirs: dict[str, Wanted]


@st.composite
def branches(draw: st.DrawFn) -> Branches:
    """Two branches that each add services, in places of their own; all of it is allocated."""
    names = draw(st.permutations(NAMES))
    ends = sorted(draw(st.tuples(st.integers(0, 3), st.integers(3, 7))))
    base, ours, theirs = (
        {name: Wanted(0, draw(st.booleans()), is_dev=False) for name in part}
        for part in (names[: ends[0]], names[ends[0] : ends[1]], names[ends[1] :])
    )
    return Branches(base, draw(mixed(base, ours)), draw(mixed(base, theirs)))


def mixed(*parts: Mapping[str, Wanted]) -> st.SearchStrategy[dict[str, Wanted]]:
    """All services of the parts, in any order."""
    every = {name: one for part in parts for name, one in part.items()}
    return st.permutations(list(every)).map(lambda names: {name: every[name] for name in names})


def in_conflict(ours: str, theirs: str) -> str:
    """Two locks as git leaves them: the lines that both begin and end with, and the marks around the rest."""
    one, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    if one == other:
        return ours
    start = next(index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    backwards = zip(reversed(one[start:]), reversed(other[start:]), strict=False)
    end = next((index for index, pair in enumerate(backwards) if pair[0] != pair[1]), min(len(one), len(other)) - start)
    marked = ["<<<<<<< HEAD\n", *one[start : len(one) - end], "=======\n", *other[start : len(other) - end]]
    return "".join([*one[:start], *marked, ">>>>>>> theirs\n", *one[len(one) - end :]])


@settings(max_examples=15)
@given(branches(), st.data())
def test_two_branches_that_took_one_port_agree_again(branch: Branches, data: st.DataObject) -> None:
    registry = Given({}, data.draw(RANGES))
    base = planned(branch.base, registry)
    ours, theirs = (planned(one, registry, lock_text(base)) for one in (branch.ours, branch.theirs))
    merged = data.draw(mixed(branch.ours, branch.theirs))
    found = planned(merged, registry, in_conflict(lock_text(ours), lock_text(theirs)))
    ports = ports_of(found)
    other_way = planned(merged, registry, in_conflict(lock_text(theirs), lock_text(ours)))
    assert ports_of(other_way) == ports, "whoever merges whom"
    held: dict[int, list[str]] = {}
    for key, port in {*ours.lock.ports.items(), *theirs.lock.ports.items()}:
        held.setdefault(port, []).append(key)
    for port, keys in held.items():
        assert ports[min(keys)] == port, "of two holders the smaller name keeps it"
    assert {key: ports[key] for key in base.lock.ports} == base.lock.ports
    again = planned(merged, registry, lock_text(found))
    assert (ports_of(again), again.diagnostics) == (ports, ())


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("a\nb\nz\n", "a\nc\nz\n", "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> theirs\nz\n"),
        ("a\nz\n", "a\nc\nz\n", "a\n<<<<<<< HEAD\n=======\nc\n>>>>>>> theirs\nz\n"),
    ],
)
def test_what_a_conflict_is(ours: str, theirs: str, expected: str) -> None:
    assert in_conflict(ours, theirs) == expected
