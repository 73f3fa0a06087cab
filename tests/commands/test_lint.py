from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import COMPOSE, MANIFEST, compiled, edit, everything, periplus, project, write

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = MANIFEST.replace("cache.url", "cahce.url")
UNUSED = MANIFEST.replace("services:", "secrets:\n  NEVER_USED: generated\nservices:")


def test_without_findings_it_says_so(tmp_path: Path) -> None:
    assert periplus(compiled(tmp_path / "shop"), "lint") == (0, "", "no findings\n")
    assert periplus(tmp_path / "shop", "lint", "--quiet") == (0, "", "")


def test_an_error_has_its_place_and_fails(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    before = everything(folder)
    outcome = periplus(folder, "lint")
    assert (outcome.code, outcome.out) == (2, "")
    assert "  --> integration.yaml:14:18\n" in outcome.err
    assert outcome.err.endswith("1 error\n")
    assert everything(folder) == before


def test_a_warning_fails_only_when_strict(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=UNUSED)
    assert periplus(folder, "lint").code == 0
    outcome = periplus(folder, "lint", "--strict")
    assert outcome.code == 1
    assert "warning[SECRET" in outcome.err


def test_an_edited_file_is_found(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "\n", "\n# mine\n")
    outcome = periplus(folder, "lint")
    assert outcome.code == 1
    assert "error[OWN001]" in outcome.err


def test_json_is_one_document_on_stdout_for_all_manifests(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    write(folder, {"below/b.integration.yaml": UNKNOWN})
    outcome = periplus(folder, "lint", "--format", "json", "integration.yaml", "below/b.integration.yaml")
    assert (outcome.code, outcome.err) == (2, "")
    report = json.loads(outcome.out)
    assert report["summary"]["error"] == 2
    places = [(mark["path"], mark["line"]) for one in report["diagnostics"] for mark in one["marks"][:1]]
    assert places == [("below/b.integration.yaml", 14), ("integration.yaml", 14)]


def test_json_without_findings_is_a_report_all_the_same(tmp_path: Path) -> None:
    outcome = periplus(compiled(tmp_path / "shop"), "lint", "--format", "json")
    assert json.loads(outcome.out)["diagnostics"] == []


def test_github_gets_a_workflow_command(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    outcome = periplus(folder, "lint", "--format", "github")
    assert (outcome.code, outcome.err) == (2, "")
    assert outcome.out.startswith("::error file=integration.yaml,line=14,")


def test_places_are_shown_from_where_the_person_stands(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    (folder / "api").mkdir()
    assert "  --> ../integration.yaml:14:18\n" in periplus(folder / "api", "lint").err


def test_an_unknown_format_is_wrong_usage(tmp_path: Path) -> None:
    assert periplus(project(tmp_path / "shop"), "lint", "--format", "sarif").code == 2


@pytest.mark.parametrize("lock", ["{", '{"format": 9, "periplus": "9.0.0"}'])
def test_a_lock_that_cannot_be_read_is_found(lock: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    write(folder, {"integration.lock.json": lock})
    before = everything(folder)
    outcome = periplus(folder, "lint")
    assert outcome.code == 2
    assert "error[LOCK" in outcome.err
    assert "  --> integration.lock.json" in outcome.err
    assert periplus(folder, "compile").code == 2
    assert everything(folder) == before
