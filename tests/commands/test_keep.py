"""`periplus keep`, and what compile does with kept files."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.hands.folders import Folders, Staged
from compiler.ownership.signature import judge, kept_form, sign
from tests.commands.project import (
    COMPOSE,
    LOCK,
    MANIFEST,
    OUTPUT,
    Outcome,
    compiled,
    contents,
    edit,
    everything,
    periplus,
    project,
    write,
)
from tests.git import commit_all, git, tried

if TYPE_CHECKING:
    from collections.abc import Sequence

BASE = f"{OUTPUT}/.periplus/base/docker-compose.yml"
SCRIPT = f"{OUTPUT}/scripts/start.sh"
ATTRIBUTES = f"{OUTPUT}/.gitattributes"
MINE = ("    image: ", "    # mine\n    image: ")
"""An edit in the first service of the Compose file, far from its port."""
DATABASE = MANIFEST.replace("services:", "  db:\n    type: postgres\n    databases:\n      shop:\nservices:").replace(
    "      GREETING", "      DATABASE_URL: ${db.shop.url}\n      GREETING"
)


def kept(folder: Path, path: str = COMPOSE, **texts: str) -> Path:
    """A compiled project with an edited file that is kept."""
    compiled(folder, **texts)
    edit(folder / path, *MINE)
    assert periplus(folder, "keep", path).code == 0
    return folder


def listed(folder: Path) -> list[str]:
    found: list[str] = json.loads((folder / LOCK).read_text()).get("kept", [])
    return found


def same_but(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The paths of files that differ."""
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


@pytest.mark.parametrize("is_edited", [True, False])
def test_keeping_lists_the_file_and_stores_its_base(tmp_path: Path, is_edited: bool) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    if is_edited:
        edit(folder / COMPOSE, *MINE)
    outcome = periplus(folder, "keep", COMPOSE)
    after = contents(folder)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{COMPOSE} is kept" in outcome.out
    assert same_but(before, after) == {COMPOSE, BASE, ATTRIBUTES, LOCK}
    assert all(f" {path}\n" in outcome.out for path in (COMPOSE, BASE, ATTRIBUTES, LOCK))
    assert after[BASE] == before[COMPOSE]
    text = kept_form(before[COMPOSE].decode())
    assert after[COMPOSE].decode() == (text.replace(*MINE, 1) if is_edited else text)
    assert listed(folder) == ["docker-compose.yml"]
    assert "/docker-compose.yml merge\n" in after[ATTRIBUTES].decode()
    assert periplus(folder, "compile", "--check").code == 0


def test_what_the_manifest_changes_is_merged_into_it(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    before = contents(folder)
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    outcome = periplus(folder, "compile")
    after = contents(folder)
    assert (outcome.code, outcome.err) == (0, "")
    assert "  kept            docker-compose.yml\n" in outcome.out
    assert f"  ~ {COMPOSE}\n" in outcome.out
    assert " 1 merged, " in outcome.out
    assert after[COMPOSE] == before[COMPOSE].replace(b":-8000}", b":-9000}")
    assert judge(after[BASE].decode()) == "valid"
    assert b":-9000}" in after[BASE]
    assert periplus(folder, "compile", "--check").code == 0


def test_before_it_is_merged_check_and_plan_tell_of_it_and_write_nothing(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    before = everything(folder)
    check = periplus(folder, "compile", "--check")
    assert check.code == 1
    assert "would be " in check.out
    assert " 1 merged, " in check.out
    assert f"| {COMPOSE} | Merge into what is kept |\n" in periplus(folder, "plan").out
    assert json.loads(periplus(folder, "plan", "--format", "json").out)["files"][COMPOSE] == "merge"
    assert everything(folder) == before


def conflicting(folder: Path, **texts: str) -> Path:
    """A kept file, and a manifest that changes the line the person changed."""
    kept(folder, **texts)
    edit(folder / COMPOSE, 'GREETING: "hello"', 'GREETING: "salve"')
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    return folder


def test_an_overlap_is_written_between_marks_and_everything_else_is_written_too(tmp_path: Path) -> None:
    folder = conflicting(tmp_path / "shop")
    outcome = periplus(folder, "compile")
    lines = (folder / COMPOSE).read_text().split("\n")
    line = lines.index("<<<<<<< yours")
    assert outcome.code == 3
    assert f"error[OWN003]: `{COMPOSE}`" in outcome.err
    assert f"--> {COMPOSE}:{line + 1}:1\n" in outcome.err
    assert "nothing was written" not in outcome.err
    assert " 1 in conflict, " in outcome.out
    assert lines[line : line + 5] == [
        "<<<<<<< yours",
        '      GREETING: "salve"',
        "=======",
        '      GREETING: "good day"',
        ">>>>>>> integration.yaml",
    ]
    assert "good day" in (folder / OUTPUT / "plan.json").read_text()
    assert "good day" in (folder / BASE).read_text()


def test_check_tells_of_an_overlap_to_come_and_plan_too(tmp_path: Path) -> None:
    folder = conflicting(tmp_path / "shop")
    before = everything(folder)
    check = periplus(folder, "compile", "--check")
    assert check.code == 1
    assert "error[OWN003]" in check.err
    assert f"| {COMPOSE} | Merge into what is kept, with a conflict to settle |\n" in periplus(folder, "plan").out
    assert everything(folder) == before


@pytest.mark.parametrize("mark", ["<<<<<<< yours", "<<<<<<< HEAD", ">>>>>>> feature"])
@pytest.mark.parametrize("arguments", [["compile"], ["compile", "--check"], ["compile", "--upgrade"]])
def test_while_marks_stand_nothing_is_written(tmp_path: Path, mark: str, arguments: Sequence[str]) -> None:
    folder = kept(tmp_path / "shop")
    edit(folder / COMPOSE, "services:\n", f"services:\n{mark}\n")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    before = everything(folder)
    outcome = periplus(folder, *arguments)
    assert outcome.code == 3
    assert f"error[OWN004]: `{COMPOSE}`" in outcome.err
    assert f"--> {COMPOSE}:5:1\n" in outcome.err
    assert everything(folder) == before


def test_once_the_marks_are_gone_it_goes_on(tmp_path: Path) -> None:
    folder = conflicting(tmp_path / "shop")
    assert periplus(folder, "compile").code == 3
    text = (folder / COMPOSE).read_text()
    settled = text.replace("<<<<<<< yours\n", "").replace("=======\n", "").replace(">>>>>>> integration.yaml\n", "")
    (folder / COMPOSE).write_text(settled.replace('      GREETING: "good day"\n', ""))
    outcome = periplus(folder, "compile")
    assert (outcome.code, outcome.err) == (0, "")
    assert 'GREETING: "salve"' in (folder / COMPOSE).read_text()
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    assert periplus(folder, "compile").code == 0


def test_a_file_edited_before_the_manifest_changed_is_kept_by_what_git_knows(tmp_path: Path) -> None:
    folder = commit_all(compiled(tmp_path / "shop"))
    first = (folder / COMPOSE).read_bytes()
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "--quiet", "--all", "--message", "later")
    (folder / COMPOSE).write_bytes(first)
    edit(folder / COMPOSE, *MINE)
    edit(folder / "integration.yaml", "GREETING: good day", "GREETING: good night")
    outcome = periplus(folder, "keep", COMPOSE)
    assert (outcome.code, outcome.err) == (0, "")
    assert "# mine\n" in (folder / COMPOSE).read_text()
    assert "good night" in (folder / COMPOSE).read_text()
    assert periplus(folder, "compile").code == 0
    assert "good night" in (folder / BASE).read_text()


@pytest.mark.parametrize("has_git", [True, False])
def test_without_the_text_it_was_generated_as_keeping_is_refused(tmp_path: Path, has_git: bool) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, *MINE)
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    if has_git:
        commit_all(folder)
    before = everything(folder)
    outcome = periplus(folder, "keep", COMPOSE)
    assert (outcome.code, outcome.out) == (3, "")
    assert f"`{COMPOSE}` was edited, and the text it was generated as" in outcome.err
    assert f"--overwrite {COMPOSE}" in outcome.err
    assert everything(folder) == before


def test_the_way_out_of_that_refusal_works(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, *MINE)
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    assert periplus(folder, "compile", "--overwrite", COMPOSE).code == 0
    assert periplus(folder, "keep", COMPOSE).code == 0
    assert "# mine\n" in (folder / f"{COMPOSE}.edited-1").read_text()


@pytest.mark.parametrize("text", ["services: {}\n", ""])
def test_a_file_without_signature_is_refused(tmp_path: Path, text: str) -> None:
    folder = compiled(tmp_path / "shop")
    write(folder, {COMPOSE: text})
    before = everything(folder)
    outcome = periplus(folder, "keep", COMPOSE)
    assert outcome.code == 3
    assert "carries no signature" in outcome.err
    assert everything(folder) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("integration/plan.json", "cannot be kept"),
        ("integration/.gitattributes", "cannot be kept"),
        ("integration/docker-compose.local.yml", "is yours already"),
        ("integration/none.yml", "is no generated file"),
        ("integration.yaml", "is no generated file"),
        ("../x", "is no generated file"),
        ("", "is no generated file"),
    ],
)
def test_keeping_what_cannot_be_is_wrong_usage(tmp_path: Path, name: str, words: str) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "keep", name)
    assert outcome.code == 2
    assert words in outcome.err
    assert everything(folder) == before


def test_keeping_needs_no_other_file_to_be_in_order_and_touches_none(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for path in (COMPOSE, f"{OUTPUT}/README.md"):
        edit(folder / path, "\n", "\n# mine\n")
    before = contents(folder)
    outcome = periplus(folder, "keep", COMPOSE)
    assert (outcome.code, outcome.err) == (0, "")
    assert same_but(before, contents(folder)) == {COMPOSE, BASE, ATTRIBUTES, LOCK}
    assert periplus(folder, "compile").code == 3
    assert periplus(folder, "keep", f"{OUTPUT}/README.md").code == 0
    assert periplus(folder, "compile", "--check").code == 0


def test_keeping_twice_changes_nothing(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "keep", COMPOSE)
    assert (outcome.code, outcome.out, outcome.err) == (0, "these files are kept already\n", "")
    assert everything(folder) == before


def test_several_files_are_kept_at_once_from_wherever_one_stands(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    assert periplus(folder / OUTPUT / "scripts", "keep", "start.sh", "../docker-compose.yml").code == 0
    assert listed(folder) == ["docker-compose.yml", "scripts/start.sh"]
    assert periplus(folder, "compile", "--check").code == 0


def test_the_manifest_is_found_by_what_the_file_says(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"below/bank.integration.yaml": MANIFEST.replace("name: shop", "name: bank")})
    assert periplus(folder, "compile", "below/bank.integration.yaml").code == 0
    assert periplus(folder, "keep", "below/bank-integration/README.md").code == 0
    assert json.loads((folder / "below/bank.integration.lock.json").read_text())["kept"] == ["README.md"]


def test_a_kept_script_stays_executable(tmp_path: Path) -> None:
    folder = kept_script(tmp_path / "shop")
    assert (folder / SCRIPT).stat().st_mode & stat.S_IXUSR
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    assert periplus(folder, "compile").code == 0
    assert (folder / SCRIPT).stat().st_mode & stat.S_IXUSR
    assert (folder / SCRIPT).read_text().startswith("#!")
    (folder / SCRIPT).chmod(0o644)
    assert periplus(folder, "compile").code == 0
    assert (folder / SCRIPT).stat().st_mode & stat.S_IXUSR


def kept_script(folder: Path) -> Path:
    compiled(folder)
    edit(folder / SCRIPT, "set -", "# mine\nset -")
    assert periplus(folder, "keep", SCRIPT).code == 0
    return folder


def test_a_kept_file_that_was_deleted_is_made_again_and_kept(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    (folder / COMPOSE).unlink()
    check = periplus(folder, "compile", "--check")
    assert check.code == 1
    assert f"  + {COMPOSE}\n" in check.out
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert f"  + {COMPOSE}\n" in outcome.out
    assert (folder / COMPOSE).read_text() == kept_form((folder / BASE).read_text())
    assert listed(folder) == ["docker-compose.yml"]


@pytest.mark.parametrize("damage", ["missing", "edited", "unsigned"])
@pytest.mark.parametrize("arguments", [["compile"], ["compile", "--check"]])
def test_without_its_base_everything_stops_with_the_repair(
    tmp_path: Path, damage: str, arguments: Sequence[str]
) -> None:
    folder = kept(tmp_path / "shop")
    if damage == "missing":
        (folder / BASE).unlink()
    else:
        write(folder, {BASE: (folder / BASE).read_text() + "# mine\n" if damage == "edited" else "services: {}\n"})
    before = everything(folder)
    outcome = periplus(folder, *arguments)
    assert outcome.code == 3
    assert f"error[OWN005]: `{COMPOSE}`" in outcome.err
    assert f"git checkout -- {BASE}" in outcome.err
    assert everything(folder) == before
    mine = (folder / COMPOSE).read_text()
    repair = periplus(folder, "compile", "--overwrite", COMPOSE)
    assert (repair.code, repair.err) == (0, "")
    assert (folder / f"{COMPOSE}.edited-1").read_text() == mine
    assert (folder / COMPOSE).read_text() == kept_form((folder / BASE).read_text())
    assert periplus(folder, "compile", "--check").code == 0


def test_overwriting_a_kept_file_saves_it_and_it_stays_kept(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    mine = (folder / COMPOSE).read_bytes()
    assert periplus(folder, "compile", "--overwrite", COMPOSE).code == 0
    assert (folder / f"{COMPOSE}.edited-1").read_bytes() == mine
    assert b"# mine" not in (folder / COMPOSE).read_bytes()
    assert listed(folder) == ["docker-compose.yml"]


def test_released_it_is_generated_again_and_what_was_the_persons_is_saved(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    kept_text = contents(kept(tmp_path / "other"))[COMPOSE]
    edit(folder / COMPOSE, *MINE)
    assert periplus(folder, "keep", COMPOSE).code == 0
    outcome = periplus(folder, "keep", "--release", COMPOSE)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"saved what you had as {COMPOSE}.edited-1\n" in outcome.out
    assert contents(folder) == {**before, f"{COMPOSE}.edited-1": kept_text}
    assert not (folder / OUTPUT / ".periplus").exists()
    assert periplus(folder, "compile", "--check").code == 0


@pytest.mark.parametrize("is_stale", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_released_with_nothing_of_the_persons_nothing_is_saved(tmp_path: Path, is_stale: bool, end: str) -> None:
    folder = compiled(tmp_path / "shop")
    assert periplus(folder, "keep", COMPOSE).code == 0
    (folder / COMPOSE).write_bytes((folder / COMPOSE).read_bytes().replace(b"\n", end.encode()))
    if is_stale:
        edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    outcome = periplus(folder, "keep", "--release", COMPOSE)
    assert (outcome.code, outcome.err) == (0, "")
    assert not [path for path in contents(folder) if "edited" in path]
    assert judge((folder / COMPOSE).read_text()) == "valid"
    assert periplus(folder, "compile").code == 0
    assert periplus(folder, "compile", "--check").code == 0


def test_releasing_a_damaged_base_or_marks_works_and_loses_nothing(tmp_path: Path) -> None:
    folder = conflicting(tmp_path / "shop")
    assert periplus(folder, "compile").code == 3
    write(folder, {BASE: (folder / BASE).read_text() + "# mine, too\n"})
    before = contents(folder)
    assert periplus(folder, "keep", "--release", COMPOSE).code == 0
    after = contents(folder)
    assert after[f"{COMPOSE}.edited-1"] == before[COMPOSE]
    assert b"# mine, too\n" in b"".join(after.values())
    assert periplus(folder, "compile", "--check").code == 0


def test_releasing_what_is_not_kept_is_wrong_usage(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "keep", "--release", COMPOSE)
    assert outcome.code == 2
    assert f"`{COMPOSE}` is not kept" in outcome.err
    assert everything(folder) == before


def test_a_kept_file_that_is_no_longer_generated_stays_and_is_told_of_once(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=DATABASE)
    script = f"{OUTPUT}/init-scripts/db/01-create-databases.sql"
    edit(folder / script, "\n", "\n-- mine\n")
    assert periplus(folder, "keep", script).code == 0
    mine = (folder / script).read_bytes()
    write(folder, {"integration.yaml": MANIFEST})
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert f"note[OWN007]: `{script}` was kept" in outcome.err
    assert (folder / script).read_bytes() == mine
    assert not (folder / OUTPUT / ".periplus").exists()
    assert listed(folder) == []
    assert periplus(folder, "compile").err == ""
    assert (folder / script).read_bytes() == mine


def test_what_the_lock_lists_without_reason_is_left_out_and_nothing_outside_touched(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    write(tmp_path, {"victim": "mine"})
    write(folder, {f"{OUTPUT}/notes.md": "mine", ".env": "A=1\n"})
    wrong = ["../victim", "../../victim", str(tmp_path / "victim"), "", ".", "a\\b", "notes.md", "plan.json", 7]
    lock = json.loads((folder / LOCK).read_text())
    write(folder, {LOCK: json.dumps({**lock, "kept": wrong})})
    before = everything(tmp_path)
    outcome = periplus(folder, "compile")
    after = everything(tmp_path)
    assert outcome.code == 0
    assert "warning[LOCK005]" in outcome.err
    assert "`../victim`" in outcome.err
    assert "`notes.md`" in outcome.err
    assert {path for path in {*before, *after} if before.get(path) != after.get(path)} == {f"shop/{LOCK}"}
    assert listed(folder) == []
    assert periplus(folder, "compile").err == ""


def test_a_base_behind_a_link_is_refused(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    (folder / OUTPUT / ".periplus").rename(tmp_path / "elsewhere")
    (folder / OUTPUT / ".periplus").symlink_to(tmp_path / "elsewhere")
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    before = everything(tmp_path)
    outcome = periplus(folder, "compile")
    assert outcome.code == 3
    assert everything(tmp_path) == before


def test_a_lost_lock_loses_no_kept_file(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    before = contents(folder)
    (folder / LOCK).unlink()
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert "note[LOCK006]" in outcome.err
    assert "note[LOCK007]" in outcome.err
    assert contents(folder) == before


def test_a_checkout_with_other_line_ends_keeps_them_and_makes_no_conflict(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    for path in (COMPOSE, BASE):
        (folder / path).write_bytes((folder / path).read_bytes().replace(b"\n", b"\r\n"))
    mine = (folder / COMPOSE).read_bytes()
    assert periplus(folder, "compile").code == 0
    assert (folder / COMPOSE).read_bytes() == mine
    edit_bytes(folder / "integration.yaml", b"port: 8000", b"port: 9000:8000")
    assert periplus(folder, "compile").code == 0
    assert (folder / COMPOSE).read_bytes() == mine.replace(b":-8000}", b":-9000}")


def edit_bytes(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(file.read_bytes().replace(old, new, 1))


def test_git_merges_kept_files_as_text_and_takes_one_side_of_their_bases(tmp_path: Path) -> None:
    folder = commit_all(kept(tmp_path / "shop"))
    attributes = git(folder, "check-attr", "merge", "--", COMPOSE, BASE, f"{OUTPUT}/README.md")
    assert [line.split(": ")[2] for line in attributes.splitlines()] == ["set", "unset", "unset"]


def test_two_branches_that_both_change_a_kept_file_and_the_manifest_come_together(tmp_path: Path) -> None:
    folder = commit_all(kept(tmp_path / "shop"))
    git(folder, "checkout", "--quiet", "-b", "feature")
    edit(folder / COMPOSE, "# mine", "# mine, and hers")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "--quiet", "--all", "--message", "feature")
    git(folder, "checkout", "--quiet", "main")
    edit(folder / "integration.yaml", "name: shop\n", "name: shop\n\nsecrets:\n  TOKEN: required\n")
    edit(folder / "integration.yaml", "    environment:\n", "    environment:\n      TOKEN: ${secrets.TOKEN}\n")
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "--quiet", "--all", "--message", "main")
    tried(folder, "merge", "--quiet", "feature")
    outcome = periplus(folder, "compile")
    text = (folder / COMPOSE).read_text()
    assert outcome.code in {0, 3}, outcome.err
    assert "# mine, and hers" in text
    if outcome.code == 0:
        assert 'GREETING: "good day"' in text
        assert "TOKEN:" in text
        assert periplus(folder, "compile", "--check").code == 0


def stop_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the process die at the replacement of the given number, as far as the disk can tell."""
    put = Folders.put
    count = 0

    def dying(folders: Folders, staged: Staged) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise KeyboardInterrupt
        put(folders, staged)

    monkeypatch.setattr(Folders, "put", dying)


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("act", ["keep", "merge", "release"])
def test_killed_at_any_write_the_next_run_makes_it_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, number: int
) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, *MINE)
    words = ["keep", COMPOSE]
    if act != "keep":
        assert periplus(folder, "keep", COMPOSE).code == 0
        words = ["compile"] if act == "merge" else ["keep", "--release", COMPOSE]
    if act == "merge":
        edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    with monkeypatch.context() as patch:
        stop_at(patch, number)
        periplus(folder, *words)
    assert ends_well(folder, act)
    assert "# mine\n" in "".join(text.decode() for text in contents(folder).values())


def ends_well(folder: Path, act: str) -> bool:
    """Whether compile, or what was asked for once more where nothing was begun, leads to a tree that is in order."""
    outcome: Outcome = periplus(folder, "compile")
    if outcome.code == 3 and act == "keep":
        assert "OWN001" in outcome.err
        outcome = periplus(folder, "keep", COMPOSE)
    assert (outcome.code, outcome.err) == (0, "")
    return periplus(folder, "compile", "--check").code == 0


def test_a_kept_file_is_written_before_its_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = kept(tmp_path / "shop")
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    written: list[str] = []
    put = Folders.put

    def noting(folders: Folders, staged: Staged) -> None:
        written.append(os.path.relpath(staged.target, folder))
        put(folders, staged)

    monkeypatch.setattr(Folders, "put", noting)
    assert periplus(folder, "compile").code == 0
    assert written.index(COMPOSE) < written.index(BASE)


def test_an_older_base_still_belongs_to_its_manifest(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    old = sign("docker-compose.yml", "services: {}\n", "integration.yaml")
    write(folder, {BASE: old, COMPOSE: kept_form(old) + "# mine\n"})
    outcome = periplus(folder, "compile")
    assert outcome.code in {0, 3}
    assert "# mine\n" in (folder / COMPOSE).read_text()


def test_the_tree_without_kept_files_has_no_trace_of_them(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    assert "kept" not in (folder / LOCK).read_text()
    assert "ept files" not in (folder / ATTRIBUTES).read_text()
    assert not (folder / OUTPUT / ".periplus").exists()


def test_a_renamed_output_never_leaves_kept_files_behind_in_silence(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    edit(folder / "integration.yaml", "name: shop\n", "name: shop\noutput: deploy\n")
    before = everything(folder)
    outcome = periplus(folder, "compile")
    assert outcome.code == 3
    assert "error[OWN005]" in outcome.err
    assert everything(folder) == before
    (folder / OUTPUT).rename(folder / "deploy")
    assert periplus(folder, "compile").code == 0
    assert "# mine" in (folder / "deploy/docker-compose.yml").read_text()
