"""What stands on the disk is known again by its digest, read as `disk.py` reads it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.hands.disk import DiskFiles, repository_of
from compiler.hands.sight import (
    ABSENT,
    LARGEST,
    Sight,
    heading,
    is_the_persons,
    names_digest,
    read_record,
    tree_digest,
    waiting_commit,
)
from compiler.text.digest import digest_of
from tests.commands.project import write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in a repository, with files, folders and links of every sort in it."""
    write(tmp_path, {"outside": "o\n", "r/.git/HEAD": "", "r/top": "t\n", "r/here/a": "a\n", "r/here/below/b": "b\n"})
    write(tmp_path, {"r/here/.env": "s\n", "r/here/.env.example": "e\n", "r/here/.ENV.x": "s\n"})
    here = tmp_path / "r" / "here"
    for name, target in {
        "link": "a",
        "folder": "below",
        "out": "../../outside",
        "up": "..",
        "ring": "ring",
        "s": ".env",
        "g": "../.git",
    }.items():
        (here / name).symlink_to(target)
    os.mkfifo(here / "pipe")
    return here


@pytest.mark.parametrize(
    "path",
    [
        *("a", "./a", "below/b", "below/../a", "folder/b", "folder/../top", "folder/../a", "link", "../top", "up/top"),
        *(".env", "s", "up/here/.env", ".env.example", ".ENV.x", "../.git/HEAD", "g/HEAD", "up/.git/HEAD"),
        *(
            "out",
            "../../outside",
            "/etc/passwd",
            "ring",
            "ring/x",
            "pipe",
            "below",
            "none",
            "none/../a",
            "a/x",
            "",
            ".",
        ),
    ],
)
def test_a_file_is_read_as_the_program_reads_it(folder: Path, path: str) -> None:
    content = DiskFiles(folder, repository_of(folder)).read(path)
    assert Sight(str(folder)).file(path) == (ABSENT if content is None else digest_of([content]))


@pytest.mark.parametrize(
    "pattern", ["*", "below/*", "../*", "../*/a", "../../*", "none/*", "**/b", "./*", "out/*", "g/*", "up/*/a"]
)
def test_a_pattern_finds_what_the_program_finds(folder: Path, pattern: str) -> None:
    (folder / "ring").unlink()
    names = DiskFiles(folder, repository_of(folder)).glob(pattern)
    assert Sight(str(folder)).glob(pattern) == names_digest(names)


def test_only_the_first_64_mib_count(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(LARGEST + 1)
    content = DiskFiles(tmp_path, tmp_path).read("huge")
    assert content is not None
    assert Sight(str(tmp_path)).file("huge") == digest_of([content])
    assert tree_digest(str(tmp_path), ()) == digest_of([heading("huge", LARGEST, executable=False), content])


@given(st.text(alphabet=".envdit-019/xé", max_size=20))
def test_what_is_the_persons(path: str) -> None:
    assert is_the_persons(path) == bool(re.fullmatch(r".+\.edited-[0-9]+|\.env(\..+)?", path))


def test_a_merge_is_seen_in_a_worktree_as_well(tmp_path: Path) -> None:
    write(tmp_path, {"main/.git/worktrees/w/MERGE_HEAD": "0\n", "w/.git": "gitdir: ../main/.git/worktrees/w\n"})
    (tmp_path / "w" / "integration").mkdir()
    assert waiting_commit(str(tmp_path / "w" / "integration")) == "MERGE_HEAD"
    (tmp_path / "main/.git/worktrees/w/MERGE_HEAD").unlink()
    assert waiting_commit(str(tmp_path / "w" / "integration")) is None


def test_a_rebase_is_one_while_its_folder_stands(tmp_path: Path) -> None:
    write(tmp_path, {".git/REBASE_HEAD": "0\n"})
    assert waiting_commit(str(tmp_path)) is None
    (tmp_path / ".git" / "rebase-merge").mkdir()
    assert waiting_commit(str(tmp_path)) == "REBASE_HEAD"


def test_a_record_that_is_no_file_is_none(tmp_path: Path) -> None:
    (tmp_path / ".periplus").mkdir()
    os.mkfifo(tmp_path / ".periplus" / "unchanged")
    with pytest.raises(ValueError, match="no regular file"):
        read_record(str(tmp_path))
