"""The scripts of the examples, run: the check and the difference in a clone, the comment against a stub of the forge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkouts.checkout import clone
from tests.ci.examples import JOBS, run, steps
from tests.ci.forge import TOKEN, Forge, forge
from tests.commands.project import compiled, edit, periplus
from tests.git import git

pytestmark = pytest.mark.slow

MARKER = "<!-- periplus-diff -->"
CHANGES = f'{MARKER}\n### What changes\n\n| `a` | "b" $HOME \\n |\n\n<details>Ümläute</details>\n'
OTHERS = {"user": {"login": "eve"}, "author": {"id": 6}}


@pytest.fixture(params=["github", "gitlab"])
def kind(request: pytest.FixtureRequest) -> str:
    """The name of a forge."""
    name: str = request.param
    return name


def comment(server: Forge, folder: Path, text: str, token: str = TOKEN) -> str:
    """Run the job that comments, as the forge would; gives back its exit code and words."""
    job = folder / "job"
    job.mkdir(exist_ok=True)
    if server.kind == "github":
        environment = {
            "GITHUB_API_URL": server.url,
            "GITHUB_REPOSITORY": "ada/shop",
            "RUNNER_TEMP": str(job),
            "CHANGES": text,
            "NUMBER": "7",
            "TOKEN": token,
        }
        done = run("bash", steps()["Write the comment, or renew it"]["run"], job, environment)
    else:
        (job / "changes.md").write_text(text)
        environment = {
            "CI_API_V4_URL": server.url,
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
            "PERIPLUS_TOKEN": token,
        }
        done = run("sh", "\n".join(JOBS["periplus-comment"]["script"]), job, environment)
    return f"{done.returncode}{done.stdout}{done.stderr}"


def test_the_first_run_writes_a_comment_and_the_next_renews_it(kind: str, tmp_path: Path) -> None:
    with forge(kind) as server:
        server.add("well done", OTHERS)
        assert comment(server, tmp_path, CHANGES) == "0"
        assert comment(server, tmp_path, f"{MARKER}\nsomething else\n") == "0"
        assert [one["body"].rstrip("\n") for one in server.comments] == ["well done", f"{MARKER}\nsomething else"]


def test_the_text_arrives_as_it_is(kind: str, tmp_path: Path) -> None:
    with forge(kind) as server:
        assert comment(server, tmp_path, CHANGES) == "0"
        assert server.comments[0]["body"] == CHANGES


def test_a_comment_of_someone_else_with_our_marker_is_left_alone(kind: str, tmp_path: Path) -> None:
    with forge(kind) as server:
        server.add(f"{MARKER}\nmine", OTHERS)
        assert comment(server, tmp_path, CHANGES) == "0"
        assert [one["body"] for one in server.comments] == [f"{MARKER}\nmine", CHANGES]


def test_that_nothing_changes_is_only_said_where_something_was_said_before(kind: str, tmp_path: Path) -> None:
    project = compiled(tmp_path / "shop")
    git(project, "init", "--quiet")
    git(project, "add", "-A")
    git(project, "commit", "--quiet", "-m", "begin")
    nothing = periplus(project, "diff", "--format", "markdown").out
    assert nothing.startswith(f"{MARKER}\n")
    with forge(kind) as server:
        assert comment(server, tmp_path, nothing) == "0"
        assert server.comments == []
        server.add(CHANGES)
        assert comment(server, tmp_path, nothing) == "0"
        assert [one["body"] for one in server.comments] == [nothing]


@pytest.mark.parametrize("before", [100, 230])
def test_our_comment_is_found_after_many_others(kind: str, before: int, tmp_path: Path) -> None:
    with forge(kind) as server:
        for number in range(before):
            server.add(f"comment {number}", OTHERS)
        server.add(f"{MARKER}\nold")
        assert comment(server, tmp_path, CHANGES) == "0"
        assert server.comments[-1]["body"] == CHANGES
        assert len(server.comments) == before + 1


def test_a_refusal_of_the_forge_fails_the_job_and_says_why(kind: str, tmp_path: Path) -> None:
    with forge(kind) as server:
        said = comment(server, tmp_path, CHANGES, token="expired")
        assert server.comments == []
    assert not said.startswith("0")
    assert "404" in said


def test_the_workflow_checks_and_tells_what_a_pull_request_would_change(tmp_path: Path) -> None:
    source = merged(tmp_path / "shop")
    folder = clone(source, tmp_path / "clone", "--depth=2", "--branch=merged", url=source.as_uri())
    paths = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {"RUNNER_TEMP": str(tmp_path), **{name: str(path) for name, path in paths.items()}}
    for name in ("Check that the environment is what the manifest says", "Tell what the pull request changes"):
        done = run("bash", steps()[name]["run"], folder, environment)
        assert done.returncode == 0, done.stdout + done.stderr
    said = paths["GITHUB_STEP_SUMMARY"].read_text()
    assert said.startswith(f"{MARKER}\n")
    assert "8123" in said
    first, *lines, last = paths["GITHUB_OUTPUT"].read_text().splitlines()
    assert first == f"markdown<<{last}"
    assert "\n".join(lines).rstrip("\n") == said.rstrip("\n")


def test_the_pipeline_checks_and_tells_what_a_merge_request_would_change(tmp_path: Path) -> None:
    source = merged(tmp_path / "shop")
    folder = clone(source, tmp_path / "clone", "--depth=1", "--branch=change", url=source.as_uri())
    base = git(source, "rev-parse", "main").strip()
    script = "\n".join(JOBS["periplus-check"]["script"][1:])
    done = run("bash", script, folder, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base})
    assert done.returncode == 0, done.stdout + done.stderr
    said = (folder / "changes.md").read_text()
    assert said.startswith(f"{MARKER}\n")
    assert "8123" in said
    assert run("bash", script, folder, {}).returncode == 0


def test_the_check_fails_for_a_tree_that_was_not_compiled(tmp_path: Path) -> None:
    source = merged(tmp_path / "shop")
    edit(source / "integration.yaml", "8123", "8124")
    done = run("bash", JOBS["periplus-check"]["script"][1], source, {})
    assert done.returncode == 1
    assert "~ integration/docker-compose.yml" in done.stdout


def merged(folder: Path) -> Path:
    """A repository with a project on `main`, a host port changed on `change`, and the two merged on `merged`."""
    compiled(folder)
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "begin")
    git(folder, "checkout", "--quiet", "-b", "change")
    edit(folder / "integration.yaml", "port: 8000", "port: 8123:8000")
    assert periplus(folder, "compile").code == 0
    git(folder, "commit", "--quiet", "--all", "-m", "another port")
    git(folder, "checkout", "--quiet", "-b", "merged", "main")
    git(folder, "merge", "--quiet", "--no-ff", "-m", "merge", "change")
    return folder
