from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from compiler.spell.git import git_pattern

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("docker-compose.yml", "/docker-compose.yml"),
        ("scripts/start.sh", "/scripts/start.sh"),
        ("#a", "/#a"),
        ("a[1]*?.sql", r"/a\[1]\*\?.sql"),
        ("a b.sql", '"/a b.sql"'),
        ('a".sql', r'"/a\".sql"'),
        ("a\\ b", r'"/a\\\\ b"'),
    ],
)
def test_git_takes_the_pattern_for_this_path_and_no_other(path: str, pattern: str, tmp_path: Path) -> None:
    assert git_pattern(path) == pattern
    (tmp_path / ".gitattributes").write_text(f"* -merge\n{git_pattern(path)} merge\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    others = [f"below/{path}", f"{path}x", "a1x.sql"]
    words = ["git", "check-attr", "-z", "merge", "--", path, *others]
    told = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split("\0")
    assert told[2::3] == ["set", "unset", "unset", "unset"]
