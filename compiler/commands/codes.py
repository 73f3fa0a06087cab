"""What the exit codes mean: the same everywhere (DESIGN section 8)."""

from __future__ import annotations

DONE, FOUND, WRONG, REFUSED, ENVIRONMENT, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
"""Done; a check found something; usage or a manifest with an error; refused; the machine; a bug; interrupted."""


class MisuseError(Exception):
    """The words of the command line make no sense here: told with how the command is used, and the code WRONG."""
