from __future__ import annotations

from compiler.hands.shipped import shipped_files


def test_schemas_and_templates_are_found() -> None:
    shipped = shipped_files()
    assert shipped.read("schemas/integration.schema.json")
    assert shipped.read("templates/compose/.gitignore.j2")
    assert shipped.glob("templates/kinds/*/kind.yaml")
