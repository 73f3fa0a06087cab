"""What the global options say (DESIGN section 8)."""

from __future__ import annotations

import os
from pathlib import Path

from compiler.text.named import NamedTuple


class Settings(NamedTuple):
    """The global options; paths that a person gives are relative to `directory`."""

    directory: Path
    color: str = "auto"
    quiet: bool = False

    def colour_on(self, stream: object) -> bool:
        """Whether to colour what goes to a stream."""
        from compiler.render.colour import use_colour  # noqa: PLC0415 - start-up: most runs find nothing to colour

        is_tty = bool(getattr(stream, "isatty", lambda: False)())
        return use_colour(self.color, os.environ, is_tty=is_tty)
