"""The same answers give the same bytes: whatever the machine, the locale, the hash seed, the umask or the path."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import pytest

from compiler.hands.disk import DiskFiles, look
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.pipeline import Request, compile_manifest
from tests.support import ROOT, committed_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXAMPLE = ROOT / "examples" / "02-trading"
SEEDS = tuple(str(seed) for seed in range(10))


@cache
def locales() -> tuple[str, ...]:
    """The locales this machine really has, ten at most; the ones that mean least first."""
    run = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)
    found = sorted(set(run.stdout.split()), key=lambda name: (name not in {"C", "POSIX", "C.utf8", "tr_TR.utf8"}, name))
    return tuple(found[:10]) or ("C",)


class World(NamedTuple):
    """What must make no difference."""

    folder: str = "clone"
    seed: str = "0"
    locale: str = "C.UTF-8"
    umask: int = 0o022
    zone: str = "UTC"


FOLDERS = ("clone", "a clone with spaces/and 'quotes' é/deep", "x")
UMASKS = (0o022, 0o077, 0o000)
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns")


def worlds() -> tuple[World, ...]:
    """Every seed, every locale, every umask, folder and zone at least once; the first is the plain one."""
    count = max(len(SEEDS), len(locales()) + 1)
    varied = (
        World(
            FOLDERS[number % len(FOLDERS)],
            SEEDS[number % len(SEEDS)],
            locales()[number % len(locales())],
            UMASKS[number % len(UMASKS)],
            ZONES[number % len(ZONES)],
        )
        for number in range(1, count)
    )
    return (World(), *varied)


def clone(folder: Path) -> Path:
    """A copy of the example without what was generated, in a repository of its own."""
    (folder / ".git").mkdir(parents=True)
    target = folder / "example"
    shutil.copytree(EXAMPLE, target, ignore=shutil.ignore_patterns("integration", "integration.lock.json"))
    return target


def compile_in(example: Path, world: World) -> None:
    """Run the real command line. A start through `-c` keeps the child's umask its own."""
    program = "import os, sys; os.umask(int(sys.argv.pop(1))); from compiler.__main__ import main; main()"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": world.seed,
        "PYTHONPATH": str(ROOT),
        "LC_ALL": world.locale,
        "TZ": world.zone,
        "HOME": "/nonexistent",
    }
    run = subprocess.run(
        [sys.executable, "-c", program, str(world.umask), "compile"],
        cwd=example,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode(errors="replace")


def written(example: Path) -> dict[str, tuple[bytes, int]]:
    """Every generated file with its bytes and mode, the folders' modes, and the lock; not what git ignores."""
    found = (path for path in sorted((example / "integration").rglob("*")) if path.name != "unchanged")
    paths = (example / "integration.lock.json", example / "integration", *found)
    return {
        path.relative_to(example).as_posix(): (
            path.read_bytes() if path.is_file() else b"",
            stat.S_IMODE(path.stat().st_mode),
        )
        for path in paths
    }


def test_every_world_gives_the_same_bytes_and_modes(tmp_path: Path) -> None:
    all_worlds = worlds()
    folders = [clone(tmp_path / str(number) / world.folder) for number, world in enumerate(all_worlds)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(compile_in, folders, all_worlds))
    expected = written(folders[0])
    assert len(expected) > 20
    different = {
        world: [path for path in {*expected, *found} if expected.get(path) != found.get(path)]
        for world, found in zip(all_worlds, map(written, folders), strict=True)
    }
    assert {world: paths for world, paths in different.items() if paths} == {}
    committed = {f"integration/{path}": file.read_bytes() for path, file in committed_tree(EXAMPLE).items()}
    assert {path: content for path, (content, _) in expected.items() if path in committed} == committed


def test_a_second_compile_writes_nothing(tmp_path: Path) -> None:
    example = clone(tmp_path / "clone")
    compile_in(example, World())
    before = {path: path.stat() for path in (example, *sorted(example.rglob("*")))}
    compile_in(example, World(seed="1", umask=0o077, zone="Asia/Tokyo"))
    after = {path: path.stat() for path in (example, *sorted(example.rglob("*")))}
    assert [path for path in before if before[path].st_mtime_ns != after[path].st_mtime_ns] == []
    assert [path for path in before if before[path].st_ino != after[path].st_ino] == []
    assert before.keys() == after.keys()


class Entries(list["os.DirEntry[str]"]):
    """What `os.scandir` gives: entries that are closed again."""

    def __enter__(self) -> Self:
        """The entries."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_on_disk_makes_no_difference(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    backwards: bool,
) -> None:
    """The disk gives names in its own order: here in either one."""
    scandir, listdir = os.scandir, os.listdir
    monkeypatch.setattr(
        os, "scandir", lambda at=".": Entries(sorted(scandir(at), key=lambda one: one.name, reverse=backwards))
    )
    monkeypatch.setattr(os, "listdir", lambda at=".": sorted(listdir(at), reverse=backwards))
    for name in "badc":
        (tmp_path / "parts").mkdir(exist_ok=True)
        (tmp_path / "integration" / name).mkdir(parents=True)
        (tmp_path / "integration" / name / "note").write_text("mine", encoding="utf-8")
        text = f"version: 1\nservices:\n  {name}:\n    image: x\n    port: 80\n"
        (tmp_path / "parts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    manifest = "version: 1\nname: shop\ninclude:\n  - parts/*.yaml\n"
    (tmp_path / "integration.yaml").write_text(manifest, encoding="utf-8")
    assert os.listdir(tmp_path / "parts")[0] == ("d.yaml" if backwards else "a.yaml")  # noqa: PTH208

    def seen(output: str, wanted: Iterable[str]) -> Mapping[str, Standing]:
        return look(tmp_path / output, wanted)

    compiled = compile_manifest(Request("integration.yaml", DiskFiles(tmp_path, tmp_path), shipped_files(), seen))
    assert compiled.planned.compilation is not None
    assert list(compiled.planned.compilation.base.units) == ["a", "b", "c", "d"]
    assert compiled.planned.lock.ports == {"a": 8000, "b": 8001, "c": 8002, "d": 8003}
    assert list(compiled.standing)[-4:] == ["a/note", "b/note", "c/note", "d/note"]
    assert [one.path for one in compiled.decisions] == list(compiled.tree)
