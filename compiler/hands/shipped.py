"""What ships with the program: schemas and templates, from the wheel or from a checkout."""

from __future__ import annotations

from pathlib import Path

from compiler.hands.disk import DiskFiles


def shipped_files() -> DiskFiles:
    """`schemas/` and `templates/`, read only. Raises FileNotFoundError for a broken installation."""
    package = Path(__file__).resolve().parent.parent
    for root in (package / "shipped", package.parent):
        if (root / "schemas" / "integration.schema.json").is_file():
            return DiskFiles(root, root)
    message = "schemas and templates are missing: the installation of periplus is broken"
    raise FileNotFoundError(message)
