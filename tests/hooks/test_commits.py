"""Real commits, with the real pre-commit and the hooks of this checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.commands.project import COMPOSE, LOCK, MANIFEST, edit, periplus, write
from tests.hooks.repository import Hooks, Repository, repository

pytestmark = pytest.mark.slow

COMPILE, CHECK = "periplus-compile", "periplus-check"
WORKER = """\
  worker:
    image: example/worker:1
    port: 8001
    healthcheck:
      liveness: /health
      probe: curl
    environment:
      CACHE_URL: ${cache.url}
"""
DATABASE = """\
  db:
    type: postgres
    databases:
      orders:
"""
SCRIPT = "integration/scripts/stop.sh"


def test_try_repo_fails_when_it_made_a_file_and_passes_when_all_is_added(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    made.git("rm", "-r", "--quiet", "integration", LOCK)
    tried = made.pre_commit("try-repo", str(hooks.repo), COMPILE, "--all-files", "--verbose")
    assert tried.code == 1
    assert "exit code: 1" in tried.said
    assert "files were modified by this hook" not in tried.said  # git sees no file that it does not know
    made.git("add", "-A")
    assert made.changed() == []
    again = made.pre_commit("run", "--all-files")
    assert again.code == 0, again.said


def test_a_new_service_is_compiled_and_committed_with_its_tree(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    write(made.folder, {"integration.yaml": MANIFEST + WORKER})
    made.git("add", "integration.yaml")
    first = made.commit()
    assert first.code == 1
    assert f"~ {COMPOSE}" in first.said
    made.git("add", "-A")
    assert made.commit().code == 0
    assert "  worker:\n" in made.committed(COMPOSE)
    assert_settled(made)


def test_a_new_file_that_was_not_added_is_named_until_it_is(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    edit(made.folder / "integration.yaml", "services:\n", DATABASE + "services:\n")
    edit(made.folder / "integration.yaml", "      GREETING: hello\n", "      DATABASE_URL: ${db.orders.url}\n")
    for _ in range(2):
        made.git("add", "--update")
        refused = made.commit()
        assert refused.code == 1
        assert "integration/init-scripts/db/" in refused.said
        assert "not in git yet" in refused.said
    made.git("add", "-A")
    assert made.commit().code == 0
    assert_settled(made)


def test_a_file_that_git_ignores_is_named_too(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, CHECK)
    write(made.folder, {".gitignore": ".env*\n"})
    made.git("rm", "--cached", "--quiet", "integration/.env.example")
    made.git("add", "-A")
    refused = made.commit()
    assert refused.code == 1
    assert "git add --force -- integration/.env.example" in refused.said
    made.git("add", "--force", "--", "integration/.env.example")
    assert made.commit().code == 0


def test_a_hand_edit_is_refused_and_stays(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    edit(made.folder / COMPOSE, "hello", "goodbye")
    made.git("add", "-A")
    refused = made.commit()
    assert refused.code == 1
    assert "exit code: 3" in refused.said
    assert "goodbye" in refused.said
    assert "--overwrite" in refused.said
    assert made.changed() == [f"M  {COMPOSE}"]


def test_a_hand_edit_that_is_not_staged_survives_a_commit_of_the_manifest(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    write(made.folder, {"integration.yaml": MANIFEST + WORKER})
    made.git("add", "integration.yaml")
    edit(made.folder / COMPOSE, "hello", "goodbye")
    refused = made.commit()
    assert refused.code == 1
    assert "goodbye" in (made.folder / COMPOSE).read_text()
    assert periplus(made.folder, "compile").code == 3


@pytest.mark.parametrize("hook", [COMPILE, CHECK])
def test_a_commit_that_only_deletes_a_generated_file_is_stopped(hooks: Hooks, tmp_path: Path, hook: str) -> None:
    made = repository(tmp_path / "shop", hooks, hook)
    made.git("rm", "--quiet", SCRIPT)
    refused = made.commit()
    assert refused.code == 1
    assert f"+ {SCRIPT}" in refused.said
    assert (made.folder / SCRIPT).exists() == (hook == COMPILE)


def test_a_partially_staged_manifest_gives_the_tree_of_what_is_staged(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    write(made.folder, {"integration.yaml": MANIFEST + WORKER})
    made.git("add", "integration.yaml")
    unstaged = (MANIFEST + WORKER).replace("hello", "unstaged")
    write(made.folder, {"integration.yaml": unstaged})
    assert made.commit().code == 1
    assert (made.folder / "integration.yaml").read_text() == unstaged
    made.git("add", "integration", LOCK)
    assert made.commit().code == 0
    assert "  worker:\n" in made.committed(COMPOSE)
    assert "unstaged" not in made.committed(COMPOSE)
    assert made.changed() == [" M integration.yaml"]


def test_a_changed_dockerfile_changes_the_tree(hooks: Hooks, tmp_path: Path) -> None:
    manifest = MANIFEST.replace("image: example/api:1", "build: ./api").replace("      probe: curl\n", "")
    texts = {"integration.yaml": manifest, "api/Dockerfile": "FROM python:3.12-slim\n"}
    made = repository(tmp_path / "shop", hooks, COMPILE, texts=texts)
    write(made.folder, {"api/Dockerfile": "FROM node:22-slim\n"})
    made.git("add", "-A")
    refused = made.commit()
    assert refused.code == 1
    assert f"~ {COMPOSE}" in refused.said
    made.git("add", "-A")
    assert made.commit().code == 0
    assert '"node"' in made.committed(COMPOSE)


def test_a_changed_fragment_changes_the_tree(hooks: Hooks, tmp_path: Path) -> None:
    manifest = MANIFEST.replace("infrastructure:\n", "include:\n  - parts/*.yaml\ninfrastructure:\n")
    texts = {"integration.yaml": manifest, "parts/any-name.yaml": f"version: 1\nservices:\n{WORKER}"}
    made = repository(tmp_path / "shop", hooks, COMPILE, texts=texts)
    edit(made.folder / "parts/any-name.yaml", "8001", "8002")
    made.git("add", "-A")
    assert made.commit().code == 1
    made.git("add", "-A")
    assert made.commit().code == 0
    assert ":8002" in made.committed(COMPOSE)


def test_two_manifests_of_one_repository_are_both_compiled(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    second = MANIFEST.replace("name: shop", "name: crm")
    workflow = "name: integration\non: push\njobs: {}\n"
    write(made.folder, {"crm/b.integration.yaml": second, ".github/workflows/integration.yaml": workflow})
    edit(made.folder / "integration.yaml", "hello", "goodbye")
    made.git("add", "-A")
    refused = made.commit()
    assert refused.code == 1
    assert "+ crm/b-integration/docker-compose.yml" in refused.said
    assert f"~ {COMPOSE}" in refused.said
    made.git("add", "-A")
    assert made.commit().code == 0
    assert made.committed("crm/b.integration.lock.json")


def test_args_name_the_manifests_that_count(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, CHECK, more="    args: [integration.yaml]\n")
    write(made.folder, {"tests/fixtures/integration.yaml": MANIFEST})
    made.git("add", "-A")
    assert made.commit().code == 0


@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_conflicts_in_generated_files_are_settled_by_the_hook_whichever_side_is_taken(
    hooks: Hooks, tmp_path: Path, side: str
) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    branch(made, "theirs", MANIFEST + WORKER)
    called = "      DATABASE_URL: ${db.orders.url}\n      CACHE_URL: "
    branch(made, "ours", MANIFEST.replace("services:\n", f"{DATABASE}services:\n").replace("      CACHE_URL: ", called))
    merged = made.run("git", "merge", "--quiet", "theirs")
    assert merged.code == 1
    assert f"UU {COMPOSE}" in made.changed()
    assert "M  integration.yaml" in made.changed()
    assert "Unmerged files" in made.pre_commit("run").said
    assert made.commit().code != 0
    for path in (line[3:] for line in made.changed() if line[:2] == "UU"):
        made.git("checkout", "--quiet", side, "--", path)
        assert "<<<<<<<" not in (made.folder / path).read_text()
    made.git("add", "-A")
    assert made.commit("merge").code == 1
    made.git("add", "-A")
    settled = made.commit("merge")
    assert settled.code == 0, settled.said
    both = made.committed(COMPOSE)
    assert "  worker:\n" in both
    assert "  db-orders:\n" in both
    assert_settled(made)


def test_the_hook_runs_in_a_linked_worktree(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    made.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "linked")
    linked = made._replace(folder=tmp_path / "linked")
    write(linked.folder, {"integration.yaml": MANIFEST + WORKER})
    linked.git("add", "-A")
    assert linked.commit().code == 1
    linked.git("add", "-A")
    assert linked.commit().code == 0
    assert linked.changed() == []
    assert made.changed() == []


def test_a_mistake_in_the_manifest_stops_the_commit_and_says_where(hooks: Hooks, tmp_path: Path) -> None:
    made = repository(tmp_path / "shop", hooks, COMPILE)
    edit(made.folder / "integration.yaml", "${cache.url}", "${cash.url}")
    made.git("add", "-A")
    refused = made.commit()
    assert refused.code == 1
    assert "exit code: 2" in refused.said
    assert "--> integration.yaml:14:" in refused.said


def branch(made: Repository, name: str, manifest: str) -> None:
    """A branch off `main` with a manifest of its own and the tree of it, committed past the hook."""
    made.git("checkout", "--quiet", "-b", name, "main")
    write(made.folder, {"integration.yaml": manifest})
    assert periplus(made.folder, "compile").code == 0
    made.git("add", "-A")
    made.git("commit", "--quiet", "--no-verify", "-m", name)


def assert_settled(made: Repository) -> None:
    """Nothing is left to commit, and the tree is what the manifest says."""
    assert made.changed() == []
    done = made.run(sys.executable, "-m", "pre_commit", "run", "--all-files")
    assert done.code == 0, done.said
    assert periplus(made.folder, "compile", "--check").code == 0
