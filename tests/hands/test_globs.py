"""Patterns find what pathlib finds with them, but for what is never looked at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.hands.globs import SKIPPED, matching

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.sampled_from(["a", "ab", "b.yaml", "a.b.yaml", ".hidden", "node_modules", "[x]", "a b", "é.yaml"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
PARTS = st.sampled_from(
    ["*", "**", "a*", "*b", "*.yaml", "a*b*l", "?", "??", "*.*", "[ab]*", "[!a]*", "a", "a?", ".*", "*[x]", "b.yaml"]
)


@settings(max_examples=150)
@given(paths=st.lists(PATHS, max_size=8), parts=st.lists(PARTS, min_size=1, max_size=4))
def test_they_find_what_pathlib_finds(tmp_path_factory: object, paths: list[str], parts: list[str]) -> None:
    folder: Path = tmp_path_factory.mktemp("globs")  # type: ignore[attr-defined]
    for path in paths:
        make(folder / path)
    found = (path.relative_to(folder) for path in folder.glob("/".join(parts)) if path.is_file())
    expected = {path.as_posix() for path in found if not SKIPPED & set(path.parts)}
    assert matching(str(folder), "/".join(parts)) == tuple(sorted(expected))


def make(path: Path) -> None:
    """A file there, unless one of the folders above is one."""
    above = [folder for folder in path.parents if folder.is_file()]
    if not above and not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_links_lead_to_files_and_by_name_to_folders_but_no_star_stands_for_one(tmp_path: Path) -> None:
    make(tmp_path / "there" / "x.yaml")
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "there" / "y.yaml").symlink_to("x.yaml")
    (tmp_path / "there" / "broken.yaml").symlink_to("none")
    (tmp_path / "there" / "ring.yaml").symlink_to("ring.yaml")
    os.mkfifo(tmp_path / "there" / "pipe.yaml")
    below = ("there/x.yaml", "there/y.yaml")
    assert matching(str(tmp_path), "*/*.yaml") == below
    assert matching(str(tmp_path), "link/*.yaml") == ("link/x.yaml", "link/y.yaml")
    assert matching(str(tmp_path), "**/*.yaml") == below
    assert matching(str(tmp_path), "**") == ()
    assert matching(str(tmp_path / "none"), "*") == ()
    assert matching(str(tmp_path), "/*") == ()
