from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft7Validator

from compiler.render.changes import MARKER
from tests.commands.project import MANIFEST, compiled, edit, everything, periplus, periplus_apart, project, write
from tests.git import commit_all, git
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KEY = "  KEY:\n    value: optional\n    description: what it was\n"
PLAN = "integration/plan.json"


@pytest.fixture(autouse=True)
def _no_hook_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


def commit(folder: Path, revision: str = "HEAD") -> str:
    """The first ten characters of its digest."""
    return git(folder, "rev-parse", revision)[:10]


def changed(folder: Path, old: str, new: str) -> None:
    """One more commit, with another text in the manifest, compiled."""
    edit(folder / "integration.yaml", old, new)
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "-q", "-a", "-m", f"from {old} to {new}")


def committed(folder: Path, **texts: str) -> Path:
    """A repository with the manifest and its tree in one commit."""
    return commit_all(compiled(folder, **texts), "first")


def test_nothing_changes_where_nothing_did(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.out, outcome.err) == (
        0,
        "nothing in the plan changes\n",
        "compared with plan.json of `HEAD`\n",
    )
    assert everything(folder) == before


def test_the_manifest_of_today_is_compared_with_head_and_nothing_is_written(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration.yaml", "port: 8000", "port: 8044:8000")
    before = everything(folder / "integration")
    outcome = periplus(folder, "diff")
    assert outcome.code == 0
    assert outcome.out.startswith("breaking: ")
    assert "- `api` moves from host port `8000` to `8044`\n" in outcome.out
    assert outcome.out.endswith("\n1 breaking change\n")
    assert everything(folder / "integration") == before


def test_head_counts_though_the_tree_was_compiled_since(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration.yaml", "hello", "good day")
    assert periplus(folder, "compile").code == 0
    assert "`api` gets `GREETING=good day`" in periplus(folder, "diff").out


def test_the_base_is_any_commit(tmp_path: Path) -> None:
    folder = committed(tmp_path / "a shop, 'quoted'")
    git(folder, "tag", "v1")
    edit(folder / "integration.yaml", "hello", "good day")
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "-q", "-a", "-m", "second")
    assert periplus(folder, "diff").out == "nothing in the plan changes\n"
    for revision in ("v1", "HEAD~1"):
        outcome = periplus(folder, "diff", "--base", revision)
        assert "GREETING=good day" in outcome.out
        assert outcome.err == f"compared with plan.json of `{revision}` ({commit(folder, 'HEAD~1')})\n"
    assert periplus(folder, "-q", "diff", "--base", "v1").err == ""


def test_a_branch_is_compared_with_where_it_left_the_base(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    left = commit(folder)
    git(folder, "checkout", "-q", "-b", "mine")
    changed(folder, "hello", "good day")
    git(folder, "checkout", "-q", "main")
    changed(folder, "port: 8000", "port: 8044:8000")
    git(folder, "checkout", "-q", "mine")
    outcome = periplus(folder, "diff", "--base", "main")
    assert "GREETING=good day" in outcome.out
    assert "8044" not in outcome.out
    assert outcome.err == f"compared with plan.json of {left}, where HEAD left `main`\n"


def test_a_base_without_a_common_commit_is_compared_with_itself(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    git(folder, "checkout", "-q", "--orphan", "apart")
    git(folder, "commit", "-q", "-m", "apart")
    changed(folder, "hello", "good day")
    outcome = periplus(folder, "diff", "--base", "main")
    assert "GREETING=good day" in outcome.out
    told = f"`main` ({commit(folder, 'main')}, which has no commit in common with HEAD here)"
    assert outcome.err == f"compared with plan.json of {told}\n"


def test_a_merge_in_a_shallow_clone_is_compared_with_the_branch_it_goes_to(tmp_path: Path) -> None:
    """What CI checks out: the merge of a pull request, two commits deep."""
    folder = committed(tmp_path / "shop")
    git(folder, "checkout", "-q", "-b", "mine")
    changed(folder, "hello", "good day")
    git(folder, "checkout", "-q", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "meanwhile")
    git(folder, "merge", "-q", "--no-ff", "-m", "merged", "mine")
    clone = tmp_path / "clone"
    git(folder, "clone", "-q", "--depth", "2", f"file://{folder}", str(clone))
    outcome = periplus(clone, "diff", "--base", "HEAD^1")
    assert (outcome.code, outcome.err) == (0, f"compared with plan.json of `HEAD^1` ({commit(clone, 'HEAD^1')})\n")
    assert "GREETING=good day" in outcome.out


def test_what_no_plan_holds_is_told_as_files(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(
        folder / "integration.yaml",
        "services:",
        f"secrets:\n{KEY}services:",
    )
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "-q", "-a", "-m", "second")
    edit(folder / "integration.yaml", "what it was", "what it is")
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.out) == (0, "nothing in the plan changes\n")
    assert "compared with plan.json of `HEAD`\n`periplus compile` would write " in outcome.err
    assert "would write" not in periplus(folder, "-q", "diff").err


def test_an_older_lock_matters_only_to_who_writes(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration.lock.json", '"0.1.0"', '"0.0.9"')
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.out) == (0, "nothing in the plan changes\n")
    assert "LOCK004" not in outcome.err
    assert "error" not in outcome.err


def test_run_from_a_folder_below_and_on_a_manifest_by_name(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    git(folder, "mv", "integration.yaml", "b.integration.yaml")
    assert periplus(folder, "compile", "b.integration.yaml").code == 0
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "second")
    edit(folder / "b.integration.yaml", "hello", "good day")
    (folder / "below").mkdir()
    assert "GREETING=good day" in periplus(folder / "below", "diff", "../b.integration.yaml").out


def test_without_a_repository_the_tree_on_disk_is_the_base(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    (folder / ".git").rmdir()
    edit(folder / "integration.yaml", "hello", "good day")
    outcome = periplus(folder, "diff")
    assert "GREETING=good day" in outcome.out
    assert outcome.err == "compared with `integration/plan.json` as it stands\n"


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_repository_without_the_plan_takes_the_one_on_disk(tmp_path: Path, *, is_committed: bool) -> None:
    folder = compiled(tmp_path / "shop")
    (folder / ".git").rmdir()
    git(folder, "init", "-q")
    if is_committed:
        git(folder, "add", "integration.yaml")
        git(folder, "commit", "-q", "-m", "first")
    edit(folder / "integration.yaml", "hello", "good day")
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.err) == (0, "compared with `integration/plan.json` as it stands\n")
    assert "GREETING=good day" in outcome.out


def test_without_any_plan_everything_is_new(tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop"), "diff")
    assert (outcome.code, outcome.err) == (
        0,
        "there is no `integration/plan.json` to compare with: everything is new\n",
    )
    for told in ("service `api` is new", "redis `cache` is new", "environment `test` is new"):
        assert told in outcome.out
    assert "breaking" not in outcome.out


def test_a_base_without_a_plan_is_compiled(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    git(folder, "rm", "-q", "--cached", PLAN)
    git(folder, "commit", "-q", "-m", "second")
    edit(folder / "integration.yaml", "hello", "good day")
    outcome = periplus(folder, "diff", "--base", "HEAD")
    assert outcome.code == 0
    assert (
        outcome.err == f"plan.json of `HEAD` ({commit(folder)}) is not there: "
        "compared with what its `integration.yaml` compiles to now\n"
    )
    assert outcome.out.count("\n- ") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"schema_version": 1, "plan": {}}', "has the layout 1, and this version reads 3"),
        ('{"schema_version": 99}', "has the layout 99, and this version reads 3"),
        ("<<<<<<< ours\n{}\n", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no plan"),
        ('{"plan": {}}', "is no plan"),
    ],
)
def test_an_older_or_unreadable_plan_of_a_commit_is_compiled_anew_and_one_on_disk_is_told(
    tmp_path: Path, text: str, reason: str
) -> None:
    folder = committed(tmp_path / "shop")
    write(folder, {PLAN: text})
    git(folder, "commit", "-q", "-a", "-m", "second")
    edit(folder / "integration.yaml", "hello", "good day")
    outcome = periplus(folder, "diff")
    assert (outcome.code, "GREETING=good day" in outcome.out) == (0, True)
    assert outcome.err == f"plan.json of `HEAD` {reason}: compared with what its `integration.yaml` compiles to now\n"
    (folder / ".git").rename(folder / "elsewhere")
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err == (f"error: `{PLAN}` {reason}: compile once, or name a commit to compare with, with `--base`\n")


def test_a_base_whose_manifest_has_errors_is_told(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    git(folder, "rm", "-q", "--cached", PLAN)
    write(folder, {"integration.yaml": "version: 1\n"})
    git(folder, "commit", "-q", "-a", "-m", "second")
    write(folder, {"integration.yaml": MANIFEST})
    outcome = periplus(folder, "diff", "--base", "HEAD")
    assert (outcome.code, outcome.out) == (4, "")
    assert "its `integration.yaml` has errors by the rules of this version: name another `--base`" in outcome.err


def test_a_base_without_the_manifest_leaves_everything_new(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    git(folder, "rm", "-q", "-r", "--cached", ".")
    git(folder, "commit", "-q", "-m", "second")
    outcome = periplus(folder, "diff", "--base", "HEAD")
    assert outcome.code == 0
    assert outcome.err == f"there is no `integration.yaml` in `HEAD` ({commit(folder)}): everything is new\n"


@pytest.mark.parametrize("revision", ["nope", "--output=x", "HEAD~7", ""])
def test_an_unknown_revision_is_wrong_usage(tmp_path: Path, revision: str) -> None:
    outcome = periplus(committed(tmp_path / "shop"), "diff", f"--base={revision}")
    assert (outcome.code, outcome.out) == (2, "")
    assert f"there is no revision `{revision}` in this repository: name a commit, a branch or a tag" in outcome.err


def test_a_base_without_git_or_repository_fails(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    outcome = periplus(folder, "diff", "--base", "main")
    assert (outcome.code, outcome.out) == (4, "")
    assert "is in no git repository, so there is no `main` to compare with" in outcome.err
    (tmp_path / "bin").mkdir()
    outcome = periplus_apart(folder, "diff", "--base", "main", PATH=str(tmp_path / "bin"))
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err == "error: git is not installed, or not found in PATH, so there is no `main` to compare with\n"
    assert periplus_apart(folder, "diff", PATH=str(tmp_path / "bin")).code == 0


def test_a_manifest_with_an_error_is_shown_and_not_compared(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration.yaml", "cache.url", "none.url")
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.out) == (2, "")
    assert "error[REF" in outcome.err


def test_an_edited_tree_does_not_matter(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration/docker-compose.yml", "8000", "8009")
    outcome = periplus(folder, "diff")
    assert (outcome.code, outcome.out) == (0, "nothing in the plan changes\n")


def test_markdown_is_a_comment_and_json_a_document(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration.yaml", "hello", "<b>@all</b>")
    markdown = periplus(folder, "diff", "--format", "markdown")
    assert (markdown.code, markdown.out.split("\n")[0]) == (0, MARKER)
    assert "`GREETING=<b>@all</b>`" in markdown.out
    document = json.loads(periplus(folder, "diff", "--format", "json").out)
    schema = json.loads((ROOT / "schemas" / "diff.schema.json").read_text())
    assert list(Draft7Validator(schema).iter_errors(document)) == []
    assert document["changes"][0]["after"] == "<b>@all</b>"
    assert json.loads(periplus(folder, "schema", "diff").out) == schema


def test_raw_is_the_structural_difference(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    assert periplus(folder, "diff", "--raw").out == "{}\n"
    edit(folder / "integration.yaml", "hello", "good day")
    changed = json.loads(periplus(folder, "diff", "--raw").out)["values_changed"]
    assert {"new_value": "good day", "old_value": "hello"} in changed.values()


def test_only_a_terminal_gets_colour(tmp_path: Path) -> None:
    folder = committed(tmp_path / "shop")
    edit(folder / "integration.yaml", "hello", "good day")
    assert "\x1b" not in periplus(folder, "--color", "auto", "diff").out
    assert "\x1b" in periplus(folder, "--color", "always", "diff").out


def test_two_manifests_are_wrong_usage(tmp_path: Path) -> None:
    assert periplus(committed(tmp_path / "shop"), "diff", "a.yaml", "b.yaml").code == 2
