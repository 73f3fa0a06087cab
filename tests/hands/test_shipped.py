from __future__ import annotations

import pytest

from compiler.hands.shipped import shipped_files


def test_schemas_and_templates_are_found() -> None:
    shipped = shipped_files()
    assert shipped.read("schemas/integration.schema.json")
    assert shipped.read("templates/compose/.gitignore.j2")
    assert shipped.glob("templates/kinds/*/kind.yaml")
    assert "templates/compose/scripts/start.sh.j2" in shipped.glob("templates/compose/**/*.j2")


@pytest.mark.parametrize(
    "path",
    ["none", "schemas", "schemas/integration.schema.json/none", "templates/kinds/../../README.md", "a\0b", "x" * 5000],
)
def test_what_is_no_file_of_ours_is_nothing(path: str) -> None:
    assert shipped_files().read(path) is None
