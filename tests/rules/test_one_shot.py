"""Which services are taken for jobs, and which are left alone."""

from __future__ import annotations

import pytest

from tests.support import codes, compile_text

HEAD = "version: 1\nname: shop\nservices:\n  web:\n    image: shop/web:1.4\n"
JOB = "  {}:\n    image: shop/web:1.4\n"
WAITS = "    depends_on:\n      db-init:\n        condition: {}\n"


@pytest.mark.parametrize("name", ["db-init", "web-migrate", "migrations", "web-migration", "seed", "db-setup"])
def test_a_job_by_its_name(name: str) -> None:
    assert codes(compile_text(HEAD + JOB.format(name))) == ["DEP006"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("command: manage.py migrate", ["DEP006"]),
        ("command: sh -c './wait.sh && alembic upgrade head'", ["DEP006"]),
        ("command: rails db:migrate", ["DEP006"]),
        ("command: serve --migrate-first", []),
        ("command: serve", []),
    ],
)
def test_a_job_by_its_command_is_not_restarted(settings: str, expected: list[str]) -> None:
    text = HEAD + JOB.format("tool") + f"    {settings}\n"
    assert codes(compile_text(text)) == []
    for restart in ('"no"', "on-failure", "on-failure:3"):
        assert codes(compile_text(f"{text}    compose:\n      restart: {restart}\n")) == expected
    assert codes(compile_text(f"{text}    compose:\n      restart: always\n")) == []


@pytest.mark.parametrize(
    "settings",
    [
        "    port: 9000\n",
        "    healthcheck:\n      command: test -f /a\n",
        "    compose:\n      restart: always\n",
        "    compose:\n      restart: unless-stopped\n",
        "    replicas: 2\n",
    ],
)
def test_what_stays_is_no_job(settings: str) -> None:
    assert codes(compile_text(HEAD + JOB.format("db-init") + settings)) == []


@pytest.mark.parametrize("name", ["initial", "seeds", "seeder-ui", "setup-ui", "init-container-ui", "migrator"])
def test_another_name_says_nothing(name: str) -> None:
    assert codes(compile_text(HEAD + JOB.format(name))) == []


def test_it_is_told_where_somebody_waits() -> None:
    assert place(HEAD + WAITS.format("started") + JOB.format("db-init")) == ("DEP006", 7)
    assert place(HEAD + WAITS.format("none") + JOB.format("db-init")) == ("DEP006", 9)


def place(text: str) -> tuple[str, int]:
    """The one finding, and its line."""
    (diagnostic,) = compile_text(text).diagnostics
    span = diagnostic.marks[0].span
    return diagnostic.code, span.line if span else 0
