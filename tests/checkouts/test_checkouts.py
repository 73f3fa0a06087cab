"""The committed tree is in order however it is checked out: checked, compiled again, and after an edit."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.checkouts.checkout import (
    PROJECTS,
    WAYS,
    clone,
    export,
    line_ends,
    no_file_modes,
    origin,
    quoted,
    shallow,
    worktree,
)
from tests.commands.project import everything, periplus
from tests.git import git

pytestmark = pytest.mark.slow

Way = Callable[[Path, Path], Path]
OUTPUTS = {"example": "integration", "fragments": "deploy/environment"}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where each project is cloned from."""
    return {name: origin(name, tmp_path_factory.mktemp("origin") / name) for name in PROJECTS}


@pytest.fixture
def source(sources: dict[str, Path]) -> Path:
    """Where the example is cloned from."""
    return sources["example"]


@pytest.mark.parametrize(
    ("project", "way"), [*(("example", way) for way in WAYS), ("fragments", line_ends), ("fragments", quoted)]
)
def test_a_checkout_is_in_order_and_can_be_worked_with(
    sources: dict[str, Path], project: str, way: Way, tmp_path: Path
) -> None:
    folder = way(sources[project], tmp_path)
    before = everything(folder)
    checked = periplus(folder, "compile", "--check")
    assert checked.code == 0, checked
    assert periplus(folder, "compile", "--fail-on-change").code == 0
    assert changed(before, everything(folder)) == set()
    if way is not export:
        assert git(folder, "status", "--porcelain") == ""
    rename(folder)
    assert periplus(folder, "compile", "--check").code == 1
    told = periplus(folder, "diff")
    assert (told.code, "renamed" in told.out) == (0, True), told
    compiled = periplus(folder, "compile")
    assert compiled.code == 0, compiled
    assert periplus(folder, "compile", "--check").code == 0
    output = folder / OUTPUTS[project]
    assert b'name: "renamed"\n' in (output / "docker-compose.yml").read_bytes()
    assert [path for path in output.rglob("*") if path.is_file() and b"\r" in path.read_bytes()] == []


def test_from_a_folder_inside_the_project_it_is_the_same(source: Path, tmp_path: Path) -> None:
    folder = clone(source, tmp_path / "clone")
    inside = folder / "auth-service"
    assert periplus(inside, "compile", "--check").code == 0
    rename(folder)
    told = periplus(inside, "compile")
    assert told.code == 0
    assert "~ ../" in told.out
    assert periplus(folder, "compile", "--check").code == 0


def test_without_git_on_the_machine_it_is_the_same(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clones = (clone(source, tmp_path / "clone"), export(source, tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    for folder in clones:
        assert periplus(folder, "compile", "--check", "--all").code == 0
        assert periplus(folder, "compile", "--fail-on-change", "--all").code == 0
        rename(folder)
        assert "renamed" in periplus(folder, "diff").out
        assert periplus(folder, "compile").code == 0
        assert periplus(folder, "compile", "--check").code == 0


def test_in_a_shallow_clone_a_difference_to_what_was_not_fetched_says_how_to_fetch_it(
    source: Path, tmp_path: Path
) -> None:
    folder = shallow(source, tmp_path)
    assert periplus(folder, "diff", "--base", "HEAD").code == 0
    told = periplus(folder, "diff", "--base", "HEAD~1")
    assert told.code == 2
    assert "git fetch" in told.err


def test_scripts_have_unix_line_ends_where_git_converts_them(source: Path, tmp_path: Path) -> None:
    folder = line_ends(source, tmp_path)
    assert b"\r\n" in (folder / "integration.yaml").read_bytes()
    scripts = list((folder / "integration").rglob("*.sh"))
    assert len(scripts) >= 9
    assert not any(b"\r" in script.read_bytes() for script in scripts)


def test_scripts_that_were_committed_without_their_mode_fail_no_check_and_get_it_back(
    source: Path, tmp_path: Path
) -> None:
    """On Windows, and with core.fileMode=false, `git add` records 644: a fresh clone has scripts that cannot be run."""
    first = no_file_modes(source, tmp_path)
    scripts = [path.relative_to(first).as_posix() for path in (first / "integration").rglob("*.sh")]
    git(first, "update-index", "--chmod=-x", *scripts)
    git(first, "commit", "--quiet", "-m", "as Windows commits it")
    folder = clone(first, tmp_path / "later")
    script = folder / "integration/scripts/start.sh"
    assert not script.stat().st_mode & stat.S_IXUSR
    checked = periplus(folder, "compile", "--check")
    assert checked.code == 0
    assert "integration/scripts/start.sh" in checked.out
    assert periplus(folder, "compile").code == 0
    assert script.stat().st_mode & stat.S_IXUSR
    assert "integration/scripts/start.sh" not in periplus(folder, "compile", "--check").out


def test_where_everything_is_executable_nothing_is_wrong(source: Path, tmp_path: Path) -> None:
    """So it is on a Windows disk seen from Linux, where no file can lose the bit."""
    folder = no_file_modes(source, tmp_path)
    for path in folder.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            path.chmod(0o777)
    before = everything(folder)
    assert periplus(folder, "compile", "--check").code == 0
    assert periplus(folder, "compile", "--fail-on-change").code == 0
    assert changed(before, everything(folder)) == set()


def test_a_compile_in_one_worktree_leaves_the_other_alone(source: Path, tmp_path: Path) -> None:
    linked = worktree(source, tmp_path)
    before = everything(tmp_path / "clone" / "integration")
    rename(linked)
    assert periplus(linked, "compile").code == 0
    assert everything(tmp_path / "clone" / "integration") == before


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The paths that are no longer what they were; but for what a compiler's memory and git's own files are."""
    paths = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    return {path for path in paths if ".git" not in path.split("/") and "/.periplus" not in path}


def rename(folder: Path) -> None:
    """Change the manifest by its name, whatever ends its lines."""
    manifest = folder / "integration.yaml"
    lines = manifest.read_bytes().splitlines(keepends=True)
    index = next(index for index, line in enumerate(lines) if line.startswith(b"name:"))
    lines[index] = b"name: renamed" + lines[index][len(lines[index].rstrip(b"\r\n")) :]
    manifest.write_bytes(b"".join(lines))
