"""`compile --upgrade`: what changes because of Periplus is told apart from what changes because of the manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from compiler.ownership.kept import base_path
from compiler.ownership.signature import kept_form, sign
from tests.commands.project import LOCK, OUTPUT, compiled, edit, everything, periplus, write
from tests.git import commit_all

if TYPE_CHECKING:
    from pathlib import Path

README = "README.md"
CHANGED = ("GREETING: hello", "GREETING: good day")


def by_an_older_one(folder: Path, *paths: str) -> Path:
    """A project whose tree an older Periplus made: the files named said something else then."""
    compiled(folder)
    for path in paths:
        text = (folder / OUTPUT / path).read_text()
        body = "".join(line for line in text.splitlines(keepends=True) if "eriplus" not in line)
        write(folder, {f"{OUTPUT}/{path}": sign(path, body + "\nIt was better before.\n", "integration.yaml")})
    lock = json.loads((folder / LOCK).read_text())
    write(folder, {LOCK: json.dumps({**lock, "periplus": "0.0.9"}, indent=2) + "\n"})
    return folder


def reasons(out: str) -> dict[str, str]:
    """Reason -> the files that change for it."""
    told = out.partition("from Periplus 0.0.9 to 0.1.0:\n")[2].splitlines()
    return dict(line.strip().removeprefix("because of ").split(": ") for line in told if "because of" in line)


def test_with_the_same_plan_all_of_it_is_because_of_periplus(tmp_path: Path) -> None:
    folder = by_an_older_one(tmp_path / "shop", README, "scripts/stop.sh")
    outcome = periplus(folder, "compile", "--upgrade")
    assert outcome.code == 0
    assert reasons(outcome.out) == {"Periplus alone": "README.md, scripts/stop.sh"}
    assert periplus(folder, "compile", "--check").code == 0


def test_check_tells_it_before_it_is_done(tmp_path: Path) -> None:
    folder = by_an_older_one(tmp_path / "shop", README)
    before = everything(folder)
    outcome = periplus(folder, "compile", "--check", "--upgrade")
    assert outcome.code == 1
    assert reasons(outcome.out) == {"Periplus alone": README}
    assert everything(folder) == before


def test_with_another_manifest_the_committed_one_tells_them_apart(tmp_path: Path) -> None:
    folder = commit_all(by_an_older_one(tmp_path / "shop", README, "docker-compose.test.yml"))
    edit(folder / "integration.yaml", *CHANGED)
    outcome = periplus(folder, "compile", "--upgrade")
    assert outcome.code == 0
    assert reasons(outcome.out) == {
        "Periplus alone": README,
        "both Periplus and the manifest": "docker-compose.test.yml",
        "the manifest alone": "docker-compose.yml, plan.json",
    }


def test_a_file_that_is_no_longer_made_is_told_with_its_reason(tmp_path: Path) -> None:
    folder = commit_all(by_an_older_one(tmp_path / "shop", README))
    write(folder, {f"{OUTPUT}/old.sh": sign("old.sh", "echo\n", "integration.yaml")})
    edit(folder / "integration.yaml", *CHANGED)
    assert reasons(periplus(folder, "compile", "--upgrade").out)["Periplus alone"] == f"{README}, old.sh"


def test_without_git_it_says_that_they_cannot_be_told_apart(tmp_path: Path) -> None:
    folder = by_an_older_one(tmp_path / "shop", README)
    edit(folder / "integration.yaml", *CHANGED)
    outcome = periplus(folder, "compile", "--upgrade")
    assert outcome.code == 0
    assert "cannot be told" in outcome.out
    assert periplus(folder, "compile", "--check").code == 0


def test_a_committed_manifest_that_no_longer_compiles_tells_nothing(tmp_path: Path) -> None:
    folder = by_an_older_one(tmp_path / "shop", README)
    good = (folder / "integration.yaml").read_text()
    write(folder, {"integration.yaml": good + "nonsense: 1\n"})
    commit_all(folder)
    write(folder, {"integration.yaml": good.replace(*CHANGED)})
    assert "cannot be told" in periplus(folder, "compile", "--upgrade").out


def test_of_a_kept_file_its_base_tells(tmp_path: Path) -> None:
    folder = by_an_older_one(tmp_path / "shop", README)
    text = (folder / OUTPUT / README).read_text()
    lock = json.loads((folder / LOCK).read_text())
    write(folder, {f"{OUTPUT}/{base_path(README)}": text, f"{OUTPUT}/{README}": kept_form(text) + "\nMine.\n"})
    write(folder, {LOCK: json.dumps({**lock, "kept": [README]})})
    outcome = periplus(folder, "compile", "--upgrade")
    assert outcome.code in {0, 3}
    assert README in reasons(outcome.out)["Periplus alone"]
    assert "Mine.\n" in (folder / OUTPUT / README).read_text()
