"""Forty secrets, planted wherever a person might write one: none is in anything that a command says or leaves."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from compiler.commands.codes import BUG
from compiler.text.secrets import veiled
from tests.commands.project import command_line, periplus, surroundings, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.project import Outcome


def core(number: int) -> str:
    """The part of a planted secret that must be nowhere."""
    return f"Qz7{number:02d}plantX9"


TOKENS = (
    *(f"AKIA{'QZPLANTX' * 2}", f"ghp_{core(2)}{'a1' * 13}", f"glpat-{core(3)}{'a1' * 6}", f"sk_live_{core(4)}a1b2c3d4"),
    *(
        f"xoxb-123456-{core(5)}",
        f"AIza{core(6)}{'a1' * 14}",
        f"npm_{core(7)}{'a1' * 13}",
        f"pypi-AgEI{core(8)}{'a1' * 13}",
    ),
    *(
        f"SG.{core(9)}a1b2c3.{core(9)}a1b2c3",
        f"sk-proj-{core(10)}{'a1' * 13}",
        f"eyJhbGciOiJ9.eyJ{core(11)}.{core(11)}",
    ),
    *(
        f"AccountName=a;AccountKey={core(12)}{'a1' * 20}==",
        f"https://hooks.slack.com/services/T0/B0/{core(13)}{'a1' * 9}",
    ),
    *(f"Authorization: Bearer {core(14)}{'a1' * 8}", f"postgres://shop:{core(15)}@db.example/shop"),
    *(f"Server=db;Password={core(16)};", f"AGE-SECRET-KEY-1{'QZPLANTX' * 6}", f"dckr_pat_{core(18)}{'a1' * 8}"),
)
"""What gives itself away under any name."""
PLACES = f"""\
version: 1
name: shop
secrets:
  SIGNER:
    value: required
    description: the one from before was ghp_{core(20)}{"a1" * 13}
infrastructure:
  postgres:
    type: postgres
    password: {core(21)}
    databases:
      shop:
        password: {core(22)}
    environment:
      EXTRA_PASSWORD: {core(23)}
  cache:
    type: redis
    role: with the key sk_live_{core(24)}a1b2c3d4
services:
  bank:
    url: https://user:{core(25)}@bank.example
  web:
    image: nginx:1.27
    role: seen with glpat-{core(26)}{"a1" * 6}
    port: 8000
    command: serve --password {core(27)} --port 8000
    healthcheck:
      command: PGPASSWORD={core(28)} psql
    environment:
      DB: ${{postgres.shop.url}}
      CACHE: ${{cache.url}}
      BANK: ${{bank.url}}
      SIGNER: ${{secrets.SIGNER}}
      API_TOKEN: {core(29)}
      DEFAULT_TOKEN: ${{DEFAULT_TOKEN:-{core(30)}}}
      MIXED: ${{MIXED_PASSWORD:-{core(31)}}} and more
      UNKNOWN_URL: postgres://shop:{core(32)}@${{nowhere.host}}/shop
      RANDOM: {core(33)}aB3dE5fG7hJ9kL1mN2
      KEY_PEM: |
        -----BEGIN PRIVATE KEY-----
        {core(34)}a1b2c3d4e5f6
        -----END PRIVATE KEY-----
    develop:
      environment:
        DEBUG_TOKEN: {core(35)}
    compose:
      labels:
        shop.api-key: {core(36)}
      logging:
        driver: splunk
        options:
          splunk-token: {core(37)}
  api:
    build:
      context: ./api
      args:
        NPM_TOKEN: {core(38)}
environments:
  staging:
    services:
      web:
        environment:
          STAGING_TOKEN: {core(39)}
tests:
  api:
    - request: GET web /
      headers:
        Authorization: Bearer {core(40)}{"a1" * 8}
"""
UNREADABLE = (
    f"      DB_PASSWORD: {core(1)}: x\n",
    f"      DB_PASSWORD {core(1)}\n      A: b\n",
    f'      DB_PASSWORD: "{core(1)}\n',
    f"      DB_PASSWORD: [{core(1)}]\n",
    f"      DB_PASSWORD: &{core(1)} x\n",
    f"      DB_PASSWORD: !{core(1)} x\n",
    f"      DB_PASSWORD: {core(1)}\n      DB_PASSWORD: {core(1)}\n",
    f"      DB_PASSWORD: {core(1)}\u2028\n",
    f"      DB_PASSWORD: {core(1)}\n\tA: b\n",
    f"      DB_PASSWORD: ${{DB_PASSWORD-{core(1)}}}\n",
    f"      DB_PASSWORD: ${{{core(1)}\n",
    f"      DB_PASSWORD:\n        value: {core(1)}\n",
    f"      A: {{DB_PASSWORD: {core(1)}}}\n",
    f"      - DB_PASSWORD={core(1)}\n",
    f"      URL: redis://:{core(1)}@cache: x\n",
    f"    image: https://shop:{core(1)}@registry/web\n",
    f"    port: sk_live_{core(1)}\n    \n",
    f"    password: {core(1)}\n",
)
"""Lines of which another mistake is told, before anybody asks for secrets."""
FORMATS = ("text", "json", "github", "sarif")
READING = (
    *(("lint", "--format", each) for each in FORMATS),
    *(("plan", "--format", each) for each in ("markdown", "json")),
    *(("diff",), ("diff", "--format", "json"), ("graph",), ("compile", "--check"), ("compile",)),
)


def texts(outcome: Outcome) -> str:
    """Everything that a command said."""
    return outcome.out + outcome.err


def left_in(folder: Path) -> str:
    """Everything that stands in a folder, but the manifest and what holds the secrets by right."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in {"integration.yaml", ".env"})
    return "".join(f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in files)


def planted(folder: Path, manifest: str) -> Path:
    """A repository with a manifest and a Dockerfile."""
    (folder / ".git").mkdir()
    write(folder, {"integration.yaml": manifest, "api/Dockerfile": "FROM nginx:1.27\n"})
    return folder


def insist_on_nothing_shown(folder: Path, secrets: list[str]) -> None:
    """Every command is run: it fails, and neither says nor leaves one of the secrets."""
    for words in READING:
        outcome = periplus(folder, *words)
        said = texts(outcome) + left_in(folder)
        assert [secret for secret in secrets if secret in said] == [], words
        assert "Traceback" not in said
        assert outcome.code != 0 or "sarif" in words, words


def test_no_secret_in_its_place_is_shown(tmp_path: Path) -> None:
    folder = planted(tmp_path, PLACES)
    assert all(core(number) in PLACES for number in range(20, 41))
    report = periplus(folder, "lint").err
    assert report.count("[SECRET001]") + report.count("[SECRET009]") == 21
    insist_on_nothing_shown(folder, [core(number) for number in range(20, 41)])


def test_no_secret_that_gives_itself_away_is_shown(tmp_path: Path) -> None:
    lines = "".join(f"      SETTING_{number}: {json.dumps(token)}\n" for number, token in enumerate(TOKENS))
    folder = planted(
        tmp_path, f"version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n    environment:\n{lines}"
    )
    assert periplus(folder, "lint").err.count("[SECRET001]") == len(TOKENS)
    insist_on_nothing_shown(folder, [*TOKENS, *map(core, range(20)), "QZPLANTX"])


@pytest.mark.parametrize("lines", UNREADABLE)
def test_no_secret_is_shown_with_another_mistake(lines: str, tmp_path: Path) -> None:
    head = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n"
    between = "    environment:\n" if lines.startswith("      ") else ""
    folder = planted(tmp_path, f"{head}{between}{lines}")
    said = texts(periplus(folder, "compile")) + texts(periplus(folder, "lint", "--format", "json"))
    assert "SECRET001" not in said or "REF004" in said or "image" in lines
    assert core(1) not in said
    assert "integration.yaml" in said


def test_an_answer_with_a_secret_is_not_shown(tmp_path: Path) -> None:
    folder = planted(tmp_path, "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n    port: 8000\n")
    answers = {"services": {"web": {"environment": {"DB_PASSWORD": core(1)}}}}
    write(folder, {"answers.json": json.dumps(answers)})
    outcome = periplus(folder, "review", "--answers", "answers.json")
    assert outcome.code != 0
    assert core(1) not in texts(outcome)
    assert core(1) not in (folder / "integration.yaml").read_text()


HARMLESS = """\
version: 1
name: shop
secrets:
  API_KEY: required
  SESSION: generated
infrastructure:
  postgres:
    type: postgres
    databases:
      shop:
services:
  web:
    image: nginx:1.27
    port: 8000
    environment:
      DB: ${postgres.shop.url}
      API_KEY: ${secrets.API_KEY}
      SESSION: ${secrets.SESSION}
      LEVEL: ${LEVEL:-info}
"""
GIVEN = (
    "API_KEY",
    "SESSION",
    "POSTGRES_PASSWORD",
    "POSTGRES_SHOP_PASSWORD",
    "LEVEL",
    "WEB_PORT",
    "COMPOSE_PROJECT_NAME",
)


@pytest.mark.slow
def test_what_stands_in_env_and_in_the_environment_is_never_read(tmp_path: Path) -> None:
    folder = planted(tmp_path, HARMLESS)
    held = {name: core(number) for number, name in enumerate(GIVEN)}
    exported = {f"{name}": core(number + 20) for number, name in enumerate(GIVEN)}
    dotenv = "".join(f"{name}={value}\n" for name, value in held.items())
    write(folder, {".env": dotenv, "integration/.env": dotenv})
    said = ""
    for words in (("compile",), ("compile", "--check"), *READING, ("explain", "integration/docker-compose.yml:10")):
        done = subprocess.run(
            command_line(*words), cwd=folder, env=surroundings(**exported), capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 1}, (words, done.stderr)
        said += done.stdout + done.stderr
    said += left_in(folder)
    assert "API_KEY" in said
    assert [value for value in (*held.values(), *exported.values()) if value in said] == []
    assert (folder / "integration" / ".env").read_text() == dotenv


def test_a_hand_edit_with_a_secret_is_told_without_it(tmp_path: Path) -> None:
    folder = planted(tmp_path, HARMLESS)
    assert periplus(folder, "compile").code == 0
    compose = folder / "integration" / "docker-compose.yml"
    compose.write_text(compose.read_text().replace("services:\n", f"services:\n  # SMTP_PASSWORD: {core(1)}\n", 1))
    for words in (("compile",), ("compile", "--check"), ("lint",), ("diff",), ("lint", "--format", "json")):
        assert core(1) not in texts(periplus(folder, *words)), words


def test_a_report_of_a_bug_shows_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = planted(tmp_path, HARMLESS)

    def broken(*_: object, **__: object) -> None:
        message = (
            f"cannot use SMTP_PASSWORD={core(1)} nor https://shop:{core(2)}@example.com nor ghp_{core(3)}{'a1' * 13}"
        )
        raise ValueError(message)

    monkeypatch.setattr("compiler.commands.compile.command", broken)
    outcome = periplus(folder, "compile")
    assert outcome.code == BUG
    assert "SMTP_PASSWORD=***" in outcome.err
    assert [number for number in (1, 2, 3) if core(number) in outcome.err] == []


def test_what_is_veiled_keeps_its_place() -> None:
    for text in (PLACES, *UNREADABLE):
        assert [len(line) for line in veiled(text).split("\n")] == [len(line) for line in text.split("\n")]
