"""The manifest's reference says everything the schema says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from compiler.passes.parse import parse
from compiler.render.reference import manifest_reference

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "integration.schema.json").read_text())
PAGE = manifest_reference(SCHEMA)
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_committed_page_is_this_one() -> None:
    """`docs/manifest.md` is generated: write `manifest_reference(schema)` to it."""
    assert (ROOT / "docs" / "manifest.md").read_text() == PAGE


def test_every_key_of_a_manifest_has_a_section() -> None:
    assert re.findall(r"^## `(.+)`$", PAGE, re.MULTILINE) == list(SCHEMA["properties"])


def test_every_key_of_a_service_has_a_row() -> None:
    rows = re.findall(r"^\| `services\.<name>\.([a-z_]+)` \|", PAGE, re.MULTILINE)
    assert rows == list(SCHEMA["definitions"]["service_keys"]["properties"])


def test_a_row_has_value_default_meaning_and_example() -> None:
    assert (
        "| `services.<name>.healthcheck.interval` | a duration with its unit | `5s` "
        "| The time between two questions. | `10s` |\n" in PAGE
    )


def test_a_required_key_is_bold() -> None:
    assert "| **`infrastructure.<name>.type`** |" in PAGE
    assert "| **`gateway.routes[].path`** |" in PAGE
    assert "The name of the project: Compose's `name`. Required." in PAGE


def test_every_row_has_five_cells() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition(":")[0])
def test_an_example_is_yaml_that_means_what_the_schema_says(block: str) -> None:
    result = parse(block.encode(), "m.yaml")
    assert result.defects == ()
    assert result.value is not None
    ((key, value),) = result.value.items()
    schema = SCHEMA["properties"][key]
    if "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    assert value == schema["examples"][0]
