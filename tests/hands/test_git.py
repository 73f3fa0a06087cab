from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from compiler.hands.disk import DiskFiles
from compiler.hands.git import (
    GitError,
    NoRepositoryError,
    RevisionFiles,
    UnknownRevisionError,
    past_texts,
    revision_files,
)
from compiler.hands.sight import LARGEST
from tests.commands.project import write
from tests.git import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ODD = "a folder with 'quotes', \"more\" and ünïcode"


@pytest.fixture(autouse=True)
def _no_hook_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


def committed(folder: Path, texts: Mapping[str, str], message: str = "more") -> str:
    """A commit with these files, the repository made if need be; its digest."""
    write(folder, texts)
    return git(commit_all(folder, message), "rev-parse", "HEAD").strip()


def test_files_are_those_of_the_commit_whatever_stands_on_disk(tmp_path: Path) -> None:
    committed(tmp_path, {"a": "first", "gone": "x"})
    git(tmp_path, "rm", "-q", "gone")
    committed(tmp_path, {"a": "second", "below/b": "b"})
    write(tmp_path, {"a": "edited", "new": "new"})
    now, before = revision_files(tmp_path, "HEAD"), revision_files(tmp_path, "HEAD~1")
    assert (now.read("a"), before.read("a")) == (b"second", b"first")
    assert (now.read("gone"), before.read("gone")) == (None, b"x")
    assert (now.read("new"), now.read("below"), now.read(""), now.read("."), now.read("below/b")) == (*[None] * 4, b"b")


@pytest.mark.parametrize("name", [ODD, "plain", "*[a]?", ":(top)x"])
def test_a_folder_of_any_name_reads_relative_to_itself_and_up_to_the_top(tmp_path: Path, name: str) -> None:
    committed(tmp_path / name, {f"{ODD}/deep/a b": "here", "top": "top", f"{ODD}/c": "c"})
    folder = tmp_path / name / ODD / "deep"
    files = revision_files(folder, "HEAD")
    assert files.reach == 2
    assert [files.read(path) for path in ("a b", "./a b", "../c", "../../top", f"../../{ODD}/c")] == [
        b"here",
        b"here",
        b"c",
        b"top",
        b"c",
    ]
    outside = ("../../../top", "../../../../top", "/top", str(tmp_path / name / "top"), "a\nb", "a\0b", "x" * 9000)
    assert [files.read(path) for path in outside] == [None] * len(outside)


def test_links_are_followed_inside_the_repository_only(tmp_path: Path) -> None:
    write(tmp_path, {"outside": "no", "repository/b/c": "c"})
    repository = tmp_path / "repository"
    for name, target in {"to-c": "b/c", "to-b": "b", "out": "../outside", "ring": "ring", "none": "absent"}.items():
        (repository / name).symlink_to(target)
    committed(repository, {})
    files = revision_files(repository, "HEAD")
    asked = ("to-c", "to-b/c", "out", "ring", "none", "to-b")
    assert [files.read(path) for path in asked] == [b"c", b"c", None, None, None, None]
    assert files.glob("*") == ("to-c",)


def test_glob_agrees_with_the_disk(tmp_path: Path) -> None:
    texts = (
        "here/a.yaml",
        "here/b/a.yaml",
        "here/b/c/a.yaml",
        "here/.x/a.yaml",
        "here/node_modules/a.yaml",
        "up/a.yaml",
    )
    committed(tmp_path, dict.fromkeys((*texts, "here/a[1].yaml", "here/é .yaml"), ""))
    past, disk = revision_files(tmp_path / "here", "HEAD"), DiskFiles(tmp_path / "here", tmp_path)
    patterns = (
        "*.yaml",
        "*/a.yaml",
        "**/*.yaml",
        "b/**/a.yaml",
        "../*/a.yaml",
        "../../*",
        "./b/../*.yaml",
        "b",
        "?.yaml",
    )
    for pattern in (*patterns, "a[[]1].yaml", "*/*/a.yaml", "../up/a.yaml", "none", "[ab].yaml"):
        assert past.glob(pattern) == disk.glob(pattern), pattern


def test_what_is_never_read_is_absent_from_the_past_and_many_stars_take_no_time(tmp_path: Path) -> None:
    committed(tmp_path, {".env": "s", "a/.env.local": "s", ".env.example": "e", f"{'d/' * 25}y": ""})
    files = revision_files(tmp_path, "HEAD")
    names = (".env", "a/.env.local", ".git/HEAD", ".env.example")
    assert [files.read(name) for name in names] == [None, None, None, b"e"]
    for pattern in ("**/" * 12 + "x", "**/d/" * 12 + "x", "**/*/" * 12 + "x"):
        assert files.glob(pattern) == ()
    assert files.glob("**/**/d/**/y") == (f"{'d/' * 25}y",)


def test_a_huge_file_is_read_as_far_as_from_the_disk(tmp_path: Path) -> None:
    committed(tmp_path, {"huge": "x" * (LARGEST + 1)})
    content = revision_files(tmp_path, "HEAD").read("huge")
    assert content == DiskFiles(tmp_path, tmp_path).read("huge")
    assert content is not None
    assert len(content) == LARGEST


def test_a_worktree_and_a_submodule_are_repositories_though_git_is_a_file(tmp_path: Path) -> None:
    main, tree, outer = tmp_path / "main", tmp_path / "a tree", tmp_path / "outer"
    committed(main, {"a": "main"})
    git(main, "worktree", "add", "-q", "-b", "side", str(tree))
    committed(tree, {"a": "side"})
    committed(outer, {"a": "outer"})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(main), "inner")
    committed(outer, {})
    assert all((folder / ".git").is_file() for folder in (tree, outer / "inner"))
    found = {folder: revision_files(folder, "HEAD") for folder in (main, tree, outer / "inner", outer)}
    assert [files.read("a") for files in found.values()] == [b"main", b"side", b"main", b"outer"]
    assert found[outer / "inner"].reach == 0
    assert found[outer].glob("*") == (".gitmodules", "a")
    assert found[outer].read("inner/a") is None


@pytest.mark.parametrize("revision", ["main", "v1", "HEAD", "@", "main~1", "HEAD^{/first}", "refs/heads/main"])
def test_a_revision_is_whatever_git_takes_for_a_commit(tmp_path: Path, revision: str) -> None:
    committed(tmp_path, {"a": ""}, "first")
    digest = committed(tmp_path, {"a": "1"}, "second")
    git(tmp_path, "tag", "-a", "-m", "one", "v1")
    expected = git(tmp_path, "rev-parse", "main~1").strip() if "~" in revision or "first" in revision else digest
    assert revision_files(tmp_path, revision) == RevisionFiles(tmp_path, expected, "")
    assert revision_files(tmp_path, digest[:12]).commit == digest


@pytest.mark.parametrize(
    "revision",
    [
        "nope",
        "",
        "-",
        "--output=stolen",
        "-h",
        "--all",
        "HEAD~9",
        "HEAD:a",
        "HEAD..HEAD",
        "@{99}",
        "a\nHEAD",
        "a\0",
        "0" * 40,
    ],
)
def test_an_unknown_revision_is_told_and_never_an_option(tmp_path: Path, revision: str) -> None:
    committed(tmp_path, {"a": ""})
    with pytest.raises(UnknownRevisionError, match="name a commit, a branch or a tag"):
        revision_files(tmp_path, revision)
    assert {path.name for path in tmp_path.iterdir()} == {".git", "a"}


def test_a_repository_without_a_commit_has_no_revision(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UnknownRevisionError, match="no revision `HEAD`"):
        revision_files(tmp_path, "HEAD")
    assert list(past_texts(tmp_path / "a")) == []


def test_a_shallow_clone_without_the_base_says_how_to_get_it(tmp_path: Path) -> None:
    first = committed(tmp_path / "full", {"a": "1"})
    committed(tmp_path / "full", {"a": "2"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/full", "shallow")
    assert revision_files(tmp_path / "shallow", "HEAD").read("a") == b"2"
    for revision in (first, "HEAD~1"):
        with pytest.raises(UnknownRevisionError, match=r"shallow clone: fetch more.*--unshallow.*fetch-depth"):
            revision_files(tmp_path / "shallow", revision)


def test_without_git_or_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoRepositoryError, match="is in no git repository"):
        revision_files(tmp_path, "HEAD")
    committed(tmp_path, {"a": ""})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRepositoryError, match="git is not installed, or not found in PATH"):
        revision_files(tmp_path, "HEAD")
    assert list(past_texts(tmp_path / "a")) == []


def test_a_broken_repository_is_told_in_the_words_of_git(tmp_path: Path) -> None:
    committed(tmp_path, {"a": "text"})
    files = revision_files(tmp_path, "HEAD")
    blob = git(tmp_path, "rev-parse", "HEAD:a").strip()
    (tmp_path / ".git/objects" / blob[:2] / blob[2:]).chmod(0o644)
    (tmp_path / ".git/objects" / blob[:2] / blob[2:]).write_bytes(b"junk")
    with pytest.raises(GitError, match="git could not tell what was committed: ") as caught:
        files.read("a")
    assert not isinstance(caught.value, (NoRepositoryError, UnknownRevisionError))


def test_a_bare_environment_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path, {"a": "text"})
    for name in list(os.environ):
        monkeypatch.delenv(name)
    assert revision_files(tmp_path, "HEAD").read("a") == b"text"


def test_variables_of_a_surrounding_hook_do_not_misdirect_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path / "ours", {"a": "ours"})
    committed(tmp_path / "other", {"a": "other"})
    other = tmp_path / "other"
    misleading = {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / ".git/index"),
        "GIT_OBJECT_DIRECTORY": str(other / ".git/objects"),
        "GIT_COMMON_DIR": str(other / ".git"),
        "GIT_NAMESPACE": "elsewhere",
        "GIT_PREFIX": "elsewhere/",
        "GIT_CONFIG_PARAMETERS": f"'core.worktree'='{other}'",
        "GIT_TRACE": "2",
    }
    for name, text in misleading.items():
        monkeypatch.setenv(name, text)
    assert revision_files(tmp_path / "ours", "HEAD").read("a") == b"ours"
    assert list(past_texts(tmp_path / "ours/a")) == ["ours"]


def test_past_texts_are_those_of_one_file_newest_first_and_each_once(tmp_path: Path) -> None:
    for number, text in enumerate(["one", "two", "one", "three"]):
        committed(tmp_path, {"below/*": text, "below/other": str(number)})
    assert list(past_texts(tmp_path / "below/*")) == ["three", "one", "two"]
    git(tmp_path, "rm", "-q", "-r", "below")
    committed(tmp_path, {"x": ""})
    assert not (tmp_path / "below").exists()
    assert list(past_texts(tmp_path / "below/*")) == ["three", "one", "two"]
    assert list(past_texts(tmp_path / "never")) == []


def test_past_texts_tell_both_sides_of_a_merge_and_leave_out_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    committed(tmp_path, {"b": ""})
    committed(tmp_path, {"a": "base"})
    git(tmp_path, "switch", "-q", "-c", "side")
    committed(tmp_path, {"a": "side"})
    git(tmp_path, "switch", "-q", "main")
    committed(tmp_path, {"a": "main"})
    git(tmp_path, "merge", "-q", "-s", "ours", "-m", "merged", "side")
    texts = list(past_texts(tmp_path / "a"))
    assert texts[0] == "main"
    assert set(texts) == {"main", "side", "base"}


def test_no_revision_of_a_person_reaches_git_as_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path, {"a": ""})
    (tmp_path / "git").write_text('#!/bin/sh\necho "$@" >>"${0%/*}/asked"\nexit 1\n')
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(GitError):
        revision_files(tmp_path, "--upload-pack=x")
    assert "upload-pack" not in (tmp_path / "asked").read_text()
