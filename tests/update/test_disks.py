"""Real disks that are full or read-only, folders of somebody else, modes: nothing is half written, the file is named."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import (
    COMPOSE,
    LOCK,
    MANIFEST,
    OUTPUT,
    compiled,
    contents,
    edit,
    everything,
    periplus,
    project,
)
from tests.update.remember import remember
from tests.update.scenes import LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534
IS_ROOT = os.getuid() == 0
PAGE = 4096


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch.setattr)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(_mount(place, "size=4m"), check=False, capture_output=True).returncode
    ):
        pytest.skip("mounting is not permitted here")
    yield place
    subprocess.run(["umount", place], check=True)


def _mount(place: Path, options: str, kind: str = "tmpfs") -> list[str]:
    return ["mount", "-t", kind, "-o", options, "tmpfs", str(place)]


def again(place: Path, options: str) -> None:
    """Mount it again with other options."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


@contextlib.contextmanager
def somebody() -> Iterator[None]:
    """Not root, to whom everything is permitted."""
    os.seteuid(NOBODY if IS_ROOT else os.geteuid())
    try:
        yield
    finally:
        os.seteuid(os.getuid())


def fill(place: Path, pages: int) -> Path:
    """Fill the disk up to so many free pages."""
    free = shutil.disk_usage(place).free - pages * PAGE
    ballast = place / "ballast"
    ballast.write_bytes(b"x" * max(free, 0))
    return ballast


@pytest.mark.slow
def test_a_disk_that_is_full_after_so_many_pages(disk: Path, tmp_path: Path) -> None:
    fresh = contents(compiled(tmp_path / "fresh", integration__yaml=LARGE))
    folder = project(disk / "shop", integration__yaml=LARGE)
    codes = []
    for pages in range(0, 60, 3):
        ballast = fill(disk, pages)
        before = everything(folder)
        outcome = periplus(folder, "compile")
        codes.append(outcome.code)
        if outcome.code == 4:
            assert outcome.err.startswith(f"error: {folder}/")
            assert outcome.err.endswith(": No space left on device; nothing in `integration` was changed\n")
            assert ".tmp" not in outcome.err
            assert everything(folder) == before
        ballast.unlink()
        assert periplus(folder, "compile").code == 0
        assert contents(folder) == fresh
        shutil.rmtree(folder / OUTPUT)
        (folder / LOCK).unlink()
    assert set(codes) == {0, 4}


def test_a_disk_that_is_full(disk: Path) -> None:
    folder = compiled(disk / "shop")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    before = everything(folder)
    ballast = fill(disk, 1)
    outcome = periplus(folder, "compile")
    assert outcome.code == 4
    assert "No space left on device; nothing in `integration` was changed\n" in outcome.err
    ballast.unlink()
    assert everything(folder) == before
    assert periplus(folder, "compile").code == 0


def test_no_inode_left(disk: Path) -> None:
    folder = project(disk / "shop")
    again(disk, "nr_inodes=12")
    before = everything(folder)
    outcome = periplus(folder, "compile")
    assert outcome.code == 4
    assert outcome.err.startswith(f"error: {folder}/{OUTPUT}/")
    assert everything(folder) == before
    again(disk, "nr_inodes=1000")
    assert periplus(folder, "compile").code == 0


def test_a_disk_that_is_read_only(disk: Path) -> None:
    folder = compiled(disk / "shop")
    again(disk, "ro")
    try:
        before = everything(folder)
        assert periplus(folder, "compile").code == 0
        assert periplus(folder, "compile", "--check").code == 0
        again(disk, "rw")
        edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
        before = everything(folder)
        again(disk, "ro")
        outcome = periplus(folder, "compile")
        assert (outcome.code, outcome.out) == (4, "")
        assert outcome.err.startswith(f"error: {folder}/{OUTPUT}/docker-compose.")
        assert outcome.err.endswith(": Read-only file system; nothing in `integration` was changed\n")
        assert periplus(folder, "compile", "--check").code == 1
        assert everything(folder) == before
    finally:
        again(disk, "rw")


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that anybody may look into, the way there, too."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


@pytest.mark.parametrize("closed", [".", OUTPUT, f"{OUTPUT}/scripts", f"{OUTPUT}/init-scripts/db"])
@pytest.mark.parametrize("is_theirs", [False, True])
def test_a_folder_one_may_not_write_into(closed: str, *, is_theirs: bool, open_place: Path) -> None:
    if is_theirs and not IS_ROOT:
        pytest.skip("only root can give a folder to somebody else")
    folder = compiled(open_place / "shop")
    (folder / f"{OUTPUT}/init-scripts/db").mkdir(parents=True)
    unpinned = LARGE.replace("    version: 16\n", "")  # so that the lock changes, too
    (folder / "integration.yaml").write_text(unpinned.replace("name: shop", "name: store"))
    assert periplus(folder, "compile", "--check").code == 1  # whatever is imported late is imported now
    for path in (folder, *folder.rglob("*")) if IS_ROOT else ():
        os.chown(path, 0 if is_theirs and path == folder / closed else NOBODY, -1)
    (folder / closed).chmod(0o755 if is_theirs else 0o555)
    before = everything(folder)
    with somebody():
        outcome = periplus(folder, "compile")
    assert everything(folder) == before
    assert outcome.code == 4
    assert outcome.err.startswith(f"error: {folder}/")
    assert outcome.err.endswith(": Permission denied; nothing in `integration` was changed\n")
    (folder / closed).chmod(0o755)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_modes_are_as_designed_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=LARGE)
    written = set(folder.rglob("*"))
    before = os.umask(umask)
    try:
        assert periplus(folder, "compile").code == 0
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path not in written}
    expected = {path: 0o755 if path.is_dir() or path.suffix == ".sh" else 0o644 for path in modes}
    assert modes == expected


def test_a_saved_copy_keeps_its_mode(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "\n", "\n# mine\n")
    (folder / COMPOSE).chmod(0o600)
    assert periplus(folder, "compile", "--overwrite", COMPOSE).code == 0
    assert stat.S_IMODE((folder / f"{COMPOSE}.edited-1").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / COMPOSE).stat().st_mode) == 0o644


def test_what_does_not_change_keeps_its_time(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    (folder / "integration.yaml").write_text(MANIFEST.replace("GREETING: hello", "GREETING: good day"))
    assert periplus(folder, "compile").code == 0
    times = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime > 1
    } - {f"{OUTPUT}/.periplus/unchanged"}
    assert times == {"integration.yaml", COMPOSE, f"{OUTPUT}/docker-compose.test.yml", f"{OUTPUT}/plan.json"}
