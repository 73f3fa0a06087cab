from __future__ import annotations

import json
from typing import TYPE_CHECKING

from compiler.commands.group import SCHEMAS
from tests.commands.project import periplus
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_each_name_prints_the_schema_that_ships(tmp_path: Path) -> None:
    for name in SCHEMAS:
        outcome = periplus(tmp_path, "schema", name)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out == (ROOT / "schemas" / f"{name}.schema.json").read_text()


def test_every_schema_that_ships_has_a_name() -> None:
    assert {path.name for path in (ROOT / "schemas").iterdir()} == {f"{name}.schema.json" for name in SCHEMAS}


def test_the_manifests_is_the_default(tmp_path: Path) -> None:
    assert json.loads(periplus(tmp_path, "schema").out)["title"]
    assert periplus(tmp_path, "schema") == periplus(tmp_path, "schema", "integration")


def test_another_name_is_wrong_usage(tmp_path: Path) -> None:
    assert periplus(tmp_path, "schema", "none").code == 2
