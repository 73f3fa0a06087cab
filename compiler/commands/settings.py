"""What the global options say, and what exit codes mean: the same everywhere (DESIGN section 8)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from compiler.render.colour import use_colour

DONE, FOUND, WRONG, REFUSED, ENVIRONMENT, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
"""Done; a check found something; usage or a manifest with an error; refused; the machine; a bug; interrupted."""


class Settings(NamedTuple):
    """The global options; paths that a person gives are relative to `directory`."""

    directory: Path
    colour: str
    quiet: bool

    def colour_on(self, stream: object) -> bool:
        """Whether to colour what goes to a stream."""
        is_tty = bool(getattr(stream, "isatty", lambda: False)())
        return use_colour(self.colour, os.environ, is_tty=is_tty)
