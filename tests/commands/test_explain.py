from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.rules import all_rules
from tests.commands.project import COMPOSE, LOCK, MANIFEST, OUTPUT, compiled, edit, example, periplus, project, write
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def line_of(file: Path, words: str, after: str = "") -> int:
    """The number of the first line with these words, counted from 1, at or below the line with those of `after`."""
    lines = file.read_text().split("\n")
    start = next(number for number, line in enumerate(lines) if after in line)
    return next(number for number, line in enumerate(lines[start:], start + 1) if words in line)


def test_a_code_shows_its_manual_page(tmp_path: Path) -> None:
    rule = next(iter(all_rules()))
    outcome = periplus(tmp_path, "explain", rule.code.lower())
    assert (outcome.code, outcome.err) == (0, "")
    assert rule.code in outcome.out
    assert "Bad" in outcome.out
    assert "Good" in outcome.out


def test_every_code_has_a_page(tmp_path: Path) -> None:
    for rule in all_rules():
        outcome = periplus(tmp_path, "explain", rule.code)
        assert outcome.code == 0
        assert outcome.out.startswith(f"{rule.severity.value}[{rule.code}]: ")


@pytest.mark.parametrize("subject", ["NONE999", "docker-compose.yml", "x:", ":1", "docker-compose.yml:x", ""])
def test_what_is_neither_code_nor_line_is_wrong_usage(subject: str, tmp_path: Path) -> None:
    outcome = periplus(tmp_path, "explain", subject)
    assert outcome.code == 2
    assert "neither a code nor FILE:LINE" in outcome.err


@pytest.mark.parametrize(
    ("subject", "meant"),
    [
        ("PORT01", "did you mean `PORT001`?"),
        ("prot-1", "did you mean `PORT001`?"),
        ("conflict", "or `PORT001` or"),
        ("unknwon-key", "did you mean `SCHEMA001`?"),
        ("HEALTH", "there are HEALTH001, "),
        ("x:y", "and three digits, such as `BUILD001`"),
    ],
)
def test_a_code_that_is_none_is_answered_with_those_that_may_be_meant(subject: str, meant: str, tmp_path: Path) -> None:
    outcome = periplus(tmp_path, "explain", subject)
    assert (outcome.code, outcome.out) == (2, "")
    assert meant in outcome.err


def test_a_name_that_one_rule_has_shows_its_page(tmp_path: Path) -> None:
    assert periplus(tmp_path, "explain", "unknown-key") == periplus(tmp_path, "explain", "SCHEMA001")


def test_a_line_is_explained_without_the_warnings_of_the_manifest(tmp_path: Path) -> None:
    lint = "lint:\n  suppressions:\n    - code: DATA002\n      reason: old\n"
    folder = compiled(tmp_path / "shop", integration__yaml=MANIFEST + lint)
    assert "LINT003" in periplus(folder, "lint").err
    outcome = periplus(folder, "explain", f"{OUTPUT}/docker-compose.yml:{line_of(folder / COMPOSE, 'image:')}")
    assert outcome.code == 0
    assert "LINT003" not in outcome.err


@pytest.mark.slow
def test_a_line_says_which_part_of_the_manifest_it_comes_from(tmp_path: Path) -> None:
    folder = example("02-trading", tmp_path)
    assert periplus(folder, "compile").code == 0
    file, manifest = folder / COMPOSE, folder / "integration.yaml"
    wanted = {
        line_of(file, ":3001", "  accounts:"): ("services.accounts.port", line_of(manifest, "port: 3001:3001")),
        line_of(file, ":3002", "  market:"): ("services.market.port", line_of(manifest, "port: 3002")),
        line_of(file, "AMQP_URL"): ("services.trading.environment.AMQP_URL", line_of(manifest, "AMQP_URL")),
        line_of(file, "MARKET_API_KEY"): ("MARKET_API_KEY", line_of(manifest, "MARKET_API_KEY: ${secrets")),
        line_of(file, "/health", "  market:"): ("healthcheck", line_of(manifest, "/health")),
        line_of(file, "events:", "  trading:"): ("AMQP_URL", line_of(manifest, "AMQP_URL")),
        line_of(file, 'name: "'): ("name", line_of(manifest, "name:")),
        line_of(file, "image: ", "  events:"): ("infrastructure.events.type", line_of(manifest, "type: rabbitmq")),
        line_of(file, "context:", "  trading:"): ("services.trading.build", line_of(manifest, "build: ./trading")),
    }
    for number, (route, source) in wanted.items():
        outcome = periplus(folder, "explain", f"{COMPOSE}:{number}")
        assert (outcome.code, outcome.err) == (0, "")
        assert any(line.startswith(f"integration.yaml:{source}:") and route in line for line in outcome.out.split("\n"))


def test_depends_on_that_is_written_is_where_the_line_comes_from(tmp_path: Path) -> None:
    folder = compiled(
        tmp_path / "shop",
        integration__yaml=(
            "version: 1\nname: shop\nservices:\n"
            "  a:\n    image: a:1\n"
            "  b:\n    image: b:1\n    depends_on:\n      a:\n        purpose: talk\n        condition: started\n"
        ),
    )
    number = line_of(folder / COMPOSE, "a:", "depends_on:")
    assert "integration.yaml:9:7: services.b.depends_on.a" in periplus(folder, "explain", f"{COMPOSE}:{number}").out


def test_it_is_found_from_any_folder(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    number = line_of(folder / COMPOSE, "GREETING")
    for here, name in ((folder / "integration", "docker-compose.yml"), (tmp_path, f"shop/{COMPOSE}")):
        outcome = periplus(here, "explain", f"{name}:{number}")
        assert outcome.code == 0
        assert "services.api.environment.GREETING" in outcome.out


def test_the_test_copy_and_the_overlay_are_explained_too(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    copy = "integration/docker-compose.test.yml"
    outcome = periplus(folder, "explain", f"{copy}:{line_of(folder / copy, 'GREETING')}")
    assert "GREETING: hello" in outcome.out


def test_of_several_manifests_the_one_in_the_header_counts(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"a.integration.yaml": (folder / "integration.yaml").read_text().replace("hello", "hi there")})
    assert periplus(folder, "compile", "a.integration.yaml").code == 0
    file = "a-integration/docker-compose.yml"
    outcome = periplus(folder, "explain", f"{file}:{line_of(folder / file, 'GREETING')}")
    assert outcome.out.startswith("a.integration.yaml:")
    assert "hi there" in outcome.out


def test_an_outdated_line_is_said_to_be_one(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "GREETING: hello", "GREETING: good day")
    outcome = periplus(folder, "explain", f"{COMPOSE}:{line_of(folder / COMPOSE, 'GREETING')}")
    assert outcome.code == 0
    assert "is not up to date: line" in outcome.err
    assert "good day" in outcome.err


def test_in_a_kept_file_lines_are_found_wherever_the_person_has_moved_them(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "services:\n", "services:\n  # mine\n  # mine, too\n")
    assert periplus(folder, "keep", COMPOSE).code == 0
    outcome = periplus(folder, "explain", f"{COMPOSE}:{line_of(folder / COMPOSE, 'GREETING')}")
    assert (outcome.code, outcome.err) == (0, "")
    assert "services.api.environment.GREETING" in outcome.out
    assert "the header of every generated file" in periplus(folder, "explain", f"{COMPOSE}:2").out
    outcome = periplus(folder, "explain", f"{COMPOSE}:5")
    assert outcome.code == 2
    assert f"line 5 of `{COMPOSE}` is yours" in outcome.err


def test_the_header_is_said_to_be_one(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for name, number in ((COMPOSE, 2), ("integration/README.md", 1), ("integration/scripts/start.sh", 3)):
        outcome = periplus(folder, "explain", f"{name}:{number}")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith("the header of every generated file")


def test_a_line_of_no_part_of_the_manifest_says_so_and_which_template_it_stands_in(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for name, words in ((".gitignore", ".env"), ("scripts/start.sh", "unset CDPATH")):
        number = line_of(folder / OUTPUT / name, words)
        code, out, err = periplus(folder, "explain", f"{OUTPUT}/{name}:{number}")
        assert (code, err) == (0, "no part of the manifest: this line is the same in every project\n")
        template, line = out.removeprefix("made by ").strip().split(":")
        assert words in (ROOT / template).read_text().split("\n")[int(line) - 1]


@pytest.mark.parametrize(
    ("name", "words", "wanted"),
    [
        ("docker-compose.yml", 'interval: "5s"', "default of Periplus: services.api.healthcheck.interval: 5s"),
        ("docker-compose.yml", "redis:", "templates/kinds/redis/kind.yaml:"),
        ("docker-compose.yml", "8000", "integration.lock.json:5:5: ports.api: 8000"),
        (".env.example", "API_PORT", "made by compiler/targets/compose/environment.py"),
        ("plan.json", "GET :8000/health", "services.api.healthcheck.liveness: /health"),
        ("README.md", "| api |", "integration.yaml:7:3: services.api"),
    ],
)
def test_every_file_tells_its_places(name: str, words: str, wanted: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    outcome = periplus(folder, "explain", f"{OUTPUT}/{name}:{line_of(folder / OUTPUT / name, words)}")
    assert outcome.code == 0
    assert wanted in outcome.out


def test_a_path_that_is_kept_is_held_in_the_lock(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    assert periplus(folder, "keep", "integration/README.md").code == 0
    file = "integration/.gitattributes"
    outcome = periplus(folder, "explain", f"{file}:{line_of(folder / file, '/README.md')}")
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{LOCK}:" in outcome.out
    assert "made by templates/compose/.gitattributes.j2:" in outcome.out


def test_what_a_finding_takes_for_a_secret_is_not_shown(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    token = "ghp_" + "x1Yz" * 9
    lint = "lint:\n  severities:\n    SECRET001:\n      severity: warning\n      reason: it is revoked\n"
    edit(folder / "integration.yaml", "GREETING: hello\n", f"GREETING: {token}\n{lint}")
    assert periplus(folder, "compile").code == 0
    outcome = periplus(folder, "explain", f"{COMPOSE}:{line_of(folder / COMPOSE, 'GREETING')}")
    assert "GREETING: ***" in outcome.out
    assert token not in outcome.out + outcome.err


def test_an_output_elsewhere_is_explained_too(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    edit(folder / "integration.yaml", "name: shop", "name: shop\noutput: deploy/here")
    assert periplus(folder, "compile").code == 0
    file = "deploy/here/plan.json"
    outcome = periplus(folder, "explain", f"{file}:{line_of(folder / file, 'GREETING')}")
    assert "services.api.environment.GREETING: hello" in outcome.out


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (f"{COMPOSE}:0", "no line 0"),
        (f"{COMPOSE}:9999", "no line 9999"),
        ("integration/none.yml:1", "there is no file"),
        ("none/none.yml:1", "there is no file"),
        ("integration/docker-compose.local.yml:1", "is yours"),
        ("integration/.env:1", "is yours"),
        ("integration.yaml:1", "is not generated"),
    ],
)
def test_a_line_that_cannot_be_explained_is_wrong_usage(subject: str, words: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    write(folder, {"integration/.env": "A=1\n"})
    outcome = periplus(folder, "explain", subject)
    assert outcome.code == 2
    assert words in outcome.err


def test_with_an_error_in_the_manifest_the_error_is_shown(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "cache.url", "cahce.url")
    outcome = periplus(folder, "explain", f"{COMPOSE}:3")
    assert (outcome.code, outcome.out) == (2, "")
    assert "error[REF" in outcome.err
