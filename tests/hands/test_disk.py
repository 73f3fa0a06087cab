from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from compiler.hands.disk import (
    ChangedError,
    Changes,
    DiskFiles,
    carry_out,
    clear_temporaries,
    look,
    manifests_above,
    read_regular,
    repository_of,
)
from compiler.hands.folders import LinkedError
from compiler.model.tree import Artifact, Standing
from tests.commands.project import contents, everything, write


def changes(
    folder: Path, written: dict[str, str], removed: tuple[str, ...] = (), saved: tuple[str, ...] = ()
) -> Changes:
    files = {path: Artifact(text, executable=path.endswith(".sh")) for path, text in written.items()}
    return Changes(files, removed, saved, (folder / "integration.lock.json", "{}\n"))


def test_reading_stays_inside_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"outside": "no", "repository/here/a": "a", "repository/b": "b"})
    repository = tmp_path / "repository"
    (repository / "here" / "link").symlink_to("../../outside")
    (repository / "here" / "inside").symlink_to("../b")
    (repository / "here" / "ring").symlink_to("ring")
    files = DiskFiles(repository / "here", repository)
    assert files.reach == 1
    assert (files.read("a"), files.read("../b"), files.read("inside")) == (b"a", b"b", b"b")
    absent = ("none", "../../outside", "link", "ring", str(tmp_path / "outside"), ".", "", "a\0b", "x" * 5000)
    assert [files.read(path) for path in absent] == [None] * len(absent)


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_regular(tmp_path / "pipe") is None


def test_glob_is_sorted_and_stays_inside(tmp_path: Path) -> None:
    inside = {f"repository/here/{name}/a.yaml": "" for name in ("z", "b", "node_modules", ".git")}
    write(tmp_path, {"outside/a.yaml": "", "repository/up/a.yaml": "", **inside})
    write(tmp_path, {"repository/here/a.yaml": ""})
    files = DiskFiles(tmp_path / "repository" / "here", tmp_path / "repository")
    assert files.glob("*/a.yaml") == ("b/a.yaml", "z/a.yaml")
    assert files.glob("../*/a.yaml") == ("../here/a.yaml", "../up/a.yaml")
    assert files.glob("../../*/a.yaml") == ()


@pytest.mark.parametrize("is_worktree", [True, False])
def test_the_repository_is_the_nearest_folder_with_git(tmp_path: Path, *, is_worktree: bool) -> None:
    write(tmp_path, {".git/HEAD": "", "inner/below/a": ""})
    if is_worktree:
        write(tmp_path, {"inner/.git": "gitdir: elsewhere\n"})
    assert repository_of(tmp_path / "inner" / "below") == (tmp_path / "inner" if is_worktree else tmp_path)


def test_whatever_is_called_so_above_is_found_the_nearest_first(tmp_path: Path) -> None:
    write(tmp_path, {"integration.yaml": "name: shop\n", "api/integration.yaml": "services:\n", "api/deep/x": ""})
    found = manifests_above(tmp_path / "api" / "deep")
    assert found[:2] == (tmp_path / "api" / "integration.yaml", tmp_path / "integration.yaml")


def test_looking_tells_what_stands_at_wanted_paths_and_what_else_stands(tmp_path: Path) -> None:
    output = tmp_path / "integration"
    write(output, {"a.yml": "a", "start.sh": "s", "more": "m", ".periplus/unchanged": "x", "a.yml.edited-1": "old"})
    (output / "start.sh").chmod(0o755)
    (output / "folder").mkdir()
    (output / "bytes").write_bytes(b"\xff")
    (output / "link").symlink_to("a.yml")
    (output / "linked").symlink_to(tmp_path)
    os.mkfifo(output / "pipe")
    wanted = ("a.yml", "start.sh", "folder", "bytes", "link", "pipe", "none", "linked/x", "more/x")
    assert look(output, wanted) == {
        "a.yml": Standing("file", "a"),
        "start.sh": Standing("file", "s", executable=True),
        "folder": Standing("directory"),
        "bytes": Standing("file", None),
        "link": Standing("symlink"),
        "pipe": Standing("special"),
        "none": Standing("absent"),
        "linked/x": Standing("symlink", above="linked"),
        "more/x": Standing("special", above="more"),
        "more": Standing("file", "m"),
    }


@pytest.mark.parametrize("link", ["out", "above/out", "above"])
def test_no_way_to_the_output_goes_through_a_link(tmp_path: Path, link: str) -> None:
    write(tmp_path, {"elsewhere/out/a.yml": "a"})
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(LinkedError, match="symbolic link"):
        look(tmp_path / link / "out" if link == "above" else tmp_path / link, ("a.yml",))


def test_files_are_written_whole_with_modes_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        carry_out(tmp_path / "deep" / "out", changes(tmp_path, {"a/b.yml": "b\n", "start.sh": "s\n"}))
    finally:
        os.umask(before)
    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in sorted(tmp_path.rglob("*"))
    }
    assert modes == {
        "deep": 0o755,
        "deep/out": 0o755,
        "deep/out/a": 0o755,
        "deep/out/a/b.yml": 0o644,
        "deep/out/start.sh": 0o755,
        "integration.lock.json": 0o644,
    }
    assert contents(tmp_path) == {
        "deep/out/a/b.yml": b"b\n",
        "deep/out/start.sh": b"s\n",
        "integration.lock.json": b"{}\n",
    }


def test_what_is_removed_takes_its_empty_folders_along(tmp_path: Path) -> None:
    write(tmp_path / "out", {"a/b/c.sql": "", "a/mine": "", "d/e.sql": ""})
    carry_out(tmp_path / "out", changes(tmp_path, {}, ("a/b/c.sql", "d/e.sql")))
    assert sorted(everything(tmp_path / "out")) == ["a", "a/mine"]


def test_a_saved_copy_has_every_byte_and_takes_no_name_that_is_taken(tmp_path: Path) -> None:
    output = tmp_path / "out"
    write(output, {"a.yml.edited-1": "older"})
    mine = b"\xff mine \r\n" * 1_000_000
    (output / "a.yml").write_bytes(mine)
    (output / "b.yml").write_bytes(b"b")
    (output / "b.yml.edited-1").symlink_to("nowhere")
    saved = carry_out(output, changes(tmp_path, {"a.yml": "new\n"}, ("b.yml",), ("a.yml", "b.yml")))
    assert saved == ("a.yml.edited-2", "b.yml.edited-2")
    assert (output / "a.yml").read_text() == "new\n"
    assert (output / "a.yml.edited-2").read_bytes() == mine
    assert (output / "b.yml.edited-2").read_bytes() == b"b"
    assert not (output / "b.yml").exists()


def test_where_staging_fails_nothing_is_replaced_and_nothing_left(tmp_path: Path) -> None:
    output = tmp_path / "out"
    write(output, {"a.yml": "old", "folder": "a file where a folder must be"})
    before = everything(output)
    with pytest.raises(OSError, match="folder"):
        carry_out(output, changes(tmp_path, {"a.yml": "new", "folder/b.yml": "b"}, ("a.yml",), ("a.yml",)))
    assert everything(output) == before
    assert not (tmp_path / "integration.lock.json").exists()


def test_a_link_put_in_place_of_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"victim": "mine"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.yml").symlink_to(tmp_path / "victim")
    (tmp_path / "integration.lock.json").symlink_to(tmp_path / "victim")
    carry_out(tmp_path / "out", changes(tmp_path, {"a.yml": "new"}))
    assert (tmp_path / "victim").read_text() == "mine"


def test_temporaries_of_this_lock_are_cleared_and_no_others(tmp_path: Path) -> None:
    ours = {"out/.periplus-a.yml.12.tmp": "", "out/s/.periplus-b.12.tmp": "", ".periplus-a.lock.json.12.tmp": ""}
    others = {".periplus-b.lock.json.12.tmp": "", "out/a.yml": "", "out/mine.tmp": "", ".periplus-mine": ""}
    write(tmp_path, {**ours, **others})
    clear_temporaries(tmp_path / "out", tmp_path / "a.lock.json")
    assert set(contents(tmp_path)) == set(others)


def test_what_a_person_made_of_the_example_of_an_environment_is_never_ours(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys((".env", ".env.example", ".env.ci", "deep/.env.ci", ".environment"), "signed"))
    assert set(look(tmp_path, (".env.example",))) == {".env.example", "deep/.env.ci", ".environment"}


def test_what_changed_since_it_was_looked_at_is_not_replaced(tmp_path: Path) -> None:
    output = tmp_path / "out"
    write(output, {"a.yml": "old", "b.yml": "old"})
    seen = look(output, ("a.yml", "b.yml", "c.yml"))
    wanted = changes(tmp_path, {"a.yml": "new", "c.yml": "new"}, ("b.yml",))._replace(seen=seen)
    for path in ("a.yml", "b.yml", "c.yml"):
        before = (output / path).read_text() if (output / path).exists() else None
        write(output, {path: "saved in this instant"})
        stands = everything(tmp_path)
        with pytest.raises(ChangedError, match=f"{path} changed during the compilation: nothing in `out` was written"):
            carry_out(output, wanted)
        assert everything(tmp_path) == stands
        (output / path).unlink() if before is None else write(output, {path: before})
    carry_out(output, wanted)
    assert contents(output) == {"a.yml": b"new", "c.yml": b"new"}


def test_an_error_names_the_file_and_says_what_it_means(tmp_path: Path) -> None:
    write(tmp_path / "out", {"a.yml": "old", "b": "a file where a folder must be"})
    with pytest.raises(NotADirectoryError) as raised:
        carry_out(tmp_path / "out", changes(tmp_path, {"a.yml": "new", "b/c.yml": "new"}))
    assert raised.value.filename == str(tmp_path / "out/b/c.yml")
    assert raised.value.strerror == "Not a directory; nothing in `out` was changed"


def test_folders_made_for_nothing_are_taken_away_again(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").mkdir()
    wanted = changes(tmp_path, {"new/deep/a.yml": "a"})._replace(lock=(tmp_path / "none" / ("x" * 300), "{}"))
    with pytest.raises(OSError, match="File name too long"):
        carry_out(tmp_path / "out", wanted)
    assert not (tmp_path / "out").exists()


def test_the_base_of_a_kept_file_is_replaced_right_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced: list[str] = []
    plain = os.replace

    def noting(source: str, target: str, **folders: int) -> None:
        replaced.append(target)
        plain(source, target, **folders)

    monkeypatch.setattr(os, "replace", noting)
    carry_out(
        tmp_path / "out", changes(tmp_path, dict.fromkeys((".periplus/base/a", ".periplus/base/b", "b", "a"), "x"))
    )
    assert replaced == ["a", "a", "b", "b", "integration.lock.json"]


def test_no_folder_is_entered_through_a_link(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/a.yml": "theirs", "out/b.yml": "old"})
    (tmp_path / "out" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "way").symlink_to(tmp_path / "out")
    for output, path in (("out", "linked/a.yml"), ("way", "b.yml")):
        for wanted in (changes(tmp_path, {path: "new"}), changes(tmp_path, {}, (path,))):
            with pytest.raises(LinkedError, match="symbolic link"):
                carry_out(tmp_path / output, wanted)
    assert (tmp_path / "elsewhere/a.yml").read_text() == "theirs"
    assert (tmp_path / "out/b.yml").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "out", "way"]  # noqa: PTH208
