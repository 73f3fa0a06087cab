from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.rules import all_rules
from tests.commands.project import COMPOSE, compiled, edit, example, periplus, project, write

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


def test_a_line_says_which_part_of_the_manifest_it_comes_from(tmp_path: Path) -> None:
    folder = example("02-trading", tmp_path)
    assert periplus(folder, "compile").code == 0
    file, manifest = folder / COMPOSE, folder / "integration.yaml"
    wanted = {
        line_of(file, ":3001", "  accounts:"): ("services.accounts.ports", line_of(manifest, "port: 3001:3001")),
        line_of(file, ":3002", "  market:"): ("services.market.ports", line_of(manifest, "port: 3002")),
        line_of(file, "AMQP_URL"): ("services.trading.environment.AMQP_URL", line_of(manifest, "AMQP_URL")),
        line_of(file, "MARKET_API_KEY"): ("MARKET_API_KEY", line_of(manifest, "MARKET_API_KEY: ${secrets")),
        line_of(file, "/health", "  market:"): ("services.market.healthcheck", line_of(manifest, "healthcheck:")),
        line_of(file, "events:", "  trading:"): ("AMQP_URL", line_of(manifest, "AMQP_URL")),
        line_of(file, 'name: "'): ("name", line_of(manifest, "name:")),
        line_of(file, "image: ", "  events:"): ("infrastructure.events", line_of(manifest, "  events:")),
        line_of(file, "context:", "  trading:"): ("services.trading.build", line_of(manifest, "build: ./trading")),
    }
    for number, (route, source) in wanted.items():
        outcome = periplus(folder, "explain", f"{COMPOSE}:{number}")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith(f"integration.yaml:{source}: ")
        assert route in outcome.out


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
    assert periplus(folder, "explain", f"{COMPOSE}:{number}").out.startswith(
        "integration.yaml:9: services.b.depends_on.a"
    )


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
    assert "no part of the manifest" in periplus(folder, "explain", f"{COMPOSE}:2").err
    outcome = periplus(folder, "explain", f"{COMPOSE}:5")
    assert outcome.code == 2
    assert f"line 5 of `{COMPOSE}` is yours" in outcome.err


def test_a_line_of_no_part_of_the_manifest_says_so(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    for number in (1, 2):
        assert periplus(folder, "explain", f"{COMPOSE}:{number}") == (
            0,
            "",
            "no part of the manifest: this line is the same in every project\n",
        )


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (f"{COMPOSE}:0", "no line 0"),
        (f"{COMPOSE}:9999", "no line 9999"),
        ("integration/none.yml:1", "there is no file"),
        ("none/none.yml:1", "there is no file"),
        ("integration/README.md:1", "not a generated Compose file"),
        ("integration.yaml:1", "not a generated Compose file"),
    ],
)
def test_a_line_that_cannot_be_explained_is_wrong_usage(subject: str, words: str, tmp_path: Path) -> None:
    outcome = periplus(compiled(tmp_path / "shop"), "explain", subject)
    assert outcome.code == 2
    assert words in outcome.err


def test_with_an_error_in_the_manifest_the_error_is_shown(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / "integration.yaml", "cache.url", "cahce.url")
    outcome = periplus(folder, "explain", f"{COMPOSE}:3")
    assert (outcome.code, outcome.out) == (2, "")
    assert "error[REF" in outcome.err
