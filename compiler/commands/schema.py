"""`periplus schema`: the JSON Schemas, for editors and other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.commands.saying import say
from compiler.hands.shipped import shipped_files

if TYPE_CHECKING:
    from compiler.commands.settings import Settings


def command(_settings: Settings, name: str) -> None:
    """Print a schema."""
    content = shipped_files().read(f"schemas/{name}.schema.json") or b""
    say(content.decode(), nl=False)
