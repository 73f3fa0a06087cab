"""What `docs/working-together.md` tells people to type does what it says, in the situation it says it of."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]

from tests.ci.examples import run
from tests.commands.project import COMPOSE, LOCK, MANIFEST, compiled, edit, periplus, write
from tests.git import git
from tests.support import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "working-together.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS: dict[tuple[str, int], str] = {
    (section.partition("\n")[0], index): block
    for section in TEXT.split("\n## ")[1:]
    for index, block in enumerate(re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))
}
SCRIPT = "integration/scripts/start.sh"
EDITED = "\n# mine\n"


class Case(NamedTuple):
    """How a repository comes into the situation, and what must be true after the commands."""

    before: Callable[[Path], None]
    after: Callable[[Path], None]


def commit(folder: Path, message: str = "change") -> None:
    """Everything into a commit."""
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", message)


def another_service(name: str) -> str:
    """A service for the end of the manifest."""
    probe = "    healthcheck:\n      liveness: /health\n      probe: curl\n"
    return f"  {name}:\n    image: example/{name}:1\n    port: 8000\n{probe}    depends_on:\n      cache:\n"


def change(folder: Path) -> None:
    """Edit the manifest."""
    edit(folder / "integration.yaml", "hello", "goodbye")


def change_a_script(folder: Path) -> None:
    """Edit a generated file."""
    (folder / SCRIPT).write_text((folder / SCRIPT).read_text() + EDITED)
    assert periplus(folder, "compile").code == 3


def branches(folder: Path) -> None:
    """One service at the end on `theirs`, one before the first on `main`: the manifest merges, the tree does not."""
    git(folder, "checkout", "--quiet", "-b", "theirs")
    write(folder, {"integration.yaml": MANIFEST + another_service("worker")})
    assert periplus(folder, "compile").code == 0
    commit(folder)
    git(folder, "checkout", "--quiet", "main")
    write(folder, {"integration.yaml": MANIFEST.replace("services:\n", f"services:\n{another_service('first')}")})
    assert periplus(folder, "compile").code == 0
    commit(folder)


def on_their_branch(folder: Path) -> None:
    """The same, seen from the other side."""
    branches(folder)
    git(folder, "checkout", "--quiet", "theirs")


def older(folder: Path) -> None:
    """A lock of an earlier minor version."""
    write(folder, {LOCK: re.sub(r'"periplus": "[^"]*"', '"periplus": "0.0.9"', (folder / LOCK).read_text())})


def nothing(folder: Path) -> None:
    """As it is."""
    assert folder.is_dir()


def is_settled(folder: Path) -> None:
    """Nothing is left to do or to commit."""
    assert periplus(folder, "compile", "--check").code == 0
    assert git(folder, "status", "--porcelain") == ""


def is_merged(folder: Path) -> None:
    """Both services are there, and nothing is left to do."""
    is_settled(folder)
    text = (folder / COMPOSE).read_text()
    assert "  worker:\n" in text
    assert "  first:\n" in text


def is_kept(folder: Path) -> None:
    """The edit stands and is no longer refused."""
    assert (folder / SCRIPT).read_text().endswith(EDITED)
    change(folder)
    assert periplus(folder, "compile").code == 0
    assert (folder / SCRIPT).read_text().endswith(EDITED)


def is_given_up(folder: Path) -> None:
    """The edit is gone from its file and saved beside it."""
    assert EDITED not in (folder / SCRIPT).read_text()
    assert (folder / f"{SCRIPT}.edited-1").read_text().endswith(EDITED)


def is_current(folder: Path) -> None:
    """The tree is what the manifest says."""
    assert periplus(folder, "compile", "--check").code == 0


def is_installed(folder: Path) -> None:
    """Git will ask pre-commit."""
    assert "pre-commit" in (folder / ".git/hooks/pre-commit").read_text()


def is_left(folder: Path) -> None:
    """The tree stands, and merges like any file."""
    assert (folder / COMPOSE).exists()
    assert not (folder / "integration.yaml").exists()
    assert "merge: unspecified" in git(folder, "check-attr", "merge", COMPOSE)


CASES = {
    ("Every day", 0): Case(change, is_settled),
    ("Every day", 1): Case(nothing, nothing),
    ("You edited a generated file", 0): Case(change_a_script, is_kept),
    ("You edited a generated file", 1): Case(change_a_script, is_given_up),
    ("Two branches were merged", 0): Case(branches, is_merged),
    ("Rebase", 0): Case(on_their_branch, is_merged),
    ("A colleague has another Periplus", 0): Case(older, is_current),
    ("Set up the hook", 0): Case(nothing, is_installed),
    ("Set up CI", 0): Case(nothing, nothing),
    ("Leave Periplus", 0): Case(nothing, is_left),
}


def test_every_block_of_commands_has_a_case() -> None:
    assert list(CASES) == list(BLOCKS)


@pytest.mark.parametrize("block", CASES, ids=lambda block: f"{block[0]} {block[1] + 1}")
def test_the_commands_do_what_the_page_says(block: tuple[str, int], tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    git(folder, "init", "--quiet", "-b", "main")
    commit(folder, "begin")
    case = CASES[block]
    case.before(folder)
    done = run("bash", BLOCKS[block], folder, {})
    assert done.returncode == 0, done.stdout + done.stderr
    case.after(folder)


@pytest.mark.parametrize(("section", "branch"), [("Two branches were merged", "main"), ("Rebase", "theirs")])
def test_nothing_is_committed_where_a_kept_file_needs_the_person(section: str, branch: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    git(folder, "init", "--quiet", "-b", "main")
    commit(folder, "begin")
    git(folder, "checkout", "--quiet", "-b", "theirs")
    change(folder)
    assert periplus(folder, "compile").code == 0
    commit(folder)
    git(folder, "checkout", "--quiet", "main")
    edit(folder / COMPOSE, "hello", "mine")
    assert periplus(folder, "keep", COMPOSE).code == 0
    commit(folder)
    git(folder, "checkout", "--quiet", branch)
    before = git(folder, "rev-parse", "main", "theirs")
    first, again = BLOCKS[section, 0].split("\n", 1)
    for words in (f"{first}\n{again}", again):  # the marks of git, then those of what the manifest changes
        done = run("bash", words, folder, {})
        assert done.returncode == 3, done.stdout + done.stderr
        assert git(folder, "rev-parse", "main", "theirs") == before
        text = (folder / COMPOSE).read_text()
        assert "<<<<<<<" in text
        write(folder, {COMPOSE: re.sub(r"<<<<<<<.*\n((?:.*\n)*?)=======\n(?:.*\n)*?>>>>>>>.*\n", r"\1", text)})
    done = run("bash", again, folder, {})
    assert done.returncode == 0, done.stdout + done.stderr
    is_settled(folder)
    assert "mine" in git(folder, "show", f"HEAD:{COMPOSE}")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (PAGE.parent / target).exists()


def test_the_hooks_it_names_are_there() -> None:
    defined = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert set(re.findall(r"(?<=id: )periplus-\w+|(?<=\| `)periplus-\w+(?=` \|)", TEXT)) == defined


def test_the_configuration_it_shows_is_one() -> None:
    (shown,) = [
        block for block in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL) if "repos:" in block
    ]
    assert yaml.safe_load(shown)["repos"][0]["hooks"] == [{"id": "periplus-compile"}]
