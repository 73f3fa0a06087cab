"""Several runs at once, and runs that are killed: every file is whole, and the next run makes it right."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from tests.commands.project import (
    MANIFEST,
    OUTPUT,
    command_line,
    compiled,
    contents,
    periplus,
    project,
    surroundings,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

DATABASE = "  db:\n    type: postgres\n    databases:\n      shop:\nservices:"
LARGER = (
    MANIFEST.replace("services:", DATABASE)
    .replace("name: shop", "name: store")
    .replace("GREETING: hello", "DATABASE_URL: ${db.shop.url}")
)
ROUNDS = 8


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command_line("compile", *arguments),
        cwd=folder,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def temporaries(folder: Path) -> list[str]:
    return [path for path in contents(folder) if path.endswith(".tmp")]


def test_two_at_once_both_end_well(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    runs = [started(folder) for _ in range(3)]
    outcomes = [(*run.communicate(), run.returncode) for run in runs]
    assert [(err, code) for _, err, code in outcomes] == [("", 0)] * 3
    assert sum("created" in out for out, _, _ in outcomes) == 1
    assert contents(folder) == contents(compiled(tmp_path / "alone"))


def test_two_manifests_in_one_folder_at_once_in_either_order(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"b.integration.yaml": LARGER})
    names = ["integration.yaml", "b.integration.yaml"]
    runs = [started(folder, *names), started(folder, *reversed(names)), started(folder, names[1])]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [("", 0)] * 3
    assert temporaries(folder) == []
    assert periplus(folder, "compile", "--check", *names).code == 0


def kill_while_writing(folder: Path, delay_s: float) -> None:
    """Start a compilation, wait until it writes, and kill it a little later."""
    run = started(folder)
    while run.poll() is None and not any(folder.rglob(".periplus-*")):
        time.sleep(0.0005)
    time.sleep(delay_s)
    run.kill()
    run.communicate()


def test_killed_at_any_instant_every_file_is_whole_and_the_next_run_makes_it_right(tmp_path: Path) -> None:
    small, large = (compiled(tmp_path / name, integration__yaml=text) for name, text in _MANIFESTS.items())
    trees = [contents(small), contents(large)]
    folder = shutil.copytree(small, tmp_path / "victim")
    pick = random.Random(20)
    for number in range(ROUNDS):
        tree = trees[(number + 1) % 2]
        (folder / "integration.yaml").write_bytes(tree["integration.yaml"])
        if number % 3 == 0:
            shutil.rmtree(folder / OUTPUT)
        kill_while_writing(folder, pick.choice([0, 0.001, 0.004, 0.008, 0.015]))
        whole = {path: content for path, content in contents(folder).items() if not path.endswith(".tmp")}
        assert all(content in {one.get(path) for one in trees} for path, content in whole.items())
        outcome = periplus(folder, "compile")
        assert (outcome.code, outcome.err) == (0, "")
        assert temporaries(folder) == []
        assert contents(folder) == tree


def test_what_a_killed_run_left_goes_even_where_nothing_else_is_to_do(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    left = {f"{OUTPUT}/.periplus-plan.json.77.tmp": "{", ".periplus-integration.lock.json.77.tmp": "{"}
    write(folder, left)
    assert periplus(folder, "compile").code == 0
    assert not set(left) & set(contents(folder))


_MANIFESTS = {"small": MANIFEST, "large": LARGER}
