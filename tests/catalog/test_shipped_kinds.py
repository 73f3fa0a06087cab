"""What holds for every kind that is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from compiler.catalog.kind_from import kind_from
from compiler.catalog.load import Written, kind_names, load_kind, read_kind
from compiler.catalog.validate import PLACEHOLDER, check_kind
from compiler.model.kind import Kind
from tests.catalog.repository import ROOT, Repository, Texts

NAMES = kind_names(Repository(), Texts())
SCHEMA = (ROOT / "schemas/kind.schema.json").read_bytes()
GIVEN = [frozenset(settings) for settings in ((), ("password",), ("config",), ("password", "config"))]


def written(name: str) -> Written:
    found = read_kind(name, Repository(), Texts())
    assert found is not None
    return found


def variants(name: str) -> list[Kind]:
    versions = ["", "1", "latest"]
    kinds = [load_kind(name, Repository(), Texts(), version, given) for version in versions for given in GIVEN]
    return [kind for kind in kinds if kind is not None]


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_the_schema(name: str) -> None:
    kind = written(name)
    check_kind(kind.value, kind.path, SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_its_folder_is_named(name: str) -> None:
    folder = ROOT / "templates/kinds" / name
    assert {path.name for path in folder.iterdir()} == {"kind.yaml", *written(name).files}


@pytest.mark.parametrize("name", NAMES)
def test_the_default_version_is_exact(name: str) -> None:
    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?", written(name).value["default_version"])


@pytest.mark.parametrize("name", NAMES)
def test_a_password_stands_in_no_command_a_person_or_a_log_sees(name: str) -> None:
    for kind in variants(name):
        jobs = [
            job for family in kind.parts.values() for job in (family.job, family.schema_job, family.seed_job) if job
        ]
        seen = [*kind.health, *kind.client, *(word for job in jobs for word in job.command)]
        assert not [word for word in seen if "password}" in word]
        assert not [text for text in kind.files.values() if PLACEHOLDER.search(text)]


@pytest.mark.parametrize("name", NAMES)
def test_a_password_is_used_exactly_where_the_kind_has_one(name: str) -> None:
    for given in GIVEN:
        kind = load_kind(name, Repository(), Texts(), "", given)
        assert kind is not None
        has = kind.password == "always" or (kind.password == "optional" and "password" in given)
        texts = (*kind.environment.values(), *kind.command)
        assert any("{password}" in text for text in texts) == has
        assert any("{password}" in text for text in kind.outputs.values()) == has


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_asked_and_found(name: str) -> None:
    for kind in variants(name):
        assert bool(kind.health) != kind.image_health
        assert len(kind.health) == 1 or not kind.health_shell
        assert kind.timing.timeout_ms >= 5000
        assert {"host", "port"} <= set(kind.outputs)
        assert kind.ports


@pytest.mark.parametrize("name", NAMES)
def test_a_part_with_a_login_has_an_owner(name: str) -> None:
    for family in variants(name)[0].parts.values():
        assert ("owner" in family.options) == family.secret
        assert family.job is not None
        assert (family.seed_job is None) == (family.schema_job is None)
        for option in family.options.values():
            assert PLACEHOLDER.search(option.default) or re.fullmatch(option.grammar, option.default)


def test_the_documentation_lists_every_kind_with_the_day_it_last_ran() -> None:
    page = (ROOT / "docs/kinds.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| [^|]+ \| ([^|]+) \|", page, re.MULTILINE)
    kinds = [written(name) for name in NAMES]
    expected = [(kind.name, kind.value["default_version"], kind.value["verified_on"] or "never run") for kind in kinds]
    assert [(name, version.strip("` "), day.strip()) for name, version, day in rows] == expected


def test_the_documentation_lists_what_can_be_referred_to() -> None:
    page = (ROOT / "docs/kinds.md").read_text(encoding="utf-8")
    section = page[page.index("## What can be referred to") : page.index("## Adding one")]
    for name in NAMES:
        one = written(name)
        kind = kind_from(one.name, one.value, one.files, one.value["default_version"], frozenset({"password"}))
        row = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
        parts = [output for family in kind.parts.values() for output in family.outputs]
        assert re.findall(r"`([a-z_-]+)`", row) == [name, *kind.outputs, *parts]


def test_the_schema_says_what_every_key_is_for() -> None:
    schema = json.loads(Path(ROOT / "schemas/kind.schema.json").read_text(encoding="utf-8"))
    properties = {**schema["properties"], **schema["definitions"]["family"]["properties"]}
    assert [key for key, rule in properties.items() if not rule.get("description")] == []
