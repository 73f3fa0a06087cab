from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import (
    COMPOSE,
    LOCK,
    MANIFEST,
    OUTPUT,
    compiled,
    contents,
    edit,
    everything,
    example,
    periplus,
    project,
    write,
)
from tests.support import EXAMPLES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

DATABASE = """\
  db:
    type: postgres
    databases:
      shop:
"""
WITH_DATABASE = MANIFEST.replace("services:", f"{DATABASE}services:").replace(
    "      GREETING", "      DATABASE_URL: ${db.shop.url}\n      GREETING"
)
SECOND = MANIFEST.replace("name: shop", "name: stock").replace("port: 8000", "port: 9000:8000")


def test_the_first_compile_writes_the_tree_and_the_lock(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    outcome = periplus(folder, "compile")
    assert (outcome.code, outcome.err) == (0, "")
    files = contents(folder)
    assert {COMPOSE, LOCK, "integration/.env.example", "integration/scripts/start.sh"} <= set(files)
    assert json.loads(files[LOCK])["ports"] == {"api": 8000}


def test_the_summary_says_what_was_decided_and_done(tmp_path: Path) -> None:
    out = periplus(project(tmp_path / "shop", integration__yaml=WITH_DATABASE), "compile").out
    assert out.startswith(
        "shop: 1 service, 1 one-shot job\n"
        "  infrastructure  cache (redis), db (postgres)\n"
        "  databases       db: shop\n"
        "  networks        default\n"
        "  host ports      api 8000\n"
        "  layer 1         cache, db\n"
        "  layer 2         db-shop\n"
        "  layer 3         api\n"
        f"  + {COMPOSE}\n"
    )
    assert f"  + {LOCK}\n" in out
    assert out.endswith(" created, 0 unchanged\n")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_committed_example_is_compiled_to_the_same_bytes(name: str, tmp_path: Path) -> None:
    folder = example(name, tmp_path)
    for path in [path for path in (folder / OUTPUT).rglob("*") if path.is_file()]:
        path.unlink()
    (folder / LOCK).unlink()
    assert periplus(folder, "compile").code == 0
    assert contents(folder) == contents(ROOT / "examples" / name)


def test_a_second_compile_touches_nothing(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert outcome.out.endswith(f"{OUTPUT}/: {len(contents(folder)) - 1} unchanged\n")
    assert everything(folder) == before


def test_an_update_writes_what_changed_and_nothing_else(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    outcome = periplus(folder, "compile")
    changed = {path for path, state in everything(folder).items() if state != before.get(path)}
    files = {path for path in changed if (folder / path).is_file()} - {"integration.yaml"}
    assert (outcome.code, outcome.err) == (0, "")
    assert files == {COMPOSE, "integration/docker-compose.test.yml", "integration/plan.json"}
    assert all(f"  ~ {path}\n" in outcome.out for path in files)
    assert f"{OUTPUT}/: 3 updated, " in outcome.out


def test_what_is_no_longer_wanted_is_removed_with_its_folder(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=WITH_DATABASE)
    scripts = {path for path in contents(folder) if "/init-scripts/" in path}
    assert scripts
    write(folder, {"integration.yaml": MANIFEST})
    outcome = periplus(folder, "compile")
    assert outcome.code == 0
    assert all(f"  - {path}\n" in outcome.out for path in scripts)
    assert not (folder / "integration/init-scripts").exists()
    assert contents(folder) == contents(compiled(tmp_path / "fresh"))


def test_removing_leaves_a_persons_file_where_it_is(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=WITH_DATABASE)
    write(folder, {"integration/init-scripts/db/mine.sql": "SELECT 1;\n", "integration.yaml": MANIFEST})
    assert periplus(folder, "compile").code == 0
    assert [path for path in contents(folder) if "/init-scripts/" in path] == ["integration/init-scripts/db/mine.sql"]


def test_a_file_edited_by_hand_stops_everything(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "GREETING: ", "# mine\n      GREETING: ")
    edit(folder / "integration.yaml", "port: 8000", "port: 8001")
    before = everything(folder)
    outcome = periplus(folder, "compile")
    assert (outcome.code, outcome.out) == (3, "")
    assert f"error[OWN001]: `{COMPOSE}`" in outcome.err
    assert "+      # mine\n" in outcome.err
    assert f"--overwrite {COMPOSE}" in outcome.err
    assert outcome.err.endswith("nothing was written\n")
    assert everything(folder) == before


def test_an_edited_file_that_is_no_longer_wanted_stops_everything_too(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=WITH_DATABASE)
    script = "integration/init-scripts/db/01-create-databases.sql"
    edit(folder / script, "\n", "\n-- mine\n")
    write(folder, {"integration.yaml": MANIFEST})
    before = everything(folder)
    assert periplus(folder, "compile").code == 3
    assert everything(folder) == before
    outcome = periplus(folder, "compile", "--overwrite", script)
    assert outcome.code == 0
    assert not (folder / script).exists()
    assert "-- mine" in (folder / f"{script}.edited-1").read_text()


def test_a_foreign_file_in_the_way_stops_everything(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=MANIFEST)
    write(folder, {COMPOSE: "services: {}\n"})
    before = everything(folder)
    outcome = periplus(folder, "compile")
    assert (outcome.code, outcome.out) == (3, "")
    assert f"error[OWN002]: `{COMPOSE}`" in outcome.err
    assert everything(folder) == before


def test_files_of_ones_own_in_the_output_are_let_be(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    write(folder, {"integration/notes.md": "mine\n", "integration/.env": "A=1\n"})
    edit(folder / "integration/docker-compose.local.yml", "\n", "\n# mine\n")
    before = everything(folder)
    assert periplus(folder, "compile").code == 0
    assert everything(folder) == before


def test_a_file_written_once_is_not_missed_but_written_again(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    (folder / "integration/docker-compose.local.yml").unlink()
    assert periplus(folder, "compile").code == 0
    assert (folder / "integration/docker-compose.local.yml").exists()


def test_a_checkout_with_other_line_ends_is_no_edit(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    (folder / COMPOSE).write_bytes(before[COMPOSE].replace(b"\n", b"\r\n"))
    assert periplus(folder, "compile").code == 0
    assert contents(folder) == before


def test_a_lost_mode_is_put_right(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    script = folder / "integration/scripts/start.sh"
    script.chmod(0o644)
    assert "  ~ integration/scripts/start.sh\n" in periplus(folder, "compile", "--check").out
    assert periplus(folder, "compile").code == 0
    assert script.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    ("here", "name"),
    [
        (".", COMPOSE),
        (".", f"./{COMPOSE}"),
        (".", "api/../integration/docker-compose.yml"),
        ("api", f"../{COMPOSE}"),
        ("api", COMPOSE),
        ("integration", "docker-compose.yml"),
        ("integration/scripts", "../docker-compose.yml"),
    ],
)
def test_overwrite_saves_the_edited_text_beside_it(here: str, name: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    (folder / "api").mkdir()
    assert periplus(folder, "compile").code == 0
    before = contents(folder)
    edited = before[COMPOSE] + b"# mine \xff\r\n"
    (folder / COMPOSE).write_bytes(edited)
    outcome = periplus(folder / here, "compile", "--overwrite", name)
    assert (outcome.code, outcome.err) == (0, "")
    assert "docker-compose.yml.edited-1\n" in outcome.out
    assert contents(folder) == {**before, f"{COMPOSE}.edited-1": edited}


def test_what_was_saved_is_in_nobodys_way_and_kept(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for number in (1, 2):
        edit(folder / COMPOSE, "\n", f"\n# mine {number}\n")
        assert periplus(folder, "compile", "--overwrite", str(folder / COMPOSE)).code == 0
        assert periplus(folder, "compile", "--check").code == 0
        assert f"# mine {number}" in (folder / f"{COMPOSE}.edited-{number}").read_text()


def test_overwrite_replaces_a_foreign_file_too(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {COMPOSE: "services: {}\n"})
    assert periplus(folder, "compile", "--overwrite", COMPOSE).code == 0
    assert (folder / f"{COMPOSE}.edited-1").read_text() == "services: {}\n"


def test_overwrite_counts_for_the_path_named_and_no_other(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for path in (COMPOSE, "integration/README.md"):
        edit(folder / path, "\n", "\n# mine\n")
    before = everything(folder)
    outcome = periplus(folder, "compile", "--overwrite", COMPOSE)
    assert outcome.code == 3
    assert "README.md" in outcome.err
    assert everything(folder) == before


@pytest.mark.parametrize("name", ["docker-compose.yml", "integration/none.yml", "integration.yaml", "../x", "", "/"])
def test_overwriting_what_is_not_generated_is_wrong_usage(name: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "compile", "--overwrite", name)
    assert outcome.code == 2
    assert "is no generated file" in outcome.err
    assert everything(folder) == before


def test_what_stands_where_a_folder_should_be_is_told_once(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    shutil.rmtree(folder / "integration" / "scripts")
    write(folder, {"integration/scripts": "mine\n"})
    outcome = periplus(folder, "compile")
    assert outcome.code == 3
    assert outcome.err.count("error[OWN002]") == 1
    assert "`integration/scripts` is to be a folder of generated files" in outcome.err
    assert (folder / "integration" / "scripts").read_text() == "mine\n"


@pytest.mark.parametrize("damage", ["nothing", "edit", "file", "lock", "orphan", "foreign", "stale"])
def test_check_fails_on_any_difference_and_writes_nothing(damage: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    if damage == "edit":
        edit(folder / COMPOSE, "\n", "\n# mine\n")
    elif damage == "file":
        (folder / COMPOSE).unlink()
    elif damage == "lock":
        (folder / LOCK).unlink()
    elif damage == "orphan":
        write(folder, {"integration/old.yml": (folder / COMPOSE).read_text()})
    elif damage == "foreign":
        write(folder, {COMPOSE: "services: {}\n"})
    elif damage == "stale":
        edit(folder / "integration.yaml", "hello", "good day")
    before = everything(folder)
    outcome = periplus(folder, "compile", "--check")
    assert outcome.code == (0 if damage == "nothing" else 1)
    assert ("would be" in outcome.out) == (damage in {"file", "lock", "orphan", "stale"})
    assert everything(folder) == before


def test_check_before_the_first_compile_fails_and_makes_no_folder(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    assert periplus(folder, "compile", "--check").code == 1
    assert everything(folder) == before


def test_mode_new_insists_on_a_first_compile(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    assert periplus(folder, "compile", "--mode", "new").code == 0
    edit(folder / "integration.yaml", "hello", "good day")
    before = everything(folder)
    outcome = periplus(folder, "compile", "--mode", "new")
    assert outcome.code == 2
    assert "`integration` is there already" in outcome.err
    assert everything(folder) == before


def test_mode_update_insists_on_a_later_one(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    outcome = periplus(folder, "compile", "--mode", "update")
    assert outcome.code == 2
    assert "`integration` is not there yet" in outcome.err
    assert not (folder / OUTPUT).exists()
    assert periplus(folder, "compile").code == 0
    assert periplus(folder, "compile", "--mode", "update").code == 0


def test_fail_on_change_writes_and_fails_once(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    assert periplus(folder, "compile", "--fail-on-change").code == 1
    assert (folder / COMPOSE).exists()
    assert periplus(folder, "compile", "--fail-on-change").code == 0


def test_quiet_says_nothing_when_all_is_well(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    assert periplus(folder, "--quiet", "compile") == (0, "", "")
    assert periplus(folder, "compile", "--quiet", "--check") == (0, "", "")
    (folder / COMPOSE).unlink()
    assert f"  + {COMPOSE}\n" in periplus(folder, "compile", "--quiet", "--check").out
    assert f"  + {COMPOSE}\n" in periplus(folder, "compile", "-q", "--fail-on-change").out


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ("version: 1\nname: shop\nservices: {}\n", "YAML"),
        (MANIFEST.replace("port: 8000", "prot: 8000"), "SCHEMA"),
        (MANIFEST.replace("cache.url", "cahce.url"), "REF"),
        ("", ""),
        ("version: 1\n", ""),
        ("\x00", "YAML"),
    ],
)
def test_nothing_is_written_when_there_is_an_error(manifest: str, code: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    write(folder, {"integration.yaml": manifest})
    (folder / COMPOSE).unlink()
    before = everything(folder)
    for arguments in (["compile", "integration.yaml"], ["compile", "--check", "integration.yaml"]):
        outcome = periplus(folder, *arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"error[{code}" in outcome.err
        assert everything(folder) == before


def test_an_error_in_one_manifest_stops_the_other(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"b.integration.yaml": SECOND.replace("cache.url", "cahce.url")})
    assert periplus(folder, "compile", "integration.yaml", "b.integration.yaml").code == 2
    assert not (folder / OUTPUT).exists()


def test_several_manifests_each_have_their_output_and_lock(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"a.integration.yaml": MANIFEST, "below/b.integration.yaml": SECOND})
    outcome = periplus(folder, "compile", "a.integration.yaml", "below/b.integration.yaml", "a.integration.yaml")
    assert outcome.code == 0
    assert outcome.out.count("host ports") == 2
    assert (folder / "a-integration/docker-compose.yml").exists()
    assert (folder / "a.integration.lock.json").exists()
    assert (folder / "below/b-integration/docker-compose.yml").exists()
    assert (folder / "below/b.integration.lock.json").exists()
    assert not (folder / OUTPUT).exists()
    header = (folder / "a-integration/docker-compose.yml").read_text().split("\n")[0]
    assert header == "# generated by Periplus from a.integration.yaml: edit that"


def test_two_manifests_must_not_share_an_output(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    shared = {
        name: SECOND.replace("name:", "output: x\nname:") for name in ("a.integration.yaml", "b.integration.yaml")
    }
    write(folder, shared)
    outcome = periplus(folder, "compile", *shared)
    assert outcome.code == 2
    assert "same `output`" in outcome.err
    assert not (folder / "x").exists()


def test_the_output_may_lie_deep_and_folders_on_the_way_are_made(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=MANIFEST.replace("name:", "output: deploy/local/tree\nname:"))
    assert periplus(folder, "compile").code == 0
    assert (folder / "deploy/local/tree/docker-compose.yml").exists()
    assert periplus(folder, "compile", "--check").code == 0


def test_from_a_folder_below_the_manifest_above_is_found_and_fragments_skipped(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"api/integration.yaml": "version: 1\nservices:\n  x:\n    image: x:1\n", "api/src/main.py": ""})
    outcome = periplus(folder / "api/src", "compile")
    assert outcome.code == 0
    assert f"  + ../../{COMPOSE}\n" in outcome.out
    assert (folder / COMPOSE).exists()
    assert not (folder / "api/integration").exists()


def test_without_a_manifest_it_is_wrong_usage(tmp_path: Path) -> None:
    outcome = periplus(tmp_path, "compile")
    assert outcome.code == 2
    assert "there is no integration.yaml here or in a folder above" in outcome.err


@pytest.mark.parametrize("name", ["none.yaml", ".", "", "folder"])
def test_a_manifest_that_is_not_there_is_wrong_usage(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert periplus(tmp_path, "compile", name).code == 2


@pytest.mark.parametrize("name", ['a".integration.yaml', "a\n.integration.yaml", "a-->.integration.yaml", "a`id`.yaml"])
def test_a_manifest_whose_name_cannot_stand_in_a_comment_is_wrong_usage(name: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {name: MANIFEST})
    outcome = periplus(folder, "compile", name)
    assert outcome.code == 2
    assert "cannot be written" in outcome.err


def test_a_linked_output_directory_is_refused_and_nothing_written_through_it(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    (tmp_path / "elsewhere").mkdir()
    (folder / OUTPUT).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    before = everything(tmp_path)
    outcome = periplus(folder, "compile")
    assert (outcome.code, outcome.out) == (3, "")
    assert "reached through a symbolic link" in outcome.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("link", [COMPOSE, "integration/scripts", "integration/docker-compose.local.yml"])
@pytest.mark.parametrize("word", [(), ("--overwrite", COMPOSE)], ids=["", "overwrite"])
def test_a_link_at_our_path_is_refused_and_nothing_written_through_it(
    link: str, word: tuple[str, ...], tmp_path: Path
) -> None:
    folder = project(tmp_path / "shop")
    target = tmp_path / "elsewhere"
    write(tmp_path, {"elsewhere/mine": "mine"})
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(target if link.endswith("scripts") else target / "mine")
    before = everything(tmp_path)
    outcome = periplus(folder, "compile", *word)
    assert (outcome.code, outcome.out) == (3, "")
    assert "a symbolic link" in outcome.err
    assert everything(tmp_path) == before


def test_a_manifest_that_links_to_itself_is_none(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    (folder / "integration.yaml").unlink()
    (folder / "integration.yaml").symlink_to("integration.yaml")
    outcome = periplus(folder, "compile")
    assert outcome.code == 2
    assert "bug" not in outcome.err


def test_a_linked_manifest_is_compiled_where_the_link_stands(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    (folder / "integration.yaml").rename(folder / "real.yaml")
    (folder / "integration.yaml").symlink_to("real.yaml")
    assert periplus(folder, "compile").code == 0
    assert (folder / COMPOSE).exists()
