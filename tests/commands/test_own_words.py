"""What is said of files that a person wrote into: each with the way on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.commands.project import COMPOSE, LOCK, MANIFEST, OUTPUT, compiled, edit, periplus, write
from tests.git import git

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = f"{OUTPUT}/scripts/start.sh"


def kept(folder: Path) -> Path:
    """A project with a script that is edited and kept."""
    compiled(folder)
    (folder / SCRIPT).write_text((folder / SCRIPT).read_text() + "\n# mine\n")
    assert periplus(folder, "keep", SCRIPT).code == 0
    return folder


def test_a_kept_file_that_is_gone_comes_back_with_the_way_to_its_edits(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    (folder / SCRIPT).unlink()
    way = f"    `git checkout -- {SCRIPT}` brings them back\n"
    line = f"  {SCRIPT} was kept and is gone: it {{verb}} anew, without your edits;\n{way}"
    assert line.format(verb="would be made") in periplus(folder, "compile", "--check").out
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert line.format(verb="is made") in outcome.out
    assert "was kept and is gone" not in periplus(folder, "compile").out


def test_a_kept_file_that_nothing_tells_to_be_one_is_told_as_that(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    shutil.rmtree(folder / OUTPUT / ".periplus")
    (folder / LOCK).unlink()
    outcome = periplus(folder, "compile")
    assert outcome.code == 3
    assert "error[OWN002]" in outcome.err
    assert f"`{SCRIPT}` says that it is generated from `integration.yaml`, but has no signature" in outcome.err
    assert f"`git checkout -- {OUTPUT}/.periplus/base/scripts/start.sh`" in outcome.err
    assert periplus(folder, "compile", "--overwrite", SCRIPT).code == 0
    assert "# mine" in (folder / f"{SCRIPT}.edited-1").read_text()
    assert periplus(folder, "keep", SCRIPT).code == 0


def test_of_a_kept_file_that_is_no_longer_generated_the_edits_have_no_effect(tmp_path: Path) -> None:
    database = "  db:\n    type: postgres\n    databases:\n      shop:\nservices:\n"
    url = "      DATABASE_URL: ${db.shop.url}\n      GREETING"
    manifest = MANIFEST.replace("services:\n", database).replace("      GREETING", url)
    folder = compiled(tmp_path / "shop", integration__yaml=manifest)
    assert periplus(folder, "keep", f"{OUTPUT}/init-scripts/db/01-create-databases.sql").code == 0
    write(folder, {"integration.yaml": MANIFEST})
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert "note[OWN007]" in outcome.err
    assert "your edits of it have no effect now" in outcome.err
    assert "OWN007" not in periplus(folder, "compile").err


def test_the_edit_of_an_outdated_file_is_shown_without_what_the_manifest_changed(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    git(folder, "init", "--quiet")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "begin")
    edit(folder / COMPOSE, "\nservices:\n", "\nservices:\n  # mine\n")
    edit(folder / "integration.yaml", "hello", "goodbye")
    shown = periplus(folder, "compile").err.partition("--- as generated\n")[2].split("nothing was written")[0]
    assert [line for line in shown.splitlines()[1:] if line[0] in "+-"] == ["+  # mine"]


def test_of_an_edited_file_no_signature_is_shown(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "hello", "mine")
    edit(folder / "integration.yaml", "hello", "goodbye")
    shown = periplus(folder, "compile").err.partition("--- as it would be generated\n")[2]
    assert shown
    assert "signature" not in shown
