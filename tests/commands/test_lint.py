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
    assert outcome.err.endswith("1 error\n`periplus lint --fix` mends what has one safe answer\n")
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


def test_sarif_leaves_the_judgement_to_who_reads_it(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    outcome = periplus(folder, "lint", "--strict", "--format", "sarif")
    assert (outcome.code, outcome.err) == (0, "")
    (result,) = json.loads(outcome.out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 14
    assert periplus(folder, "lint", "--format", "sarif", "missing.yaml").code == 2


def test_places_are_shown_from_where_the_person_stands(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    (folder / "api").mkdir()
    assert "  --> ../integration.yaml:14:18\n" in periplus(folder / "api", "lint").err


def placed(folder: Path, *arguments: str) -> list[str]:
    """The file that each format names."""
    github = periplus(folder, "lint", "--format", "github", *arguments).out
    sarif = json.loads(periplus(folder, "lint", "--format", "sarif", *arguments).out)
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    report = json.loads(periplus(folder, "lint", "--format", "json", *arguments).out)
    return [
        github.partition("file=")[2].partition(",")[0],
        location["uri"],
        report["diagnostics"][0]["marks"][0]["path"],
    ]


def test_sites_are_told_places_from_the_root_of_the_repository(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNKNOWN)
    write(folder, {"below/integration.yaml": UNKNOWN, "below/inner/README.md": ""})
    assert placed(folder / "below") == ["below/integration.yaml", "below/integration.yaml", "integration.yaml"]
    assert placed(folder / "below", "../integration.yaml") == [*["integration.yaml"] * 2, "../integration.yaml"]
    assert placed(folder / "below/inner") == [*["below/integration.yaml"] * 2, "../integration.yaml"]
    (folder / ".git").rmdir()
    assert placed(folder / "below/inner") == ["../integration.yaml"] * 3
    write(folder, {"below/.git": "gitdir: elsewhere\n"})
    assert placed(folder / "below/inner") == ["integration.yaml", "integration.yaml", "../integration.yaml"]


def test_an_unknown_format_is_wrong_usage(tmp_path: Path) -> None:
    assert periplus(project(tmp_path / "shop"), "lint", "--format", "xml").code == 2


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


def lint(severity: str = "", code: str = "SECRET003", subject: str = "") -> str:
    """What a manifest says of findings."""
    if severity:
        return f"lint:\n  severities:\n    {code}:\n      severity: {severity}\n      reason: so it is\n"
    return (
        f"lint:\n  suppressions:\n    - code: {code}\n{f'      subject: {subject}{chr(10)}' if subject else ''}"
        "      reason: so it is\n"
    )


def test_what_is_raised_to_an_error_stops_the_compilation(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=UNUSED + lint("error"))
    before = everything(folder)
    outcome = periplus(folder, "compile")
    assert outcome.code == 2
    assert "error[SECRET003]" in outcome.err
    assert everything(folder) == before
    assert periplus(folder, "lint").code == 2


def test_what_is_lowered_to_a_note_fails_nothing(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=UNUSED + lint("note"))
    outcome = periplus(folder, "lint", "--strict")
    assert outcome.code == 0
    assert "note[SECRET003]" in outcome.err


def test_what_is_suppressed_is_told_to_programs_alone(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=UNUSED + lint(subject="NEVER_USED"))
    assert periplus(folder, "lint", "--strict") == (0, "", "no findings\n")
    report = json.loads(periplus(folder, "lint", "--format", "json").out)
    assert [(one["code"], one["suppressed"]) for one in report["diagnostics"]] == [("SECRET003", "so it is")]
    assert "NEVER_USED" not in periplus(folder, "lint", "--format", "github").out
    sarif = json.loads(periplus(folder, "lint", "--format", "sarif").out)
    assert [one["suppressions"] for one in sarif["runs"][0]["results"]]


@pytest.mark.parametrize("said", [lint("note"), lint(), lint() + "    - code: DATA002\n      reason: idle\n"])
def test_where_nothing_changed_the_same_is_said(said: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=UNUSED + said)
    first = periplus(folder, "compile")
    assert (periplus(folder, "compile"), first.code) == (first, 0)


def test_a_secret_that_is_no_finding_is_not_shown_by_another(tmp_path: Path) -> None:
    secret = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"
    text = MANIFEST.replace("GREETING: hello", f"API_TOKEN: {secret}${{cahce.url}}") + lint(code="SECRET001")
    outcome = periplus(project(tmp_path / "shop", integration__yaml=text), "lint")
    assert outcome.code == 2
    assert "error[REF001]" in outcome.err
    assert secret not in outcome.err
