"""What ships with the program: schemas and templates, from the wheel or from a checkout."""

from __future__ import annotations

from pathlib import Path

from compiler.hands.globs import matching
from compiler.text.named import NamedTuple


class ShippedFiles(NamedTuple):
    """Our own files, read without the care that a person's repository needs: nobody put a link or a device there."""

    root: str
    reach: int = 0

    def read(self, path: str) -> bytes | None:
        """The bytes of a file below the root, else None."""
        if ".." in path.split("/"):
            return None
        try:
            with open(f"{self.root}/{path}", "rb", buffering=0) as stream:  # noqa: PTH123 - a Path costs more
                return stream.readall()
        except (OSError, ValueError):
            return None

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match, sorted."""
        return matching(self.root, pattern)


def shipped_files() -> ShippedFiles:
    """`schemas/` and `templates/`, read only. Raises FileNotFoundError for a broken installation."""
    package = Path(__file__).resolve().parent.parent
    for root in (package / "shipped", package.parent):
        if (root / "schemas" / "integration.schema.json").is_file():
            return ShippedFiles(str(root))
    message = "schemas and templates are missing: the installation of periplus is broken"
    raise FileNotFoundError(message)
