"""Many projects claim in one registry at once, as real processes."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from compiler.hands.guard import alone
from tests.commands.project import command_line, surroundings, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

TWENTY = [f"project-{number}" for number in range(20)]
SHARED: dict[str, dict[str, str]] = {
    "metadata": {"note": "ours"},
    "allocations": {"21001": "bank/web", "21000": "bank/api", "9": "shared"},
}
MANIFEST = """\
version: 1
name: {name}
ports:
  range: 21000-21199
  registry: ../PORTS.json
services:
  api:
    image: example/api:1
    port: 8000
  web:
    image: example/web:1
    port: 3000
"""


def repository(folder: Path, *, is_empty: bool = False) -> Path:
    """Twenty projects over one registry."""
    (folder / ".git").mkdir(parents=True)
    write(folder, {f"{name}/integration.yaml": MANIFEST.format(name=name) for name in TWENTY})
    if not is_empty:
        write(folder, {"PORTS.json": json.dumps(SHARED, indent=2)})
    return folder


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command line as a process, not waited for."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command_line(*words), cwd=folder, env=surroundings(), text=True, **streams)  # type: ignore[call-overload,no-any-return]


def claim_all(folder: Path, names: list[str]) -> None:
    """Every project claims, all at once; a machine so busy that patience ends says so, and may be asked again."""
    left = names
    while left:
        running = {name: started(folder / name, "ports", "claim") for name in left}
        told = {name: process.communicate() for name, process in running.items()}
        left = [name for name, process in running.items() if process.returncode == 3]
        assert all("another periplus is at work" in told[name][1] for name in left), told
        assert {process.returncode for process in running.values()} <= {0, 3}, told


@pytest.mark.parametrize(("names", "others"), [(TWENTY, SHARED["allocations"]), (TWENTY[:6], {})])
def test_many_projects_at_once_lose_no_entry(names: list[str], others: dict[str, str], tmp_path: Path) -> None:
    folder = repository(tmp_path / "all", is_empty=not others)
    claim_all(folder, names)
    owners: dict[str, str] = json.loads((folder / "PORTS.json").read_text())["allocations"]
    ours = {owner for owner in owners.values() if owner.startswith("project-")}
    assert ours == {f"{name}/{service}" for name in names for service in ("api", "web")}
    assert {port: owner for port, owner in owners.items() if owner not in ours} == others
    assert len(owners) == len(ours) + len(others), "one port each"
    assert {path.name for path in folder.iterdir()} == {".git", "PORTS.json", *TWENTY}


def test_killed_at_any_time_the_registry_is_whole_and_the_next_claim_is_right(tmp_path: Path) -> None:
    folder, names = repository(tmp_path / "all"), TWENTY[:6]
    for name in names:
        process = started(folder / name, "ports", "claim")
        while process.poll() is None and not list(folder.glob(".periplus-*")):
            pass
        process.kill()
        process.communicate()
        after: dict[str, str] = json.loads((folder / "PORTS.json").read_text())["allocations"]
        assert set(SHARED["allocations"].items()) <= set(after.items())
        assert len(after) % 2 == 1, "all of a project's entries, or none"
    claim_all(folder, names)
    assert len(json.loads((folder / "PORTS.json").read_text())["allocations"]) == 3 + 2 * len(names)
    assert not list(folder.glob(".periplus-*"))


def test_who_waits_too_long_gives_up_and_writes_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path / "all")
    before = (folder / "PORTS.json").read_bytes()
    with alone(folder / "PORTS.json"):
        running = [started(folder / TWENTY[0], "ports", word) for word in ("claim", "release")]
        for process in running:
            out, err = process.communicate()
            assert (process.returncode, out) == (3, "")
            assert (
                err
                == "another periplus is at work on `../PORTS.json`: nothing was written, try again when it is done\n"
            )
    assert (folder / "PORTS.json").read_bytes() == before
