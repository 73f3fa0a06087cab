from __future__ import annotations

from pathlib import Path

import pytest

from compiler.hands.refused import RefusedError
from compiler.hands.registry import FilesWith, RegistryFile, read_registry_file, registry_path, replace_registry
from tests.support import MappingFiles


def test_links_are_followed_within_the_repository_only(tmp_path: Path) -> None:
    repository = tmp_path / "all"
    (repository / "shop").mkdir(parents=True)
    (repository / "ports.json").write_text("{}")
    (repository / "shop" / "link.json").symlink_to("../ports.json")
    (repository / "shop" / "out").symlink_to(tmp_path)
    folder = repository / "shop"
    for name in ("link.json", "../ports.json"):
        assert registry_path(folder, repository, name) == repository / "ports.json"
    assert registry_path(folder, repository, "new/ports.json") == folder / "new" / "ports.json"
    with pytest.raises(RefusedError, match="leads out of the repository"):
        registry_path(folder, repository, "out/ports.json")
    with pytest.raises(RefusedError, match="no regular file"):
        registry_path(folder, repository, ".")


def test_what_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    absent = read_registry_file(path)
    assert absent == RegistryFile(path, None)
    path.write_text("mine")
    for before in (absent, RegistryFile(path, b"old")):
        with pytest.raises(RefusedError, match="changed meanwhile"):
            replace_registry(before, "ours")
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]
    replace_registry(read_registry_file(path), "ours\r\n")
    assert path.read_bytes() == b"ours\r\n"


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".periplus-ports.json.1.tmp"
    left.write_text("half")
    other = tmp_path / ".periplus-other.json.1.tmp"
    other.write_text("half")
    replace_registry(RegistryFile(tmp_path / "ports.json", None), "ours")
    assert {path.name for path in tmp_path.iterdir()} == {"ports.json", other.name}


def test_files_of_which_one_is_as_it_was_read() -> None:
    files = MappingFiles({"a": b"1", "b": b"2"}, 3)
    with_one = FilesWith(files, "./b", b"3")
    assert (with_one.read("a"), with_one.read("b"), with_one.read("c/../b")) == (b"1", b"3", b"3")
    assert FilesWith(files, "a", None).read("a") is None
    assert (with_one.reach, with_one.glob("*")) == (3, ("a", "b"))
